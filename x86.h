// x86.h: one-instruction functions.

#pragma once

#include "types.h"

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

// n words, from and to any address.
static inline void
movsl(void *to, const void *from, uint n)
{
    asm volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(n) :: "memory");
}

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

// Interrupts on and halt; sti's one-instruction shadow closes the window
// in which a wakeup could be missed (SDM 2B, STI).
static inline void
sti_hlt(void)
{
    asm volatile("sti; hlt" ::: "memory");
}

static inline void
relax(void)
{
    asm volatile("pause" ::: "memory");
}

static inline uint
readeflags(void)
{
    uint v;

    asm volatile("pushfl; popl %0" : "=r"(v));
    return v;
}

static inline ushort
rfs(void)
{
    ushort v;

    asm volatile("movw %%fs, %0" : "=r"(v));
    return v;
}

static inline ushort
rgs(void)
{
    ushort v;

    asm volatile("movw %%gs, %0" : "=r"(v));
    return v;
}

static inline void
lfs(ushort v)
{
    asm volatile("movw %0, %%fs" :: "r"(v));
}

static inline void
lgs(ushort v)
{
    asm volatile("movw %0, %%gs" :: "r"(v));
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

static inline uint
resp(void)
{
    uint v;

    asm volatile("movl %%esp, %0" : "=r"(v));
    return v;
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
    asm volatile("xchgl %0, %1" : "+r"(v), "+m"(*p) :: "memory");
    return v;
}

// Earlier stores are seen by all before later loads are made. MFENCE needs
// SSE2; a locked instruction does as well (SDM 3A 8.2.3.9).
static inline void
fence(void)
{
    asm volatile("lock; addl $0, (%%esp)" ::: "memory");
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
    asm volatile("lock cmpxchgl %2, %1"
                 : "+a"(old), "+m"(*p) : "r"(new) : "memory");
    return old;
}

static inline void
atomic_inc(volatile uint *p)
{
    asm volatile("lock incl %0" : "+m"(*p) :: "memory");
}

// Returns 1 when the result is zero.
static inline int
atomic_dec_zero(volatile uint *p)
{
    int z;

    asm volatile("lock decl %0" : "+m"(*p), "=@ccz"(z) :: "memory");
    return z;
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
    asm volatile("lock orl %1, %0" : "+m"(*p) : "r"(bits) : "memory");
}

static inline void
atomic_and(volatile uint *p, uint bits)
{
    asm volatile("lock andl %1, %0" : "+m"(*p) : "r"(bits) : "memory");
}
