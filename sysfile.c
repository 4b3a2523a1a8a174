// sysfile.c: the system calls on files. Interface: sys.h.
//
// Each gets its argument words a[0..5], already copied in, and returns a
// value or -errno. The order inside is always the same: check what can be
// checked, make what can be given back, do the work, and publish last, so
// that a failure has one thing to undo. Results that lie in user memory are
// made in the kernel and copied out at the end; when that fails the call is
// undone.
//
// A long transfer goes in steps, and what earlier ones have moved is the
// result, whatever a later one meets. A step copies as far as the user's pages
// are there, and the next ones are faulted in with nothing locked. A bad buffer
// is found before anything is taken from a device or a pipe, so nothing is
// lost. Files are moved whole; reading a device or a pipe is over after one
// step that has brought something.
//
// SINGLE: a process has one thread, so its descriptors and its directory
// cannot change under a call; none of them takes a reference of its own.

#include "errno.h"
#include "lib.h"
#include "cpu.h"
#include "stat.h"
#include "fcntl.h"
#include "sched.h"
#include "fs.h"
#include "path.h"
#include "file.h"
#include "usercopy.h"
#include "proc.h"
#include "sys.h"
#include "memwait.h"

// The open file of a descriptor, or 0.
static struct file *
fd_file(uint fd)
{
    return fd < NOFILE ? myproc()->ofile[fd] : 0;
}

// The lowest free descriptor at or above fd, or -EMFILE.
static int
fd_free(int from)
{
    struct proc *p = myproc();
    int fd = MAX(from, p->lowfd);

    while (fd < NOFILE && p->ofile[fd])
        fd++;
    if (from <= p->lowfd)
        p->lowfd = fd;
    return fd < NOFILE ? fd : -EMFILE;
}

static void
fd_put(int fd, struct file *f)
{
    struct proc *p = myproc();

    p->ofile[fd] = f;
    p->npipes += f->type == FD_PIPE;
    if (fd >= p->nofile)
        p->nofile = fd + 1;
}

// The descriptor is free; its file is the caller's to close.
static void
fd_take(int fd)
{
    struct proc *p = myproc();

    p->npipes -= p->ofile[fd]->type == FD_PIPE;
    p->ofile[fd] = 0;
    p->lowfd = MIN(p->lowfd, fd);
}

// A step found pages of the user's missing. Have them back for the next one.
// How many bytes that may move: fewer where the user's memory ends, but not of
// what a pipe keeps together.
static int
fault_in(struct file *f, uint uva, uint n, int write)
{
    int ready = user_ready(uva, n, !write);

    if (ready >= 0 && (uint)ready < n &&
        write && f->type == FD_PIPE && n <= PIPE_BUF)
        return -EFAULT;
    return ready;
}

static inline int
step(struct file *f, uint uva, uint n, int write)
{
    if (f->type == FD_INODE)
        return write ? writei_user(f, uva, n) : readi_user(f, uva, n);
    if (f->type == FD_PIPE)
        return pipe_rw(f->pipe, uva, n, write);
    return write ? devsw[f->major].write(uva, n) : devsw[f->major].read(uva, n);
}

// a: the arguments of sys_read or sys_write.
static int
read_write(struct file *f, const uint *a, int write)
{
    uint uva = a[1], left = a[2];
    int moved;

    if ((int)left <= 0)
        return left ? -EINVAL : 0;
    for (;;) {
        moved = step(f, uva, left, write);
        if (moved > 0) {
            uva += moved;
            left -= moved;
            if (left == 0 || (!write && f->type != FD_INODE))
                break;
        } else if (moved == -EAGAIN) {
            left = moved = fault_in(f, uva, left, write);
        } else if (moved == -ERESTART && uva > a[1]) {
            moved = mem_wait();     // with nothing done the call begins again
        } else {
            break;                  // 0: the end of the file
        }
        if (moved < 0 || (moved = sched_point()) < 0)
            break;
    }
    return uva > a[1] ? (int)(uva - a[1]) : moved;
}

int
sys_read(const uint *a)
{
    struct file *f = fd_file(a[0]);

    return f && f->readable ? read_write(f, a, 0) : -EBADF;
}

int
sys_write(const uint *a)
{
    struct file *f = fd_file(a[0]);

    return f && f->writable ? read_write(f, a, 1) : -EBADF;
}

