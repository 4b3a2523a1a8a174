// exec.c: from a file to a running program: check, build, commit.
//
// A new address space is built beside the old one, which is dropped only
// when nothing can fail any more. Reading is left to the page fault: a
// segment whose address and file offset agree modulo the page size becomes a
// region backed by the file. Others (programs linked with -N, as xv6's are)
// are copied into private memory at once, which may be more than there is:
// the new space is listed from the start, so the reclaimer takes pages of it
// like any others, and a frame is held while something is copied into it.
//
//     0       (unmapped unless the program is linked there)
//     text    r-x  shared frames of the page cache
//     data    rw-  private; bss behind it appears as zeroes
//     guard   USTACKGAP of nothing, which no large frame steps over
//     stack   USTACKMAX, appears as touched; arguments at its top
//     heap    grows up from here by sbrk
//
// Arguments go from the old stack or heap straight into frames of the new
// stack, without a buffer between:
//
//     esp -> fake return address, argc, argv | argv[0..argc-1], 0 | strings

#include "errno.h"
#include "elf.h"
#include "stat.h"
#include "lib.h"
#include "kalloc.h"
#include "cpu.h"
#include "fs.h"
#include "path.h"
#include "region.h"
#include "usercopy.h"
#include "proc.h"
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

// ---- building ----

static int
read_exact(struct inode *ip, void *to, uint off, uint n)
{
    int got = readi_at(ip, to, &off, n);

    return got < 0 ? got : (uint)got == n ? 0 : -ENOEXEC;
}

// A segment the file can be mapped for.
static int
add_region(struct aspace *as, const struct region *r)
{
    int err;

    as_lock(as);
    err = as_map(as, r, 0);
    as_unlock(as);
    return err;
}

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
        r.prot |= PROT_WRITE;       // to be written by loaduvm
    if ((err = add_region(as, &r)) < 0)
        return err;
    return loaduvm(as, ph->vaddr, ip, ph->off, ph->filesz);
}

// All segments. *low, *high: the addresses they span.
static int
add_segments(struct aspace *as, struct inode *ip, const struct elfhdr *eh,
             uint filesize, uint *low, uint *high)
{
    struct proghdr ph;
    uint i;
    int err;

    *low = ~0u;
    *high = 0;
    for (i = 0; i < eh->phnum; i++) {
        err = read_exact(ip, &ph, eh->phoff + i * sizeof ph, sizeof ph);
        if (err < 0)
            return err;
        if (ph.type != PT_LOAD || ph.memsz == 0)
            continue;
        if ((err = elf_check_segment(&ph, filesize)) < 0)
            return err;
        if ((err = add_segment(as, ip, &ph)) < 0)
            return err == -EEXIST ? -ENOEXEC : err;
        *low = MIN(*low, PGROUNDDOWN(ph.vaddr));
        *high = MAX(*high, PGROUNDUP(ph.vaddr + ph.memsz));
    }
    return region_find(as->regions, eh->entry) ? 0 : -ENOEXEC;
}

// Guard, stack, and the place of the heap, above the program.
static int
add_stack(struct aspace *as, uint high)
{
    struct region r = { .start = high + USTACKGAP,
                        .end = high + USTACKGAP + USTACKMAX,
                        .prot = PROT_READ | PROT_WRITE, .maywrite = 1,
                        .kind = R_STACK };

    as->heap = as->sz = r.end;
    return add_region(as, &r);
}

// ---- arguments ----

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
    uint n;

    if (!a->kernel)
        return user_strlen(ptr, max);
    n = strlen((char *)ptr);
    return n < max ? (int)n : -E2BIG;
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
        n = arg_length(a, ptr, maxbytes - a->nbytes);
        if (n < 0)
            return n == -ENAMETOOLONG ? -E2BIG : n;
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
            return n == -ENAMETOOLONG ? -E2BIG : n;
        if ((err = put_string(as, str, a, ptr, n)) == 0)
            err = as_write(as, argv + 4 * i, &str, 4);
        str += n + 1;
    }
    ptr = 0;
    return err < 0 ? err : as_write(as, argv + 4 * a->n, &ptr, 4);
}

