// spinlock.h: spin locks with rank and owner.
//
// A CPU that holds one runs with interrupts off and must not sleep or fault.
// Ranks order the locks: taking a lower rank while holding a higher one (or
// two of one rank, but by acquire_second) panics, so a deadlock shows on the
// first run that could have had it.

enum rank {
    RANK_PROC,          // process tree
    RANK_FTABLE,        // open files
    RANK_ITABLE,        // in-memory inodes
    RANK_PIPE,
    RANK_CONS,          // console input
    RANK_LOG,
    RANK_CACHE,
    RANK_SWAP,
    RANK_ASLIST,        // all address spaces
    RANK_POOL,          // small objects
    RANK_FRAME,         // free frames
    RANK_DISK,          // disk queue
    RANK_TICKS,         // timers
    RANK_SLEEPLOCK,     // waiting for a sleep lock
    RANK_CHAN,          // sleep channels
    RANK_RUNQ,          // run queues
    RANK_PRINT,         // innermost
    NRANK
};

struct cpu;

struct spinlock {
    volatile uint locked;
    uint rank;
    struct cpu *owner;
    const char *name;
};

#define SPINLOCK(name, rank) { 0, rank, 0, name }

void initlock(struct spinlock *, const char *name, enum rank);
void acquire(struct spinlock *);
// A second lock of the same rank; the caller's order must exclude deadlock.
void acquire_second(struct spinlock *);
void release(struct spinlock *);
int  holding(struct spinlock *);    // by this CPU

// Interrupts off, nested; popcli() turns them on again when the outermost
// pushcli() found them on.
void pushcli(void);
void popcli(void);
