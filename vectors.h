// vectors.h: interrupt vectors (SDM 3A table 6-1 for those below 32).

#define T_DIVIDE   0
#define T_DEBUG    1
#define T_NMI      2
#define T_BRKPT    3
#define T_OFLOW    4
#define T_BOUND    5
#define T_ILLOP    6
#define T_DEVICE   7                // #NM: FPU used after a switch
#define T_DBLFLT   8                // comes through a task gate
#define T_TSS     10
#define T_SEGNP   11
#define T_STACK   12
#define T_GPFLT   13
#define T_PGFLT   14
#define T_FPERR   16
#define T_ALIGN   17
#define T_SIMDERR 19

#define T_IRQ0    32                // ISA interrupt n is vector T_IRQ0 + n
#define IRQ_TIMER  0
#define IRQ_KBD    1
#define IRQ_COM1   4
#define IRQ_IDE0  14
#define IRQ_IDE1  15

#define T_SYSCALL64 64              // xv6's gate
#define T_SYSCALL65 65              // Teak's

// Places in structures that trapasm.S looks at; syscall.c checks them.
#define TF_EAX      28
#define TF_SEGS     32              // %es and %ds
#define TF_TRAPNO   36
#define TF_ERR      40
#define TF_CS       48
#define TF_EFLAGS   52
#define TF_ESP      56
#define TFSIZE      64
#define P_AS        0
#define P_ATTENTION 4
#define P_TF        8
#define AS_ARGVA    0
#define AS_ARGLEN   4
#define AS_ARGKVA   8
#define SYS_FN(n)    systable(,n,8)
#define SYS_NARGS(n) systable + 4(,n,8)

#define T_TIMER   0xef              // LAPIC timer
#define T_TLB     0xf0              // shoot-down
#define T_RESCHED 0xf1              // there is work: look at the run queue
#define T_SPURIOUS 0xff
