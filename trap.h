// trap.h: trap.c's and syscall.c's entries.

struct cpu;
struct proc;
struct trapframe;

void trap_init(void);               // the interrupt table, once
void trap_cpu_init(struct cpu *);   // this CPU's segments and TSS
void syscall_init(void);            // once
// From trapasm.S, interrupts off. Puts the result in tf->eax.
void syscall(struct trapframe *);
// The same: fault_once(), called there, did not make va usable.
void hard_fault(struct trapframe *, uint va, int err);
// Before the return to user mode, interrupts off: die, or let others run.
void heed(struct proc *);
