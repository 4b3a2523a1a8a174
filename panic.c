// panic.c: the end of the kernel, when one of its invariants is broken.
//
// The first CPU to come here stops the others by NMI, which reaches even one
// that spins with interrupts off, says what is wrong, who was running and
// how it got there, and ends the emulator with a failing status if nobody is
// watching; else it halts with the text on the screen. It takes no lock. A
// panic within a panic says its own message and ends at once; a third one
// just halts.
//
// A stack frame with frame pointers looks like this; the chain ends at the
// bounds of the stack, because the outermost frame of an interrupt saved
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

static uint depth;                  // of panics within a panic
uint panic_frame;                   // %ebp of what a trap interrupted, or 0

extern char etext[];

static int
is_text(uint addr)
{
    return addr >= KERNBASE + EXTMEM && addr < (uint)etext;
}

// Name of the function at an address; "?" when not in the kernel's text.
static const char *
ksym_name(uint addr, uint *offset)
{
    uint lo = 0, hi, mid;

    *offset = 0;
    if (&nksyms == 0 || nksyms == 0 || !is_text(addr) ||
        addr < ksyms[0].addr)
        return "?";
    hi = nksyms;                    // ksyms[lo].addr <= addr < ksyms[hi].addr
    while (hi - lo > 1) {
        mid = lo + (hi - lo) / 2;
        if (ksyms[mid].addr <= addr)
            lo = mid;
        else
            hi = mid;
    }
    *offset = addr - ksyms[lo].addr;
    return ksyms[lo].name;
}

// Callers by the chain of frame pointers from ebp, no further than the
// KSTACKSIZE-aligned area in which it starts. Follows no user's %ebp.
static void
backtrace(uint ebp)
{
    uint area = ebp & ~(KSTACKSIZE - 1), caller, offset, n;
    const char *name;

    if (ebp < KERNBASE)
        return;
    for (n = 0; n < MAXDEPTH; n++) {
        if (ebp % 4 || ebp < area || ebp - area > KSTACKSIZE - 8)
            return;
        caller = ((uint *)ebp)[1];
        if (!is_text(caller))
            return;                 // nobody called this one
        name = ksym_name(caller - 1, &offset);  // the call, not what follows
        cprintf("  %08x %s+0x%x\n", caller, name, offset + 1);
        if (((uint *)ebp)[0] <= ebp)
            return;
        ebp = ((uint *)ebp)[0];
    }
}

void
panic_stop(void)
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
        cprintf("apic %d, no process", lapic_id());
    else
        cprintf("cpu %d, pid %d %s", p->cpu ? (int)p->cpu->id : -1, p->pid,
                p->name);
}

static void __attribute__((noreturn))
end(void)
{
    if (power_headless())
        power_off(PANICSTATUS);
    panic_stop();
}

void
refuse(const char *f, ...)
{
    __builtin_va_list ap;

    cli();
    __builtin_va_start(ap, f);
    cvprintf(f, ap);
    __builtin_va_end(ap);
    cprintf("\n");
    end();
}

void
panic(const char *f, ...)
{
    __builtin_va_list ap;
    uint me = lapic_id() + 1;

    cli();
    if (cmpxchg(&panicking, 0, me) != 0 && (panicking != me || depth > 1))
        panic_stop();
    if (depth++ == 0)
        lapic_stop_others();
    cprintf(depth == 1 ? "\npanic: " : "\npanic again: ");
    __builtin_va_start(ap, f);
    cvprintf(f, ap);
    __builtin_va_end(ap);
    cprintf("\n");
    if (depth == 1) {
        say_who();
        cprintf("\n");
        backtrace(panic_frame ? panic_frame
                              : (uint)__builtin_frame_address(0));
    }
    end();
}
