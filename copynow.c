// copynow.c: to and from user memory, as far as its pages are there.
//
// The kernel never follows a user address. It looks the address up in the page
// table, checks that a user access of that kind would be allowed, and copies
// through the direct map, all with interrupts off: a frame is given up only
// after every CPU that has the directory loaded has answered a shoot-down, and
// this CPU does not answer meanwhile.
//
// There is one rule for all copies: copy as far as the pages are there, under
// whatever locks. When one is missing, let go of everything, have it faulted in
// (user_fault() in usercopy.c), go on. The page that was faulted in will still
// be there: the reclaimer spares what was just touched.

#include "lib.h"
#include "vm.h"
#include "copynow.h"

// CR3 holds the current process's directory. Interrupts are off, as user_kva()
// wants. The kernel's end may lie in the very frame that the user has mapped:
// then the two may overlap.
static inline uint
copy_now(pde_t *pgdir, uint uva, char *kva, uint n, int write)
{
    uint eflags = readeflags(), left = n, m;
    char *user, *to, *from;

    cli();
    while (left > 0 && (user = user_kva(pgdir, uva, write)) != 0) {
        m = MIN(left, PGSIZE - PGOFF(uva));
        to = write ? user : kva;
        from = write ? kva : user;
        if ((uint)(to - from) >= m)
            copy_up(to, from, m);
        else
            memmove(to, from, m);
        left -= m;
        uva += m;
        kva += m;
    }
    if (eflags & FL_IF)
        sti();
    return n - left;
}

uint
copyout_now(uint uva, const void *src, uint n)
{
    return copy_now(P2V(rcr3()), uva, (char *)src, n, 1);
}

uint
copyin_now(void *dst, uint uva, uint n)
{
    return copy_now(P2V(rcr3()), uva, dst, n, 0);
}

uint
copyout_to(struct aspace *as, uint uva, const void *src, uint n)
{
    return copy_now(as->pgdir, uva, (char *)src, n, 1);
}
