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
// That is also how pipes and reads of files copy, in the midst of their work
// with their locks held: as far as the pages are there (copyout_now), then
// out of all locks, a fault, and on. What must outlast a sleep pins the frame
// instead: a reference of its own (F1), so whatever happens to the mapping
// the frame stays.

#include "errno.h"
#include "lib.h"
#include "kalloc.h"
#include "cpu.h"
#include "cache.h"
#include "file.h"
#include "vm.h"
#include "usercopy.h"
#include "proc.h"

// Within one page, at once: 1 if it could be done. memmove: the kernel's end
// may be a block of the file that is mapped there.
static int
copy_page(struct aspace *as, uint uva, char *kva, uint n, int write)
{
    char *user;

    pushcli();
    user = user_kva(as->pgdir, uva, write);
    if (user && write)
        memmove(user, kva, n);
    else if (user)
        memmove(kva, user, n);
    popcli();
    return user != 0;
}

static uint
copy_now(struct aspace *as, uint uva, char *kva, uint n, int write)
{
    uint done, m;

    for (done = 0; done < n; done += m) {
        m = MIN(n - done, PGSIZE - PGOFF(uva + done));
        if (!copy_page(as, uva + done, kva + done, m, write))
            break;
    }
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
    uint first = PGSIZE - PGOFF(uva);
    int err = user_fault(uva, write);

    if (err < 0 || *n <= first)
        return err;
    err = user_fault(uva + first, write);
    if (err == -EFAULT) {
        *n = first;
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

// Pin the page of va if it is right as it stands. Callers hold no lock, so
// interrupts are on and a plain cli and sti do.
static inline uchar *
pin_now(struct proc *p, uint va, uint write)
{
    uchar *u;

    cli();
    if ((u = user_kva(p->as->pgdir, va, write)) != 0) {
        p->pins[p->npins] = page_of(u);
        page_get(p->pins[p->npins++]);
    }
    sti();
    return u;
}

static int
pin_page(struct proc *p, uint va, int write, struct span *s)
{
    int err;

    while ((s->p = pin_now(p, va, write)) == 0)
        if ((err = user_fault(va, write)) < 0)
            return err;
    return 0;
}

int
pin_user(uint uva, uint n, int write, struct span *s)
{
    struct proc *p = myproc();
    int i, err;

    if (n > KERNBASE || uva > KERNBASE - n)
        n = uva < KERNBASE ? KERNBASE - uva : 0;
    if (n == 0)
        return -EFAULT;
    for (i = 0; i < PINMAX && n > 0; i++) {
        if ((err = pin_page(p, uva, write, &s[i])) < 0)
            return i > 0 ? i : err;
        s[i].n = MIN(n, PGSIZE - PGOFF(uva));
        uva += s[i].n;
        n -= s[i].n;
    }
    return i;
}

void
unpin_user(int wrote)
{
    struct proc *p = myproc();
    struct page *pg;

    while (p->npins > 0) {
        pg = p->pins[--p->npins];
        if (wrote && pg->dev)
            bdirty(pg);             // a mapped file or a page being swapped
        page_put(pg);
    }
}
