// usercopy.c: the only door to user memory.
//
// copynow.c copies as far as the user's pages are there. Here what is missing is
// asked for, by pagefault(), exactly as if the program had touched it itself;
// then the copy goes on. So no lock may be held, and a bad address becomes
// -EFAULT: nobody dies.

#include "errno.h"
#include "lib.h"
#include "cpu.h"
#include "proc.h"
#include "vm.h"
#include "usercopy.h"

int
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
user_ready(uint uva, uint *n, int write)
{
    uint all = MIN(*n, WHOLE), done;
    int err = 0;

    for (done = 0; done < all && err == 0; done += PGSIZE - PGOFF(uva + done))
        if ((err = user_fault(uva + done, write)) == -EFAULT && done > 0) {
            *n = done;
            return 0;
        }
    return err;
}

int
copyin(void *dst, uint uva, uint n)
{
    struct aspace *as = myproc()->as;
    uint done = copyin_now(as, dst, uva, n);
    int err = 0;

    while (done < n && (err = user_fault(uva + done, 0)) == 0)
        done += copyin_now(as, (char *)dst + done, uva + done, n - done);
    return err;
}

int
copyout(uint uva, const void *src, uint n)
{
    struct aspace *as = myproc()->as;
    uint done = copyout_now(as, uva, src, n);
    int err = 0;

    while (done < n && (err = user_fault(uva + done, 1)) == 0)
        done += copyout_now(as, uva + done, (const char *)src + done,
                            n - done);
    return err;
}

// Bytes before a NUL within n bytes of user memory in one page; n if there
// is none. dst, if any, gets what was seen. Another process may change the
// bytes meanwhile, so each is read once: the NUL that ends the count is the
// one in dst.
static int
scan_page(uint va, char *dst, uint n)
{
    struct aspace *as = myproc()->as;
    const volatile char *u;
    char c;
    uint i;
    int err;

    for (;;) {
        i = 0;
        cli();
        u = user_kva(as->pgdir, va, 0);
        if (u)
            for (; i < n; i++) {
                c = u[i];
                if (dst)
                    dst[i] = c;
                if (c == 0)
                    break;
            }
        sti();
        if (u)
            return i;
        if ((err = user_fault(va, 0)) < 0)
            return err;
    }
}

static int
scan(char *dst, uint uva, uint max)
{
    uint done = 0, take;
    int got;

    while (done < max) {
        take = MIN(max - done, PGSIZE - PGOFF(uva + done));
        if ((got = scan_page(uva + done, dst ? dst + done : 0, take)) < 0)
            return got;
        done += got;
        if ((uint)got < take)
            return done;
    }
    return -ENAMETOOLONG;
}

int
copyinstr(char *dst, uint uva, uint max)
{
    return scan(dst, uva, max);
}

int
user_strlen(uint uva, uint max)
{
    return scan(0, uva, max);
}
