// exec.c: from a file to a running program: check, build, commit.
//
// A new address space is built beside the old one, which is dropped only
// when nothing can fail any more. Reading is left to the page fault: a
// segment whose address and file offset agree modulo the page size becomes a
// region backed by the file. Others (programs linked with -N, as xv6's are)
// are copied into private memory at once, which may be more than there is; but
// the reclaimer takes pages of the new space like any others.
//
//     0       (unmapped unless the program is linked there)
//     text    r-x  shared frames of the page cache
//     data    rw-  private; bss behind it appears as zeroes
//     guard   USTACKGAP of nothing, which no large frame steps over
//     stack   USTACKMAX, appears as touched; arguments at its top
//     heap    grows up from here by sbrk
//
// The arguments go from the old space to the new stack, a piece at a time:
//
//     esp -> fake return address, argc, argv | argv[0..argc-1], 0 | strings

#include "errno.h"
#include "elf.h"
#include "stat.h"
#include "lib.h"
#include "cpu.h"
#include "fs.h"
#include "path.h"
#include "region.h"
#include "usercopy.h"
#include "proc.h"
#include "ptable.h"
#include "vm.h"
#include "fpu.h"
#include "exec.h"
#include "memwait.h"

#define OLDARGS  32                 // xv6's limits, for its programs
#define OLDBYTES PGSIZE
#define PIECE    256                // bytes of an argument copied at a time

// Where the arguments come from.
struct args {
    char **kernel;                  // or 0
    uint user;                      // argv in the caller's space
    uint n, nbytes;                 // count; strings with their NULs
};

// What is being made.
struct image {
    struct inode *ip;               // the program's file
    uint filesize;
    struct elfhdr eh;
    struct aspace *as;              // the new space
    uint low, high;                 // the segments lie between
    uint sp;                        // where the program finds its arguments
};

// ---- checking ----

static int
elf_check(const struct elfhdr *eh, uint filesize)
{
    uint nbytes = eh->phnum * sizeof(struct proghdr);

    if (eh->magic != ELF_MAGIC || eh->class != ELFCLASS32 ||
        eh->data != ELFDATA2LSB || eh->version != 1 || eh->type != ET_EXEC ||
        eh->machine != EM_386 || eh->version2 != 1)
        return -ENOEXEC;
    if (eh->phnum == 0 || eh->phentsize != sizeof(struct proghdr) ||
        eh->phoff > filesize || nbytes > filesize - eh->phoff)
        return -ENOEXEC;
    return 0;
}

static int
elf_check_segment(const struct proghdr *ph, uint filesize)
{
    // What comes above a segment at least: guard, stack, and a page of heap.
    const uint limit = KERNBASE - USTACKGAP - USTACKMAX - PGSIZE;

    if (ph->filesz > ph->memsz || ph->vaddr > limit ||
        ph->memsz > limit - ph->vaddr)
        return -ENOEXEC;
    if (ph->off > filesize || ph->filesz > filesize - ph->off)
        return -ENOEXEC;
    return 0;
}

// Is the file a program?
static int
check_file(struct image *im)
{
    struct stat st;
    int err;

    if ((err = ilock(im->ip)) < 0)
        return err;
    stati(im->ip, &st);
    iunlock(im->ip);
    if (st.type != T_FILE)
        return -EACCES;
    im->filesize = st.size;
    if ((err = readi_exact(im->ip, &im->eh, 0, sizeof im->eh)) < 0)
        return err;
    return elf_check(&im->eh, st.size);
}

// ---- building: segments ----

static int
add_region(struct aspace *as, const struct region *r)
{
    int err = as_map(as, r, 0);

    return err == -EEXIST ? -ENOEXEC : err;     // segments overlap
}

// A segment that pages of the file can be mapped for.
static int
map_segment(struct aspace *as, struct inode *ip, const struct proghdr *ph,
            struct region *r)
{
    r->kind = ph->flags & PF_W ? R_DATA : R_TEXT;
    r->ip = ip;
    r->off = PGROUNDDOWN(ph->off);
    r->fileend = ph->vaddr + ph->filesz;
    if (ph->filesz == ph->memsz && !(ph->flags & PF_W))
        r->fileend = r->end;        // the last page is shared too
    return add_region(as, r);
}

