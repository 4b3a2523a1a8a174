// nulldev.c: the two devices without hardware. Interface: file.h.
//
// null (major 2) is always at its end; zero (major 3) gives zeroes without
// end. Both swallow what is written. Neither ever waits.

#include "lib.h"
#include "errno.h"
#include "file.h"
#include "copynow.h"
#include "proc.h"

int
null_read(uint uva, uint n)
{
    (void)uva;
    (void)n;
    return 0;
}

// Swallows a page's bytes in a step, once it has seen that they are there.
int
null_write(uint uva, uint n)
{
    uchar first;

    if (copyin_now(&first, uva, 1) == 0)
        return -EAGAIN;
    return MIN(n, PGSIZE - PGOFF(uva));
}

int
zero_read(uint uva, uint n)
{
    static const uchar zeroes[PGSIZE];
    uint done = copyout_now(uva, zeroes, MIN(n, PGSIZE));

    return done ? (int)done : -EAGAIN;
}
