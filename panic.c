// panic.c: the end of the kernel, when one of its invariants is broken.
// Interface: print.h.
//
// The first CPU to come here stops the others by NMI, which reaches even one
// that spins with interrupts off. It says what is wrong, who was running and
// how it got there. If nobody is watching it ends the emulator with a failing
// status; else it halts with the text on the screen. It takes no lock. A
// panic within a panic says its own message and ends at once; a third one
// just halts.
//
// Frame pointers chain the frames on a stack like this. The chain has to end
// at the bounds of the stack: the outermost frame of an interrupt holds
// whatever %ebp the interrupted program had.
//
//     ebp -> | caller's ebp | return address | ...      to higher addresses

#include "memlayout.h"
#include "print.h"
#include "ksyms.h"
#include "lapic.h"
#include "cpu.h"
#include "proc.h"
#include "power.h"

#define PANICSTATUS 125
#define MAXDEPTH    32              // callers shown
#define FRAMESIZE   8               // bytes of a frame's two words

static uint depth;                  // of panics within a panic
uint panic_frame;                   // %ebp of what a trap interrupted, or 0

extern char etext[];

static int
is_text(uint addr)
{
    return addr >= KERNBASE + EXTMEM && addr < (uint)etext;
}

// The function that an address in the kernel's text belongs to.
static const struct ksym *
ksym_at(uint addr)
{
    const struct ksym *s = ksyms;

    while (s + 1 < ksyms + nksyms && s[1].addr <= addr)
        s++;
    return s;
}

// Callers by the chain of frame pointers from ebp, no further than the
// KSTACKSIZE-aligned area in which it starts. Follows no user's %ebp.
static void
backtrace(uint ebp)
{
    uint area = ebp & ~(KSTACKSIZE - 1), caller, n;
    const struct ksym *s;

    for (n = 0; n < MAXDEPTH && ebp >= KERNBASE && ebp % 4 == 0 &&
                ebp - area <= KSTACKSIZE - FRAMESIZE; n++) {
        caller = ((uint *)ebp)[1];
        if (!is_text(caller))
            return;                 // nobody called this one
        s = ksym_at(caller - 1);    // the call, not what follows it
        cprintf("  %08x %s+0x%x\n", caller, s->name, caller - s->addr);
        ebp = ((uint *)ebp)[0];
    }
}

void
cpu_stop(void)
{
    for (;;)
        asm volatile("cli; hlt");
}

static void
say_who(void)
{
    struct kstack *ks = (struct kstack *)(resp() & ~(KSTACKSIZE - 1));
    struct proc *p = ks->proc;

    if ((uint)p < KERNBASE || ks->magic != KSTACKMAGIC)
        cprintf("apic %d, no process\n", lapic_id());
    else
        cprintf("cpu %d, pid %d %s\n", p->cpu ? (int)p->cpu->id : -1, p->pid,
                p->name);
}

static void __attribute__((noreturn))
end(void)
{
    if (power_headless())
        power_off(PANICSTATUS);
    cpu_stop();
}

void
refuse(const char *why)
{
    cli();
    cprintf("%s\n", why);
    end();
}

void
panic(const char *f, ...)
{
    __builtin_va_list ap;
    uint me = lapic_id() + 1;

    cli();
    if (cmpxchg(&panicking, 0, me) != 0 && (panicking != me || depth > 1))
        cpu_stop();
    if (depth++ == 0)
        lapic_stop_others();
    cprintf(depth == 1 ? "\npanic: " : "\npanic again: ");
    __builtin_va_start(ap, f);
    cvprintf(f, ap);
    cprintf("\n");
    if (depth == 1) {
        say_who();
        backtrace(panic_frame ? panic_frame
                              : (uint)__builtin_frame_address(0));
    }
    end();
}