// Find the file or, with O_CREATE, make it. 1: it is new.
static int
find_or_create(const char *path, int flags, struct inode **ip)
{
    struct inode *cwd = myproc()->cwd;
    int err;

    if (!(flags & O_CREATE))
        return path_find(cwd, path, 0, ip);
    err = path_create(cwd, path, T_FILE, 0, 0, ip);
    if (err == 1)                   // it was there
        return flags & O_EXCL ? -EEXIST : 0;
    return err < 0 ? err : 1;
}

// Fill f in from its inode.
static int
file_bind(struct file *f, int flags)
{
    struct inode *ip = f->ip;
    int err, type;

    if ((err = ilock(ip)) < 0)
        return err;
    type = ip->type;
    f->major = ip->major;
    iunlock(ip);

    if (type == T_DIR
        && (flags & (O_WRONLY | O_RDWR | O_CREATE | O_TRUNC)))
        return -EISDIR;
    if (type == T_DEV && !dev_exists(f->major))
        return -ENXIO;
    f->type = type == T_DEV ? FD_DEV : FD_INODE;
    return 0;
}

// Fill in a new file. When that fails the caller closes it, with what it has.
static int
file_open(struct file *f, const char *path, int flags)
{
    int err, made;

    f->readable = !(flags & O_WRONLY);
    f->writable = (flags & (O_WRONLY | O_RDWR)) != 0;
    f->append = (flags & O_APPEND) != 0;
    if ((made = find_or_create(path, flags, &f->ip)) < 0)
        return made;
    if ((err = file_bind(f, flags)) < 0)
        return err;
    if ((flags & O_TRUNC) && !made && f->type == FD_INODE)
        return itrunc(f->ip, 0);
    return 0;
}

int
sys_open(const uint *a)
{
    char path[PATHMAX];
    struct file *f;
    int flags = a[1], fd, err;

    if ((flags & O_WRONLY) && (flags & O_RDWR))
        return -EINVAL;
    if ((err = copyinstr(path, a[0], PATHMAX)) < 0)
        return err;
    if ((fd = fd_free(0)) < 0)
        return fd;
    if ((f = file_alloc()) == 0)
        return -ERESTART;
    if ((err = file_open(f, path, flags)) < 0) {
        file_close(f);
        return err;
    }
    fd_put(fd, f);
    return fd;
}

int
sys_close(const uint *a)
{
    struct file *f = fd_file(a[0]);
    int err = 0;

    if (!f)
        return -EBADF;
    if (f->type == FD_INODE && f->writable &&
        (err = ierror(f->ip)) == -ERESTART)
        return err;
    fd_take(a[0]);
    file_close(f);
    return err;                     // -EIO: closed all the same
}

int
sys_dup(const uint *a)
{
    struct file *f = fd_file(a[0]);
    int fd;

    if (!f)
        return -EBADF;
    if ((fd = fd_free(0)) < 0)
        return fd;
    fd_put(fd, file_dup(f));
    return fd;
}

int
sys_dup2(const uint *a)
{
    struct file *f = fd_file(a[0]), *was;

    if (!f || a[1] >= NOFILE)
        return -EBADF;
    if (a[0] == a[1])
        return a[1];
    if ((was = fd_file(a[1])) != 0)
        fd_take(a[1]);
    fd_put(a[1], file_dup(f));
    file_close(was);
    return a[1];
}

int
sys_pipe(const uint *a)
{
    struct file *rd, *wr;
    int fd[2], err;

    if ((fd[0] = fd_free(0)) < 0)
        return fd[0];
    if ((fd[1] = fd_free(fd[0] + 1)) < 0)
        return fd[1];
    rd = file_alloc();
    wr = file_alloc();
    err = rd && wr ? pipe_open(rd, wr) : -ERESTART;
    if (err == 0)
        err = copyout(a[0], fd, sizeof(fd));
    if (err < 0) {
        file_close(rd);
        file_close(wr);
        return err;
    }
    fd_put(fd[0], rd);
    fd_put(fd[1], wr);
    return 0;
}

// The first n bytes of what is to be told of a file.
static int
stat_out(const uint *a, uint n)
{
    struct file *f = fd_file(a[0]);
    struct stat st;

    if (!f)
        return -EBADF;
    file_stat(f, &st);
    return copyout(a[1], &st, n);
}

