// usercopy.c: the only door to user memory.
//
// The kernel never follows a user address. It looks the address up in the
// process's page table, checks that a user access of that kind would be
// allowed, and copies through the direct map, all with interrupts off: a
// frame is given up only after every CPU that has the directory loaded has
// answered a shoot-down, and this CPU does not answer meanwhile. Only when
// the look-up fails is pagefault() asked to make the page right, and then
// the look-up is made again.
//
// There is one rule for all copies: copy as far as the pages are there, under
// whatever locks (copyin_now, copyout_now). When one is missing, let go of
// everything, have it faulted in (user_fault), go on. The page that was faulted
// in will still be there: the reclaimer spares what was just touched.

#include "errno.h"
#include "lib.h"
#include "kalloc.h"
#include "cpu.h"
#include "cache.h"
#include "file.h"
#include "vm.h"
#include "usercopy.h"
#include "proc.h"

// Interrupts are off, as user_kva() wants. The kernel's end may be a block of
// the file that is mapped at the user's: then they may overlap.
static inline uint
copy_now(struct aspace *as, uint uva, char *kva, uint n, int write)
{
    uint done, m;
    char *user;

    pushcli();
    for (done = 0; done < n; done += m) {
        m = MIN(n - done, PGSIZE - PGOFF(uva + done));
        user = user_kva(as->pgdir, uva + done, write);
        if (user == 0)
            break;
        if (write)
            memmove(user, kva + done, m);
        else
            memmove(kva + done, user, m);
    }
    popcli();
    return done;
}

uint
copyout_now(struct aspace *as, uint uva, const void *src, uint n)
{
    return copy_now(as, uva, (char *)src, n, 1);
}

uint
copyin_now(struct aspace *as, void *dst, uint uva, uint n)
{
    return copy_now(as, uva, dst, n, 0);
}

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

static int
copy(uint uva, char *kva, uint n, int write)
{
    struct aspace *as = myproc()->as;
    uint done = 0;
    int err = 0;

    while (err == 0) {
        done += copy_now(as, uva + done, kva + done, n - done, write);
        if (done == n)
            break;
        err = user_fault(uva + done, write);
    }
    return err;
}

int
copyin(void *dst, uint uva, uint n)
{
    return copy(uva, dst, n, 0);
}

int
copyout(uint uva, const void *src, uint n)
{
    return copy(uva, (char *)src, n, 1);
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
