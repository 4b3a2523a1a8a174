// traps.h: trap.c's and syscall.c's entries.

struct cpu;
struct proc;
struct trapframe;

void trap_init(void);               // the interrupt table, once
void trap_cpu_init(struct cpu *);   // this CPU's segments and TSS
// Interrupts on. Puts the result in tf->eax.
void syscall(struct proc *, struct trapframe *);
