// lib_getkey.c: one key at a time, for programs that have the whole screen.

#include "keys.h"

#define SEQWAIT 10                  // ticks; the bytes of one key come together
#define LONGEST 16                  // bytes of a key

int
getkey(int fd, int ticks)
{
    static char s[LONGEST];
    static uint n;                  // bytes that the key before left over
    uint used;
    int key = n ? key_decode(s, n, 0, &used) : KEY_MORE, came;

    while (key == KEY_MORE) {
        came = consctl(CONS_WAIT, n ? SEQWAIT : ticks);
        if (n == 0 && came == 0)
            return NOKEY;
        if (came < 0 || (came && read(fd, s + n, 1) != 1))
            return ENDKEY;
        n += came;
        key = key_decode(s, n, came == 0 || n == LONGEST, &used);
    }
    if (key == KEY_TEXT && used == 1)
        key = (uchar)s[0];
    n -= used;
    memmove(s, s + used, n);
    return key;
}
