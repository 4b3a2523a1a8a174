// ut.h: what the parts of usertests share (usertests.c, ut_*.c).
//
// A case is a function that returns when all is well and otherwise ends in
// ut_fail(). It runs in a child process of its own, in an empty directory
// that must be empty again when it returns, within a time limit; after it
// the kernel is recounted, so it must leave no process, file or page behind.
// Children that it makes must be waited for, and their failures noticed:
// ut_join() does both.

struct utcase {
    const char *name;
    void (*run)(void);
    uint flags;
};
#define QUICK 0
#define SLOW  1
#define CASE(f, flags) { #f, f, flags }
#define ENDCASES { 0, 0, 0 }

// One table a file, ended by ENDCASES.
extern const struct utcase ut_file[], ut_pipe[], ut_dir[], ut_limit[];
extern const struct utcase ut_proc[], ut_kill[], ut_mem[], ut_trap[];
extern const struct utcase ut_exec[], ut_heap[], ut_stack[], ut_cow[];
extern const struct utcase ut_mmap[], ut_protect[], ut_pointers[], ut_tlb[];
extern const struct utcase ut_switches[], ut_stop[], ut_libc[];
extern const struct utcase ut_inject[], ut_doors[];

// This case has failed: the reason, in printf's terms, becomes its line.
void ut_fail(const char *fmt, ...) PRINTF(1, 2) NORETURN;

#define WHYFD 127               // where a case complains

// The claim holds, or the case fails.
#define check(c) \
    do { if (!(c)) ut_fail("%s:%d: %s", __FILE__, __LINE__, #c); } while (0)
// The call succeeds; its value.
#define must(call) ut_must((int)(call), #call, __FILE__, __LINE__)
int ut_must(int got, const char *call, const char *file, int line);
// The call returns exactly this.
#define gives(call, want) \
    ut_gives((int)(call), (int)(want), #call, __FILE__, __LINE__)
void ut_gives(int got, int want, const char *call, const char *f, int line);
// The call fails with this errno.
#define fails(call, e) ut_fails((int)(call), e, #call, __FILE__, __LINE__)
void ut_fails(int got, int want, const char *call, const char *f, int line);

// Fork a child that runs fn(arg) and exits with 0; its pid.
int  ut_fork(void (*fn)(int), int arg);
// Wait for n children, each of which must exit with status 0.
void ut_join(int n);
// Wait for this child; its wait status.
int  ut_wait(int pid);
// Fork a child that runs fn(arg), wait for it, and return its wait status.
int  ut_run(void (*fn)(int), int arg);

// Children's lives, for ut_fork() and ut_run(): exit with this status; compute
// for ever; block until the last writing end of a pipe, an int[2], is closed;
// run machine code; be UTX in this mode, a string.
void ut_end_with(int status);
void ut_spin(int);
void ut_hold(int fds);
void ut_run_code(int code);
void ut_run_utx(int mode);
// A child that is UTX and waits, when this returns, until go[1] is closed.
int  ut_start_held(int go[2], int ready[2]);

// Shared scratch space, zero at the start of each case.
#define UTBUF 65536
extern uchar ut_buf[UTBUF];

// Byte `off` of pattern `seed`; fill and verify a run of it.
uchar ut_byte(uint seed, uint off);
void ut_fill(void *buf, uint n, uint seed, uint off);
void ut_verify(const void *buf, uint n, uint seed, uint off);
// Make a file of n bytes of the pattern; check that a file is just that.
void ut_put(const char *path, uint n, uint seed);
void ut_same(const char *path, uint n, uint seed);
int  ut_exists(const char *path);
uint ut_size(const char *path);
uint ut_nlink(const char *path);
uint ut_ino(const char *path);
// Names in a directory, other than . and ..
int  ut_count(const char *dir);
// Remove a file or a whole tree; nothing happens if there is none.
void ut_remove(const char *path);
// Write exactly n bytes or fail the case; read until n bytes or the end.
void ut_write(int fd, const void *buf, uint n);
uint ut_read(int fd, void *buf, uint n);

// System call `call` with this stack pointer, its arguments if it has any just
// above; the kernel's own result.
int  ut_call_on_stack(uint esp, int call);

// QEMU before 9.1 takes what a far return pops for the kernel's accesses, so
// with SMAP it faults for ever. 0: on such a CPU, where no far return can be
// tested; it says so.
int  ut_far_returns_work(void);

// Call fn(arg) with the first, second, ... allocation, read, write or slot
// (FAIL_*) failing, until a run in which none did, and have the kernel
// recounted after each. fn makes ready, then puts ut_arm() and ut_disarm()
// around the call that may fail, checks that it did all or nothing, cleans
// up, and returns 0 or, if the call failed, -1. The last run must succeed,
// and for writes and slots all of them. Returns how many runs there were.
int  ut_each_failure(int what, int (*fn)(int), int arg);
void ut_arm(void);
void ut_disarm(void);               // leaves errno alone

// Addresses that no call may use: null, kernel, wrapping, unmapped.
#define NBADPTR 6
extern void *const ut_badptr[NBADPTR];

// Faults and frames, ut_count.c.

// Count this process's faults from now on, all of the program and of the
// stack in use having been touched. A fork starts new counts.
void ut_mark(void);
// Since ut_mark() there were just these faults, and of no other case.
void ut_faulted(uint zero, uint filepage, uint cow, uint upgrade);
uint ut_faults(enum faultcase c);
// Frames in the whole system that a user page table names.
uint ut_frames(void);
// The region that holds an address, ours or another process's; 0 if none.
// Overwritten by the next call.
struct regioninfo *ut_region(const void *p);
struct regioninfo *ut_region_of(int pid, const void *p);
// What failmark() or kcheck() returned. Without the boot argument test=on
// they are refused, and the case ends here, as skipped.
#define ut_hook(call) ut_hooked(call, #call, __FILE__, __LINE__)
int  ut_hooked(int got, const char *call, const char *file, int line);
#define NOHOOKS "needs the boot argument test=on"   // is no complaint

// 1 if so many MB are free; else says that the case is skipped.
int  ut_needs(uint mb);
// Pages that programs could have now, in memory and in swap.
uint ut_room(void);
// n new pages of heap; a new mapping; it fails the case if it cannot.
char *ut_pages(uint n);
void *ut_map(uint npages, int prot, int flags, int fd, uint off);
// Write c to, or add up, the first byte of each of n pages.
void ut_touch(void *p, uint n, int c);
uint ut_sum(const void *p, uint n);
// A child that reads (writes) there is killed by a fault.
int  ut_read_kills(const void *p);
int  ut_write_kills(const void *p);
// Wait until the case's process is the last of its group: orphans that it
// has made, directly or not, end a little later than it knows.
void ut_alone(void);
// The small program that exec cases run: user/utx.c tells its modes.
#define UTX "/utx"