static int
add_segment(struct aspace *as, struct inode *ip, const struct proghdr *ph)
{
    struct region r = { .start = PGROUNDDOWN(ph->vaddr),
                        .end = PGROUNDUP(ph->vaddr + ph->memsz),
                        .prot = PROT_READ, .maywrite = 1, .kind = R_DATA };
    int err;

    if (ph->flags & PF_W)
        r.prot |= PROT_WRITE;
    if (ph->flags & PF_X)
        r.prot |= PROT_EXEC;
    if (ph->filesz > 0 && PGOFF(ph->vaddr) == PGOFF(ph->off))
        return map_segment(as, ip, ph, &r);
    if (ph->filesz > 0)
        r.prot |= PROT_WRITE;       // loaduvm() writes it
    if ((err = add_region(as, &r)) < 0)
        return err;
    return loaduvm(as, ph->vaddr, ip, ph->off, ph->filesz);
}

static int
add_segments(struct image *im)
{
    struct elfhdr *eh = &im->eh;
    struct proghdr ph;
    uint i;
    int err;

    im->low = ~0u;
    im->high = 0;
    for (i = 0; i < eh->phnum; i++) {
        err = readi_exact(im->ip, &ph, eh->phoff + i * sizeof ph, sizeof ph);
        if (err < 0)
            return err;
        if (ph.type != PT_LOAD || ph.memsz == 0)
            continue;
        if ((err = elf_check_segment(&ph, im->filesize)) < 0 ||
            (err = add_segment(im->as, im->ip, &ph)) < 0)
            return err;
        im->low = MIN(im->low, PGROUNDDOWN(ph.vaddr));
        im->high = MAX(im->high, PGROUNDUP(ph.vaddr + ph.memsz));
    }
    return region_find(im->as->regions, eh->entry) ? 0 : -ENOEXEC;
}

// Guard, stack, and the place of the heap, above the program.
static int
add_stack(struct image *im)
{
    struct region r = { .start = im->high + USTACKGAP,
                        .end = im->high + USTACKGAP + USTACKMAX,
                        .prot = PROT_READ | PROT_WRITE, .maywrite = 1,
                        .kind = R_STACK };

    im->as->heap = im->as->sz = r.end;
    return add_region(im->as, &r);
}

// ---- building: arguments ----

static int
arg_pointer(const struct args *a, uint i, uint *ptr)
{
    if (a->kernel) {
        *ptr = (uint)a->kernel[i];
        return 0;
    }
    return copyin(ptr, a->user + 4 * i, 4);
}

static int
arg_length(const struct args *a, uint ptr, uint max)
{
    int n = a->kernel ? (int)strlen((char *)ptr) : user_strlen(ptr, max);

    return n == -ENAMETOOLONG ? -E2BIG : n;
}

// Count the arguments and their bytes.
static int
measure_args(struct args *a, uint maxargs, uint maxbytes)
{
    uint ptr;
    int n, err;

    a->n = a->nbytes = 0;
    for (;;) {
        if ((err = arg_pointer(a, a->n, &ptr)) < 0)
            return err;
        if (ptr == 0)
            return 0;
        if ((n = arg_length(a, ptr, maxbytes - a->nbytes)) < 0)
            return n;
        a->nbytes += n + 1;
        a->n++;
        if (a->n >= maxargs || a->nbytes + 4 * a->n > maxbytes)
            return -E2BIG;
    }
}

// Copy an argument's n bytes to the new stack, with a NUL behind.
static int
put_string(struct aspace *as, uint va, const struct args *a, uint from, uint n)
{
    char piece[PIECE];
    uint done, take;
    int err = 0;

    for (done = 0; done < n && err == 0; done += take) {
        take = MIN(n - done, PIECE);
        if (a->kernel)
            memcpy(piece, (char *)from + done, take);
        else
            err = copyin(piece, from + done, take);
        if (err == 0)
            err = as_write(as, va + done, piece, take);
    }
    return err < 0 ? err : as_write(as, va + n, "", 1);
}

