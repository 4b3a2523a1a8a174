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
// A copy that must outlast a sleep pins the frame instead: a reference of
// its own (F1), so whatever happens to the mapping the frame stays.

#include <types.h>
#include <param.h>
#include <errno.h>
#include <mmu.h>
#include <memlayout.h>
#include <x86.h>
#include <info.h>
#include <syscall.h>
#include <lib.h>
#include <print.h>
#include <spinlock.h>
#include <kalloc.h>
#include <cpu.h>
#include <sleeplock.h>
#include <cache.h>
#include <stat.h>
#include <file.h>
#include <usercopy.h>
#include <proc.h>
#include <vm.h>

// The kernel address of a user byte, if the page is there with the right
// wanted, else 0. Interrupts off. A write marks the PTE as the CPU would.
static inline void *
look_up(struct aspace *as, uint va, uint write)
{
    uint need = PTE_P | PTE_U | (write ? PTE_W : 0);
    uint mark = write ? PTE_A | PTE_D : PTE_A;
    pde_t pde;
    pte_t *pte, old;

    if (va >= KERNBASE)
        return 0;
    pde = as->pgdir[PDX(va)];
    if ((pde & PTE_P) == 0)
        return 0;
    pte = (pte_t *)P2V(PTE_ADDR(pde)) + PTX(va);
    old = *pte;
    if ((old & need) != need)
        return 0;
    // The reclaimer may take the page away at this moment, on another CPU.
    if ((old & mark) != mark && cmpxchg(pte, old, old | mark) != old)
        return 0;
    return (char *)P2V(PTE_ADDR(old)) + PGOFF(va);
}

// Copy within one page, either way.
static int
copy_page(uint va, void *k, uint n, int write)
{
    struct aspace *as = myproc()->as;
    char *u;
    int err;

    for (;;) {
        pushcli();
        if ((u = look_up(as, va, write)) != 0) {
            if (write)
                memcpy(u, k, n);
            else
                memcpy(k, u, n);
        }
        popcli();
        if (u)
            return 0;
        if ((err = pagefault(as, va, write ? FEC_W : 0)) < 0)
            return err == -ENOMEM ? err : -EFAULT;
    }
}

static int
copy(uint va, void *k, uint n, int write)
{
    uint take;
    int err;

    if (n > KERNBASE || va > KERNBASE - n)
        return -EFAULT;
    for (; n > 0; va += take, k = (char *)k + take, n -= take) {
        take = MIN(n, PGSIZE - PGOFF(va));
        if ((err = copy_page(va, k, take, write)) < 0)
            return err;
    }
    return 0;
}

void *
remember_args(uint uva)
{
    struct aspace *as = myproc()->as;
    char *page;

    as->argva = PGROUNDDOWN(uva);   // first: if the reclaimer takes the page
    fence();                        // after we look, its shoot-down comes
    page = look_up(as, PGROUNDDOWN(uva), 0);    // later, too, and resets this
    as->argkva = (uint)page;
    if (page == 0)
        as->argva = NOARGVA;
    return page ? page + PGOFF(uva) : 0;
}

int
copyin(void *dst, uint uva, uint n)
{
    return copy(uva, dst, n, 0);
}

int
copyout(uint uva, const void *src, uint n)
{
    return copy(uva, (void *)src, n, FEC_W);
}

// Bytes before a NUL within n bytes of user memory in one page; n if there
// is none. dst, if any, gets what was seen.
static int
scan_page(uint va, char *dst, uint n)
{
    struct aspace *as = myproc()->as;
    const char *u;
    uint i;
    int err;

    for (;;) {
        i = 0;
        pushcli();
        if ((u = look_up(as, va, 0)) != 0)
            for (; i < n; i++) {
                if (dst)
                    dst[i] = u[i];
                if (u[i] == 0)
                    break;
            }
        popcli();
        if (u)
            return i;
        if ((err = pagefault(as, va, 0)) < 0)
            return err == -ENOMEM ? err : -EFAULT;
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
    uchar *kva;

    cli();
    if ((kva = look_up(p->as, va, write)) != 0) {
        p->pins[p->npins] = page_of(kva);
        page_get(p->pins[p->npins++]);
    }
    sti();
    return kva;
}

static int
pin_page(struct proc *p, uint va, int write, struct span *s)
{
    int err;

    while ((s->p = pin_now(p, va, write)) == 0)
        if ((err = pagefault(p->as, va, write ? FEC_W : 0)) < 0)
            return err == -ENOMEM ? err : -EFAULT;
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
