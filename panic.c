// panic.c: the end of the kernel, when one of its invariants is broken.
// Interface: print.h.
//
// The first CPU to come here stops the others by NMI, which reaches even one
// that spins with interrupts off. It says what is wrong, with which registers,
// how the kernel got there, who was running and in which system call. If nobody
// is watching it ends the emulator with a failing status; else it halts with
// the text on the screen. It takes no lock. A panic within a panic says its own
// message and ends at once; a third one just halts.
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
const struct trapframe *panic_frame;
void (*panic_tell)(struct proc *);

extern char etext[];

static int
is_text(uint addr)
{
    return addr >= KERNBASE + EXTMEM && addr < (uint)etext;
}

const struct ksym *
ksym_at(uint addr)
{
    const struct ksym *s = ksyms;

    while (s + 1 < ksyms + nksyms && s[1].addr <= addr)
        s++;
    return s;
}

// A place in the kernel and its callers, by the chain of frame pointers from
// ebp, no further than the KSTACKSIZE-aligned area in which it starts. Follows
// no user's %ebp.
static void
backtrace(uint place, uint ebp)
{
    uint area = ebp & ~(KSTACKSIZE - 1), n;
    const struct ksym *s;

    for (n = 0; n < MAXDEPTH && is_text(place); n++) {
        // The call, not what follows it; but what a trap interrupted, itself.
        s = ksym_at(place - (n > 0 || !panic_frame));
        cprintf("  %08x %s+0x%x\n", place, s->name, place - s->addr);
        if (ebp < KERNBASE || ebp % 4 || ebp - area > KSTACKSIZE - FRAMESIZE)
            return;
        place = ((uint *)ebp)[1];   // no text: nobody called this one
        ebp = ((uint *)ebp)[0];
    }
}

static void
say_registers(const struct trapframe *tf)
{
    cprintf("eax %08x  ebx %08x  ecx %08x  edx %08x\n"
            "esi %08x  edi %08x  ebp %08x  esp %08x\n"
            "eip %08x  flags %08x  cr2 %08x  cr3 %08x\n",
            tf->eax, tf->ebx, tf->ecx, tf->edx, tf->esi, tf->edi, tf->ebp,
            tf->oesp + TRAPGAP, tf->eip, tf->eflags, rcr2(), rcr3());
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
    else {
        cprintf("cpu %d, pid %d %s\n", p->cpu ? (int)p->cpu->id : -1, p->pid,
                p->name);
        if (p->as)
            panic_tell(p);
    }
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

// panic(): push the registers as they are, in a frame like a trap's; what is
// between eip and the general ones is not shown. 72 bytes up are the arguments.
asm(".text; .globl panic\n"
    "panic: pushfl; pushl %cs; pushl 8(%esp)\n"
    "       subl $24, %esp; pushal\n"
    "       movl %esp, %eax; leal 72(%esp), %edx; call panicked");

void
panicked(const struct trapframe *tf, const char **args)
{
    uint me = lapic_id() + 1;

    cli();
    if (cmpxchg(&panicking, 0, me) != 0 && (panicking != me || depth > 1))
        cpu_stop();
    if (depth++ == 0)
        lapic_stop_others();
    cprintf(depth == 1 ? "\npanic: " : "\npanic again: ");
    cvprintf(args[0], (__builtin_va_list)(args + 1));
    cprintf("\n");
    if (depth == 1) {
        tf = panic_frame ? panic_frame : tf;
        say_registers(tf);
        backtrace(tf->eip, tf->ebp);
        say_who();
    }
    end();
}
