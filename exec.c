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
//     text    r-x  shared frames of the cache
//     data    rw-  private; bss behind it appears as zeroes
//     guard   USTACKGAP of nothing, which no large frame steps over
//     stack   USTACKMAX, appears as touched; arguments at its top
//     heap    grows up from here by sbrk
//
// The arguments go from the old space to the new stack, a piece at a time, and
// after them the environment, which is a list of the same form:
//
//     esp -> fake return address, argc, argv | strings |
//            argv[0..argc-1], 0, envp[0..envc-1], 0
//
// For a script its interpreter is run, and the words that script.c found take
// the place of argv[0].

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
#include "script.h"
#include "exec.h"
#include "memwait.h"
#include "event.h"

#define OLDARGS  32                 // xv6's limits, for its programs
#define OLDBYTES PGSIZE
#define PIECE    256                // bytes of an argument copied at a time

// What is being made.
struct image {
    struct script sc;               // how the caller named it
    struct inode *ip;               // the program's file
    uint filesize;
    struct elfhdr eh;
    struct aspace *as;              // the new space
    uint low, high;                 // the segments lie between
    uint sp;                        // top of the stack so far; in the end the
                                    // program finds its arguments there
    uint bottom;                    // of the room that ARGMAX leaves them
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

// The pointers before the 0 that ends the list.
static int
count_args(uint list, uint max)
{
    uint n, ptr;
    int err;

    for (n = 0; n < max; n++) {
        if ((err = copyin(&ptr, list + 4 * n, 4)) < 0)
            return err;
        if (ptr == 0)
            return n;
    }
    return -E2BIG;
}

// Copy a string to the new stack, below what is there.
static int
put_string(struct image *im, uint from)
{
    char piece[PIECE];
    int n = copyinstr(0, from, im->sp - im->bottom), done, take, err;

    if (n < 0)
        return n == -ENAMETOOLONG ? -E2BIG : n;
    im->sp -= n + 1;
    for (done = 0; done < n; done += take) {
        take = MIN(n - done, PIECE);
        if ((err = copyin(piece, from + done, take)) < 0 ||
            (err = as_write(im->as, im->sp + done, piece, take)) < 0)
            return err;
    }
    return as_write(im->as, im->sp + n, "", 1);
}

// Put n of the caller's strings on the stack, pointers to them at `at`. The
// caller's memory may change under us (shared mappings): whatever it holds by
// now, all stays above the bottom, and every string ends with NUL.
static int
put_args(struct image *im, uint at, uint from, uint n)
{
    uint ptr, i;
    int err;

    for (i = 0; i < n; i++)
        if ((err = copyin(&ptr, from + 4 * i, 4)) < 0 ||
            (err = put_string(im, ptr)) < 0 ||
            (err = as_write(im->as, at + 4 * i, &im->sp, 4)) < 0)
            return err;
    return 0;                       // behind them is 0: nobody writes there
}

// The same for the n words, the last one first.
static int
put_words(struct image *im, uint at, uint n)
{
    uint size;
    int err;

    for (; n > 0; n--, at += 4) {
        size = strlen(im->sc.words[n - 1]) + 1;
        if (size > im->sp - im->bottom)
            return -E2BIG;
        im->sp -= size;
        if ((err = as_write(im->as, im->sp, im->sc.words[n - 1], size)) < 0 ||
            (err = as_write(im->as, at, &im->sp, 4)) < 0)
            return err;
    }
    return 0;
}

// What the program's first function finds on its stack. The words replace
// argv[0]. The first process has no argv.
static int
put_start(struct image *im, uint argv, uint envp)
{
    int old = myproc()->oldabi, n = im->sc.nwords, argc = 0, envc = 0, err;
    uint most = old ? OLDARGS : ARGMAX / 4, at, frame[3];

    if ((myproc()->as && (argc = count_args(argv, most - n)) < 0) ||
        (envp && (envc = count_args(envp, most - n - argc)) < 0))
        return MIN(argc, envc);
    if (n > 0 && argc > 0) {
        argv += 4;
        argc--;
    }
    im->bottom = im->as->sz - 8 - (old ? OLDBYTES : ARGMAX);
    im->sp = at = im->as->sz - 8 - 4 * (n + argc + envc);
    frame[0] = 0xffffffff;          // where main would return to
    frame[1] = n + argc;
    frame[2] = at;
    if ((err = put_words(im, at, n)) < 0 ||
        (err = put_args(im, at + 4 * n, argv, argc)) < 0 ||
        (err = put_args(im, at + 4 * (n + argc + 1), envp, envc)) < 0)
        return err;
    im->sp = (im->sp & ~15u) - sizeof frame;
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
fill_space(struct image *im, uint argv, uint envp)
{
    int err;

    if ((err = add_segments(im)) < 0 || (err = add_stack(im)) < 0 ||
        (err = put_start(im, argv, envp)) < 0)
        return err;
    return vm_knob[VM_DEMANDLOAD] ? 0 : allocuvm(im->as, im->low, im->high);
}

static int
build(struct image *im, uint argv, uint envp)
{
    struct proc *p = myproc();
    int err;

    if ((im->as = as_new()) == 0)
        return -ERESTART;
    set_newas(p, im->as);
    if ((err = fill_space(im, argv, envp)) < 0) {
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
commit(struct proc *p, struct image *im)
{
    struct aspace *old = p->as;

    acquire(&ptable.lock);          // who looks at p->as holds this
    p->as = im->as;
    p->newas = 0;
    set_name(p, im->sc.called);
    EVENT(event_proc(p, "exec"));
    release(&ptable.lock);
    cli();
    switchuvm(im->as);
    sti();
    if (old)
        as_put(old);
    set_registers(p, im->eh.entry, im->sp);
    p->oldabi = im->low == 0;
}

// The path is the user's; where there is no user yet, the kernel's.
static int
get_path(char *to, uint path)
{
    if (myproc()->as)
        return copyinstr(to, path, PATHMAX);
    return strlcpy(to, (char *)path, PATHMAX);
}

int
exec(uint path, uint argv, uint envp)
{
    struct image im;
    int err;

    if ((err = get_path(im.sc.called, path)) < 0 ||
        (err = script_find(&im.sc, &im.ip)) < 0)
        return err;
    if ((err = ideny(im.ip, DENY_WRITE)) == 0) {      // while we read
        if ((err = check_file(&im)) == 0)
            err = build(&im, argv, envp);
        iallow(im.ip, DENY_WRITE);
    }
    iput(im.ip);
    if (err == 0)
        commit(myproc(), &im);
    return err;
}
