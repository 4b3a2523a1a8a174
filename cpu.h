// cpu.h: what belongs to one CPU, and how to find the current process.
//
// The lowest word of every kernel stack names the process that it belongs
// to, so the current process is one AND and one load away from %esp: no
// APIC read, and right at any instant, even while being preempted.

struct proc;
struct aspace;

struct cpu {
    uint id;                        // 0..ncpu-1, index in cpus[]
    uint apicid;
    volatile uint started;
    struct proc *idle;

    /* this CPU only, interrupts off */
    int  ncli;                      // spin locks held + pushcli depth
    uint intena;                    // interrupts were on before the first
    uint held;                      // bit r: holds a lock of rank r
    struct aspace *as;              // whose directory CR3 holds; 0 kernel's
    struct proc *fpu;               // whose FPU state was loaded this slice
    uint resched;                   // switch at the next chance

    /* written by others, atomic */
    volatile uint flushwant;        // shoot-downs asked for
    volatile uint flushdone;        // and served
    volatile uint idling;           // in hlt, or about to be

    struct taskstate ts, dfts;      // ring switch; double fault
    struct segdesc gdt[NSEGS];
};

extern struct cpu cpus[NCPU];
extern uint ncpu;

struct kstack {                     // at the bottom of each kernel stack
    struct proc *proc;
    uint magic;                     // KSTACKMAGIC until overrun
};
#define KSTACKMAGIC 0x6b617473

static inline struct proc *
myproc(void)
{
    return ((struct kstack *)(resp() & ~(KSTACKSIZE - 1)))->proc;
}

struct cpu *mycpu(void);            // only with interrupts off
