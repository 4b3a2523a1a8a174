// vectors.h: interrupt vectors (SDM 3A table 6-1 for those below 32).

#pragma once

#define T_DIVIDE   0
#define T_DEBUG    1
#define T_NMI      2
#define T_BRKPT    3
#define T_OFLOW    4
#define T_BOUND    5
#define T_ILLOP    6
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

#define T_TIMER   0xef              // LAPIC timer
#define T_TLB     0xf0              // shoot-down
#define T_RESCHED 0xf1              // there is work: look at the run queue
#define T_SPURIOUS 0xff
