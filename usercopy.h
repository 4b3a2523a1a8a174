// usercopy.h: the only door to user memory. All calls mean the current
// process, check region and right of all that they touch, may sleep (a page
// may have to be read), and are called with interrupts on, with no spin lock
// and no file-system lock held; but for the two that end in _now.

int  copyin(void *dst, uint uva, uint n);           // 0 or -EFAULT
int  copyout(uint uva, const void *src, uint n);    // 0 or -EFAULT
// A string with its NUL; its length, -EFAULT, or -ENAMETOOLONG when it does
// not fit in max bytes.
int  copyinstr(char *dst, uint uva, uint max);
// The words on the user's stack: a return address, then the arguments.
#define MAXARGS 6
#define ARGLEN (PGSIZE - 4 * (1 + MAXARGS) + 1)     // for aspace.arglen
// Remember where the kernel finds the user's stack page of uva, for syscall()
// to fetch arguments from; the kernel's address of uva. Interrupts off, never
// sleeps. 0: not present.
void *remember_args(uint uva);
// The length alone.
int  user_strlen(uint uva, uint max);

// Copy what can be copied at once: bytes done, up to the first page that is
// not there or does not allow it. Any lock may be held; never sleeps. The
// caller then lets go of all that, asks for the page, and tries again: it was
// touched a moment ago and will still be there. The address space is the
// current process's, or one that nobody else can see yet.
struct aspace;
uint copyout_now(struct aspace *, uint uva, const void *src, uint n);
uint copyin_now(struct aspace *, void *dst, uint uva, uint n);
// Have the page of a byte faulted in, if it is not there: 0, -EFAULT, -ENOMEM.
int  user_fault(uint uva, int write);
// Likewise the page of the first of *n bytes and the one after it; where the
// second is none of the user's, *n is cut to the bytes in the first.
int  user_ready(uint uva, uint *n, int write);

// Pin user memory across a sleep: at most PINMAX frames, for as much of
// [uva, uva + n) as they cover. write: the kernel will write there. Fills
// s[0..] with where the bytes are, returns how many; -EFAULT if even the
// first byte is bad. When only a later page is bad the pins before it are
// returned. A process pins once and unpins all before it pins again.
struct span;
int  pin_user(uint uva, uint n, int write, struct span *s);
void unpin_user(int wrote);