int
sys_fstat(const uint *a)
{
    return stat_out(a, OLDSTAT);
}

int
sys_fstatx(const uint *a)
{
    return stat_out(a, sizeof(struct stat));
}

// Any descriptor will do: a directory's cannot be writable.
int
sys_setmtime(const uint *a)
{
    struct file *f = fd_file(a[0]);

    if (!f)
        return -EBADF;
    return f->type == FD_INODE ? isetmtime(f->ip, a[1]) : -EINVAL;
}

// There are no holes: the next write fills the gap with zeroes.
int
sys_lseek(const uint *a)
{
    struct file *f = fd_file(a[0]);
    int off = a[1], err;
    uint base, to;

    if (!f)
        return -EBADF;
    if (f->type != FD_INODE)
        return -ESPIPE;
    if (a[2] > SEEK_END)
        return -EINVAL;
    if ((err = ilock(f->ip)) < 0)
        return err;
    base = a[2] == SEEK_SET ? 0 : a[2] == SEEK_CUR ? f->off : f->ip->size;
    to = base + off;                // both below 2^31: no wrap to plus
    if ((int)to >= 0)
        f->off = to;
    iunlock(f->ip);
    return (int)to < 0 ? -EINVAL : (int)to;
}

int
sys_ftruncate(const uint *a)
{
    struct file *f = fd_file(a[0]);

    if (!f || !f->writable)
        return -EBADF;
    if (f->type != FD_INODE)
        return -EINVAL;
    if (a[1] > MAXFILE)
        return -EFBIG;
    return itrunc(f->ip, a[1]);
}

int
sys_fsync(const uint *a)
{
    struct file *f = fd_file(a[0]);

    if (!f)
        return -EBADF;
    return f->type == FD_INODE ? isync(f->ip) : -EINVAL;
}

int
sys_sync(const uint *a)
{
    (void)a;
    return fs_sync();
}

static int
make_node(uint uva, int type, int major, int minor)
{
    char path[PATHMAX];
    struct inode *ip;
    int err;

    if ((err = copyinstr(path, uva, PATHMAX)) < 0)
        return err;
    err = path_create(myproc()->cwd, path, type, major, minor, &ip);
    iput(ip);
    return err == 1 ? -EEXIST : err;
}

int
sys_mkdir(const uint *a)
{
    return make_node(a[0], T_DIR, 0, 0);
}

int
sys_mknod(const uint *a)
{
    if (a[1] > 0xffff || a[2] > 0xffff)         // as wide as on the disk
        return -EINVAL;
    return make_node(a[0], T_DEV, a[1], a[2]);
}

int
sys_unlink(const uint *a)
{
    char path[PATHMAX];
    int err;

    if ((err = copyinstr(path, a[0], PATHMAX)) < 0)
        return err;
    return path_unlink(myproc()->cwd, path);
}

// Run one of the calls that take two paths.
static int
two_paths(const uint *a,
          int (*call)(struct inode *, const char *, const char *))
{
    char old[PATHMAX], new[PATHMAX];
    int err;

    if ((err = copyinstr(old, a[0], PATHMAX)) < 0 ||
        (err = copyinstr(new, a[1], PATHMAX)) < 0)
        return err;
    return call(myproc()->cwd, old, new);
}

int
sys_link(const uint *a)
{
    return two_paths(a, path_link);
}

int
sys_rename(const uint *a)
{
    return two_paths(a, path_rename);
}

int
sys_chdir(const uint *a)
{
    char path[PATHMAX];
    struct proc *p = myproc();
    struct inode *ip, *was = p->cwd;
    int err;

    if ((err = copyinstr(path, a[0], PATHMAX)) < 0 ||
        (err = path_find(was, path, 1, &ip)) < 0)
        return err;
    p->cwd = ip;
    iput(was);
    return 0;
}

int
sys_getcwd(const uint *a)
{
    char path[PATHMAX];
    int n = a[1], len, err;

    if (n <= 0)
        return -EINVAL;
    len = path_of(myproc()->cwd, path, MIN(n, PATHMAX));
    if (len < 0)
        return len;
    err = copyout(a[0], path, len + 1);
    return err < 0 ? err : len;
}
