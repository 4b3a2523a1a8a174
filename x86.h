// x86.h: single instructions as functions; atomic changes of a word; and two
// that builds and boot arguments for tests turn on, chaos() and fires().

#pragma once

#include "types.h"

static inline void
cli(void)
{
    asm volatile("cli" ::: "memory");
}

static inline void
sti(void)
{
    asm volatile("sti" ::: "memory");
}

static inline void
relax(void)
{
    asm volatile("pause" ::: "memory");
}

// Interrupts on and halt; sti's one-instruction shadow closes the window in
// which a wakeup could be missed (SDM 2B, STI).
static inline void
sti_hlt(void)
{
    asm volatile("sti; hlt" ::: "memory");
}

// Earlier stores are seen by all before later loads are made. MFENCE needs
// SSE2; a locked instruction does as well (SDM 3A 8.2.3.9).
static inline void
fence(void)
{
    asm volatile("lock; addl $0, (%%esp)" ::: "memory");
}

static inline uchar
inb(ushort port)
{
    uchar v;

    asm volatile("inb %1, %0" : "=a"(v) : "Nd"(port));
    return v;
}

static inline ushort
inw(ushort port)
{
    ushort v;

    asm volatile("inw %1, %0" : "=a"(v) : "Nd"(port));
    return v;
}

static inline uint
inl(ushort port)
{
    uint v;

    asm volatile("inl %1, %0" : "=a"(v) : "Nd"(port));
    return v;
}

static inline void
outb(ushort port, uchar v)
{
    asm volatile("outb %0, %1" :: "a"(v), "Nd"(port));
}

static inline void
outw(ushort port, ushort v)
{
    asm volatile("outw %0, %1" :: "a"(v), "Nd"(port));
}

static inline void
outl(ushort port, uint v)
{
    asm volatile("outl %0, %1" :: "a"(v), "Nd"(port));
}

static inline uint
rcr0(void)
{
    uint v;

    asm volatile("movl %%cr0, %0" : "=r"(v));
    return v;
}

static inline uint
rcr2(void)
{
    uint v;

    asm volatile("movl %%cr2, %0" : "=r"(v));
    return v;
}

static inline uint
rcr3(void)
{
    uint v;

    asm volatile("movl %%cr3, %0" : "=r"(v));
    return v;
}

static inline uint
rcr4(void)
{
    uint v;

    asm volatile("movl %%cr4, %0" : "=r"(v));
    return v;
}

static inline uint
resp(void)
{
    uint v;

    asm volatile("movl %%esp, %0" : "=r"(v));
    return v;
}

static inline uint
readeflags(void)
{
    uint v;

    asm volatile("pushfl; popl %0" : "=r"(v));
    return v;
}

static inline void
lcr0(uint v)
{
    asm volatile("movl %0, %%cr0" :: "r"(v) : "memory");
}

static inline void
lcr3(uint v)
{
    asm volatile("movl %0, %%cr3" :: "r"(v) : "memory");
}

static inline void
lcr4(uint v)
{
    asm volatile("movl %0, %%cr4" :: "r"(v) : "memory");
}

static inline void
invlpg(uint va)
{
    asm volatile("invlpg (%0)" :: "r"(va) : "memory");
}

// Read n 16-bit words from a port to memory, or write them.
static inline void
insw(ushort port, void *to, uint n)
{
    asm volatile("rep insw" : "+D"(to), "+c"(n) : "d"(port) : "memory");
}

static inline void
outsw(ushort port, const void *from, uint n)
{
    asm volatile("rep outsw" : "+S"(from), "+c"(n) : "d"(port) : "memory");
}

// n bytes, from the lowest on: words, and the bytes that are left.
static inline void
copy_up(void *to, const void *from, uint n)
{
    uint words = n / 4, bytes = n % 4;

    asm volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(words) :: "memory");
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) :: "memory");
}

static inline void
movsl(void *to, const void *from, uint n)
{
    asm volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(n) :: "memory");
}

static inline void
cpuid(uint leaf, uint r[4])
{
    asm volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3])
                 : "a"(leaf), "c"(0));
}

// Atomic exchange; also a full barrier (SDM 3A 8.1.2.2).
static inline uint
xchg(volatile uint *p, uint v)
{
    return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST);
}

// Wait at random, in the kernel that is built to find races (chaos.c). Stands
// wherever another CPU may come between a look and its use; any context.
#ifdef CHAOS
void chaos(void);
void chaos_init(void);
#else
static inline void chaos(void) {}
static inline void chaos_init(void) {}
#endif

// If *p is old make it new. Returns what was there.
static inline uint
cmpxchg(volatile uint *p, uint old, uint new)
{
    chaos();
    return __sync_val_compare_and_swap(p, old, new);
}

static inline void
atomic_inc(volatile uint *p)
{
    __sync_fetch_and_add(p, 1);
}

// Returns 1 when the result is zero.
static inline int
atomic_dec_zero(volatile uint *p)
{
    return __sync_sub_and_fetch(p, 1) == 0;
}

// Failure injection. A mark is n when the n-th operation from now is to fail,
// and 0 when none is. Counts one operation; returns whether it has to fail.
static inline int
fires(volatile int *mark)
{
    if (*mark <= 0)
        return 0;
    return atomic_dec_zero((volatile uint *)mark);
}

static inline void
atomic_or(volatile uint *p, uint bits)
{
    __sync_fetch_and_or(p, bits);
}

static inline void
atomic_and(volatile uint *p, uint bits)
{
    __sync_fetch_and_and(p, bits);
}