// The strings at the top of the stack and argv below them. *sp: where argv
// is. The caller's memory may change under us (shared mappings): what has
// grown since it was measured is refused, and every string ends with NUL.
static int
put_args(struct aspace *as, struct args *a, uint *sp)
{
    uint str = as->sz - a->nbytes, argv, ptr, i;
    int n, err = 0;

    argv = (str - 4 * (a->n + 1)) & ~15u;
    *sp = argv;
    for (i = 0; i < a->n && err == 0; i++) {
        if ((err = arg_pointer(a, i, &ptr)) < 0)
            return err;
        if ((n = arg_length(a, ptr, as->sz - str)) < 0)
            return n;
        if ((err = put_string(as, str, a, ptr, n)) == 0)
            err = as_write(as, argv + 4 * i, &str, 4);
        str += n + 1;
    }
    ptr = 0;
    return err < 0 ? err : as_write(as, argv + 4 * a->n, &ptr, 4);
}

// What the program's first function finds on its stack.
static int
put_start(struct image *im, struct args *a)
{
    uint argv, frame[3];
    int err = put_args(im->as, a, &argv);

    if (err < 0)
        return err;
    frame[0] = 0xffffffff;          // where main would return to
    frame[1] = a->n;
    frame[2] = argv;
    im->sp = argv - sizeof frame;
    return as_write(im->as, im->sp, frame, sizeof frame);
}

// ---- building: the new space ----

// p->newas: its pages count as p's when a victim is chosen. Who looks at it
// holds the lock.
static void
set_newas(struct proc *p, struct aspace *as)
{
    acquire(&ptable.lock);
    p->newas = as;
    release(&ptable.lock);
}

static int
fill_space(struct image *im, struct args *a)
{
    int err;

    if ((err = add_segments(im)) < 0 || (err = add_stack(im)) < 0 ||
        (err = put_start(im, a)) < 0)
        return err;
    return vm_knob[VM_DEMANDLOAD] ? 0 : allocuvm(im->as, im->low, im->high);
}

static int
build(struct image *im, struct args *a)
{
    struct proc *p = myproc();
    int err;

    if ((im->as = as_new()) == 0)
        return -ERESTART;
    set_newas(p, im->as);
    if ((err = fill_space(im, a)) < 0) {
        set_newas(p, 0);
        as_put(im->as);
    }
    return err;
}

// ---- committing ----

static void
set_name(struct proc *p, const char *path)
{
    const char *s, *base = path;

    for (s = path; *s; s++)
        if (*s == '/' && s[1] && s[1] != '/')
            base = s + 1;
    strlcpy(p->name, base, sizeof p->name);
}

// The old program's registers and FPU state are gone.
static void
set_registers(struct proc *p, uint eip, uint esp)
{
    struct trapframe *tf = user_frame(p);

    memset(tf, 0, sizeof *tf);
    tf->cs = SEL(SEG_UCODE, DPL_USER);
    tf->ds = tf->es = tf->ss = SEL(SEG_UDATA, DPL_USER);
    tf->eflags = FL_IF;
    tf->eip = eip;
    tf->esp = esp;
    fpu_reset();
}

// Nothing can fail any more.
static void
commit(struct proc *p, struct image *im, const char *path)
{
    struct aspace *old = p->as;

    acquire(&ptable.lock);          // who looks at p->as holds this
    p->as = im->as;
    p->newas = 0;
    set_name(p, path);
    release(&ptable.lock);
    pushcli();
    switchuvm(im->as);
    popcli();
    if (old)
        as_put(old);
    set_registers(p, im->eh.entry, im->sp);
    p->oldabi = im->low == 0;
}

static int
exec_args(const char *path, struct args *a)
{
    struct proc *p = myproc();
    struct image im;
    int err;

    err = measure_args(a, p->oldabi ? OLDARGS : ARGMAX / 4,
                       p->oldabi ? OLDBYTES : ARGMAX);
    if (err < 0 || (err = path_find(p->cwd, path, &im.ip)) < 0)
        return err;
    if ((err = ideny(im.ip, DENY_WRITE)) == 0) {      // while we read
        if ((err = check_file(&im)) == 0)
            err = build(&im, a);
        iallow(im.ip, DENY_WRITE);
    }
    iput(im.ip);
    if (err == 0)
        commit(p, &im, path);
    return err;
}

int
exec(const char *path, uint argv)
{
    struct args a = { .user = argv };

    return exec_args(path, &a);
}

int
exec_kernel(const char *path, char **argv)
{
    struct args a = { .kernel = argv };
    int err;

    while ((err = exec_args(path, &a)) == -ERESTART && (err = mem_wait()) == 0)
        ;
    return err;
}
