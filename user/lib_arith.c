// lib_arith.c: integers: magnitudes, and quotients with their remainders.
//
// i386 divides 64 bits by 32; for whole 64-bit operands the compiler calls
// the functions at the end, which are its own runtime's elsewhere.

#include "user.h"

uint64 __udivmoddi4(uint64 n, uint64 d, uint64 *rem);
uint64 __udivdi3(uint64 n, uint64 d);
uint64 __umoddi3(uint64 n, uint64 d);
long long __divdi3(long long n, long long d);
long long __moddi3(long long n, long long d);
long long __divmoddi4(long long n, long long d, long long *rem);

int
abs(int n)
{
    return n < 0 ? -n : n;
}

long
labs(long n)
{
    return n < 0 ? -n : n;
}

long long
llabs(long long n)
{
    return n < 0 ? -n : n;
}

intmax_t
imaxabs(intmax_t n)
{
    return llabs(n);
}

div_t
div(int n, int by)
{
    return (div_t){ n / by, n % by };
}

ldiv_t
ldiv(long n, long by)
{
    return (ldiv_t){ n / by, n % by };
}

lldiv_t
lldiv(long long n, long long by)
{
    return (lldiv_t){ n / by, n % by };
}

imaxdiv_t
imaxdiv(intmax_t n, intmax_t by)
{
    return (imaxdiv_t){ n / by, n % by };
}

// high:low / d; high < d, so that the quotient fits.
static uint
divstep(uint high, uint low, uint d, uint *rem)
{
    uint q;

    asm("divl %4" : "=a"(q), "=d"(*rem) : "0"(low), "1"(high), "r"(d) : "cc");
    return q;
}

// d is 2^32 or more, so the quotient is below that. Dividing half of n by
// d's top 32 bits gives a quotient that is right or too large by one.
static uint64
divlarge(uint64 n, uint64 d, uint64 *rem)
{
    uint shift = __builtin_clz((uint)(d >> 32)), ignored, q;
    uint top = d << shift >> 32;

    q = divstep(n >> 33, n >> 1, top, &ignored) >> (31 - shift);
    if (q > 0)
        q--;
    *rem = n - q * d;
    if (*rem >= d) {
        *rem -= d;
        q++;
    }
    return q;
}

uint64
__udivmoddi4(uint64 n, uint64 d, uint64 *rem)
{
    uint high = n >> 32, r, q1, q0;
    uint64 ignored;

    if (rem == 0)
        rem = &ignored;
    if (d >> 32)
        return divlarge(n, d, rem);
    q1 = divstep(0, high, d, &r);   // traps for d == 0, as it should
    q0 = divstep(r, n, d, &r);
    *rem = r;
    return (uint64)q1 << 32 | q0;
}

uint64
__udivdi3(uint64 n, uint64 d)
{
    return __udivmoddi4(n, d, 0);
}

uint64
__umoddi3(uint64 n, uint64 d)
{
    uint64 rem;

    __udivmoddi4(n, d, &rem);
    return rem;
}

static uint64
magnitude(long long n)
{
    return n < 0 ? -(uint64)n : (uint64)n;
}

long long
__divmoddi4(long long n, long long d, long long *rem)
{
    uint64 r, q = __udivmoddi4(magnitude(n), magnitude(d), &r);

    *rem = n < 0 ? -r : r;
    return (n < 0) != (d < 0) ? -q : q;
}

long long
__divdi3(long long n, long long d)
{
    long long rem;

    return __divmoddi4(n, d, &rem);
}

long long
__moddi3(long long n, long long d)
{
    long long rem;

    __divmoddi4(n, d, &rem);
    return rem;
}
