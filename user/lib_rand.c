// lib_rand.c: chance. Marsaglia's xorshift, "Xorshift RNGs", J. Stat.
// Software 8(14), 2003.

#include "user.h"

#define FIRSTSEED 2463534242u       // 0 would stay 0

static uint seed = FIRSTSEED;

int
rand_r(unsigned int *state)
{
    uint s = *state ? *state : FIRSTSEED;

    s ^= s << 13;
    s ^= s >> 17;
    s ^= s << 5;
    *state = s;
    return s >> 1;
}

void
srand(unsigned int s)
{
    seed = s;
}

int
rand(void)
{
    return rand_r(&seed);
}

void
srandom(unsigned int s)
{
    srand(s);
}

long
random(void)
{
    return rand();
}