static int
put_start(struct aspace *as, struct args *a, uint *sp)
{
    uint argv, frame[3];
    int err = put_args(as, a, &argv);

    if (err < 0)
        return err;
    frame[0] = 0xffffffff;          // where main would return to
    frame[1] = a->n;
    frame[2] = argv;
    *sp = argv - sizeof frame;
    return as_write(as, *sp, frame, sizeof frame);
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

static void
commit(struct proc *p, struct aspace *as, const char *path, uint eip, uint sp)
{
    struct aspace *old = p->as;

    proc_lock(p->pid);              // who looks at p->as holds this
    p->as = as;
    p->newas = 0;
    set_name(p, path);
    proc_unlock(p);
    pushcli();
    if (p->cpu->fpu == p)
        fpu_leave(p);
    p->fpused = 0;
    switchuvm(as);
    lfs(0);
    lgs(0);
    popcli();
    if (old)
        as_put(old);
    memset(p->tf, 0, sizeof *p->tf);
    p->tf->cs = SEL(SEG_UCODE, DPL_USER);
    p->tf->ds = p->tf->es = p->tf->ss = SEL(SEG_UDATA, DPL_USER);
    p->tf->eflags = FL_IF;
    p->tf->eip = eip;
    p->tf->esp = sp;
}

struct image {
    struct aspace *as;
    uint entry, sp, low;
};

static int
build(struct image *im, struct inode *ip, struct args *a)
{
    struct elfhdr eh;
    struct stat st;
    uint high;
    int err;

    if ((err = ilock(ip)) < 0)
        return err;
    stati(ip, &st);
    iunlock(ip);
    if (st.type != T_FILE)
        return -EACCES;
    if ((err = read_exact(ip, &eh, 0, sizeof eh)) < 0 ||
        (err = elf_check(&eh, st.size)) < 0)
        return err;
    err = add_segments(im->as, ip, &eh, st.size, &im->low, &high);
    if (err < 0 || (err = add_stack(im->as, high)) < 0 ||
        (err = put_start(im->as, a, &im->sp)) < 0)
        return err;
    im->entry = eh.entry;
    return vm_knob[VM_DEMANDLOAD] ? 0 : allocuvm(im->as, im->low, high);
}

// The reclaimer may take what the new space is filled with, and its pages
// count as p's when a victim is chosen.
static void
show_space(struct proc *p, struct aspace *as)
{
    as_list(as);
    proc_lock(p->pid);
    p->newas = as;
    proc_unlock(p);
}

static void
drop_space(struct proc *p)
{
    struct aspace *as = p->newas;

    proc_lock(p->pid);              // who looks at p->newas holds this
    p->newas = 0;
    proc_unlock(p);
    as_put(as);
}

static int
exec_args(const char *path, struct args *a)
{
    struct proc *p = myproc();
    struct image im = { 0, 0, 0, 0 };
    struct inode *ip;
    int err;

    err = measure_args(a, p->oldabi ? OLDARGS : ARGMAX / 4,
                       p->oldabi ? OLDBYTES : ARGMAX);
    if (err < 0 || (err = path_find(p->cwd, path, &ip)) < 0)
        return err;
    if ((im.as = as_new()) == 0)
        err = -ERESTART;
    if (err == 0) {
        show_space(p, im.as);
        if ((err = ideny_write(ip)) == 0) {
            err = build(&im, ip, a);    // nobody writes it while we read
            iallow_write(ip);
        }
    }
    iput(ip);
    if (err < 0) {
        if (im.as)
            drop_space(p);
        return err;
    }
    commit(p, im.as, path, im.entry, im.sp);
    p->oldabi = im.low == 0;
    return 0;
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
