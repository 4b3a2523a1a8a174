// usercopy.c: user memory, for callers that may wait: what is missing is
// faulted in.
//
// copynow.c copies as far as the user's pages are there. Here what is missing
// is asked for, by pagefault(), exactly as if the program had touched it
// itself; then the copy goes on. So no lock may be held, and a bad address
// becomes -EFAULT: nobody dies.

#include "errno.h"
#include "lib.h"
#include "cpu.h"
#include "proc.h"
#include "vm.h"
#include "usercopy.h"

#define PIECE 32                    // bytes of a string: divides PGSIZE

// Have the page of a byte faulted in, if it is not there. 0, -EFAULT, -ENOMEM.
static int
user_fault(uint uva, int write)
{
    struct aspace *as = myproc()->as;
    void *there;
    int err;

    cli();
    there = user_kva(as->pgdir, uva, write);
    sti();
    if (there)
        return 0;
    err = pagefault(as, uva, write ? FEC_W : 0);
    return err < 0 && err != -ENOMEM ? -EFAULT : err;
}

int
user_ready(uint uva, uint n, int write)
{
    uint all = MIN(n, WHOLE), done;
    int err;

    for (done = 0; done < all; done += PGSIZE - PGOFF(uva + done))
        if ((err = user_fault(uva + done, write)) < 0)
            return err == -EFAULT && done > 0 ? (int)done : err;
    return n;
}

int
copyin(void *dst, uint uva, uint n)
{
    uint done = copyin_now(dst, uva, n);
    int err = 0;

    while (done < n && (err = user_fault(uva + done, 0)) == 0)
        done += copyin_now((char *)dst + done, uva + done, n - done);
    return err;
}

int
copyout(uint uva, const void *src, uint n)
{
    uint done = copyout_now(uva, src, n);
    int err = 0;

    while (done < n && (err = user_fault(uva + done, 1)) == 0)
        done += copyout_now(uva + done, (const char *)src + done,
                            n - done);
    return err;
}

// A string is looked at in pieces, none of which crosses a page: what follows
// its NUL may be none of the user's. dst, if any, gets the bytes that were
// looked at: another process may change them meanwhile, so each is read once.
int
copyinstr(char *dst, uint uva, uint max)
{
    char piece[PIECE];
    uint i, at;
    int err;

    for (i = 0; i < max; i++) {
        at = (uva + i) % PIECE;
        if ((at == 0 || i == 0) &&
            (err = copyin(piece + at, uva + i, PIECE - at)) < 0)
            return err;
        if (dst)
            dst[i] = piece[at];
        if (piece[at] == 0)
            return i;
    }
    return -ENAMETOOLONG;
}
