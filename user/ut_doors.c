// ut_doors.c: cases about the doors to ring 0: all ways that the x86 has for a
// program to get at the kernel's rights, each found shut.
//
// A case puts a few instructions into memory and has a child run them. Behind
// them stands one that ends the child with ARITH, so a child that gets past
// what must stop it is told from one that is stopped.
//
// Page 0 plays the local descriptor table: that is where a CPU would look for
// one that was never told otherwise (SDM 3A table 9-1: after reset the LDT
// has base 0 and limit 64 KB).

#include "user.h"
#include "ut.h"

#define ILL   4
#define TRAP  5
#define ARITH 8
#define FAULT 11

#define KERNBASE 0x80000000u
#define NLDT   (PGSIZE / 8)             // descriptors in page 0
#define LDT(i) ((i) << 3 | 7)           // selectors: of that table, ring 3
#define GDT(i, rpl) ((i) << 3 | (rpl))
#define KCODE  1                        // the kernel's table, mmu.h
#define UCODE  3
#define UDATA  4
#define TSS    5
#define DFTSS  6
#define NGDT   9                        // two more than there are

#define FL_IF   0x00000200
#define FL_IOPL 0x00003000
#define FL_NT   0x00004000
#define FL_VM   0x00020000
#define FL_VIF  0x00080000
#define FL_VIP  0x00100000

#define N(table) (sizeof(table) / sizeof((table)[0]))

static uchar code[64];                  // data can be executed
static uint ncode;

static void
start(void)
{
    ncode = 0;
}

static void
byte(uint b)
{
    code[ncode++] = b;
}

static void
word(uint w)
{
    byte(w & 0xff);
    byte(w >> 8 & 0xff);
}

static void
dword(uint d)
{
    word(d & 0xffff);
    word(d >> 16);
}

static void
bytes(const uchar *b, uint n)
{
    while (n-- > 0)
        byte(*b++);
}

static void
push(uint d)
{
    byte(0x68);
    dword(d);
}

// How a child ends that runs the code so far.
static int
outcome(void)
{
    byte(0xd4);                         // aam $0: a division by 0
    byte(0);
    return ut_run(ut_run_code, (int)code);
}

static void
refused(const char *what, uint n)
{
    int status = outcome();

    if (status != FAULT && status != ILL)
        ut_fail("%s 0x%x ended with status %d", what, n, status);
}

// --- descriptors ---------------------------------------------------------

struct desc {
    uint lo, hi;
};

static struct desc
segment(uint base, uint limit, uint access, uint flags)
{
    struct desc d = { base << 16 | (limit & 0xffff),
                      (base & 0xff000000) | flags << 20 | (limit & 0xf0000) |
                          access << 8 | (base >> 16 & 0xff) };

    return d;
}

static struct desc
gate(uint selector, uint offset, uint access)
{
    struct desc d = { selector << 16 | (offset & 0xffff),
                      (offset & 0xffff0000) | access << 8 };

    return d;
}

// An address in page 0, where gcc thinks that nothing can be.
static void *
place(uint va)
{
    asm("" : "+r"(va));
    return (void *)va;
}

// Page 0 is full of this descriptor.
static void
fill_page0(struct desc d)
{
    static int mapped;
    volatile struct desc *ldt = place(0);
    uint i;

    if (!mapped)
        check(mmap(0, PGSIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE |
                   MAP_ANONYMOUS | MAP_FIXED, -1, 0) == 0);
    mapped = 1;
    for (i = 0; i < NLDT; i++) {
        ldt[i].lo = d.lo;
        ldt[i].hi = d.hi;
    }
}

// Does LAR see a descriptor that this program could use?
static int
visible(uint selector)
{
    uchar seen;
    uint rights;

    asm volatile("lar %2, %1; setz %0"
                 : "=q"(seen), "=r"(rights) : "r"(selector) : "cc");
    return seen;
}

// mov %eax, %ds and so on: the second byte.
static const uchar segregs[] = { 0xd8, 0xc0, 0xe0, 0xe8, 0xd0 };

static void
load_refused(uint selector, uint reg)
{
    start();
    byte(0xb8);                         // mov $selector, %eax
    dword(selector);
    byte(0x8e);
    byte(segregs[reg]);
    refused("a load of selector", selector);
}

static void
doors_no_local_table(void)
{
    uint i;

    fill_page0(segment(0, 0xfffff, 0xf2, 0xc));     // all memory, for all
    for (i = 4; i < 0x10000; i += 8)
        if (visible(i) || visible(i | 3))
            ut_fail("selector 0x%x can be used", i);
    for (i = 0; i < N(segregs); i++) {
        load_refused(LDT(1), i);
        load_refused(LDT(NLDT - 1), i);
    }
}

// Segments that would change what the kernel's own accesses mean, if it
// entered with them loaded.
static void
doors_segments_with_odd_limits(void)
{
    static const struct {
        uint base, limit, access, flags;
    } odd[] = {
        { 0, 0, 0xf2, 4 },                  // one byte
        { 0, 0xfff, 0xf2, 0 },              // a page, 16-bit stack
        { KERNBASE, 0xfffff, 0xf2, 0xc },   // from the kernel up
        { 0, 0xfffff, 0xf6, 0xc },          // expand-down, empty
        { 0, 0x7, 0xf6, 4 },                // expand-down from 8
        { 0, 0xfffff, 0xf8, 0xc },          // code that cannot be read
        { 0, 0xfffff, 0x9e, 0xc },          // conforming, ring 0
        { 0, 0xfffff, 0x92, 0xc },          // data, ring 0
        { 0, 0xfffff, 0x72, 0xc },          // not present
    };
    uint i, r;

    for (i = 0; i < N(odd); i++) {
        fill_page0(segment(odd[i].base, odd[i].limit, odd[i].access,
                           odd[i].flags));
        check(!visible(LDT(1)));
        for (r = 0; r < N(segregs); r++)
            load_refused(LDT(1), r);
    }
}

// lcall, then ljmp.
static void
far_refused(const char *what, uint selector)
{
    start();
    byte(0x9a);
    dword((uint)code);
    word(selector);
    refused(what, selector);
    start();
    byte(0xea);
    dword((uint)code);
    word(selector);
    refused(what, selector);
}

static void
doors_call_gates(void)
{
    static uchar inside[] = { 0xcb };   // lret
    static const uchar access[] = { 0xec, 0xe4, 0x8c };     // 32 bits, 16,
    uint i;                                                 // ring 0's

    for (i = 0; i < N(access); i++) {
        fill_page0(gate(GDT(KCODE, 0), (uint)inside, access[i]));
        far_refused("a call gate", LDT(1));
        far_refused("a call gate", LDT(1) & ~3);
    }
}

static void
doors_tasks(void)
{
    static uint tss[26];
    uint i;

    for (i = TSS; i <= DFTSS; i++) {
        fill_page0(gate(GDT(i, 0), 0, 0xe5));
        far_refused("a task gate", LDT(1));
        far_refused("a task", GDT(i, 0));
        far_refused("a task", GDT(i, 3));
    }
    fill_page0(segment((uint)tss, sizeof tss - 1, 0xe9, 0));
    far_refused("a task of its own", LDT(1));
}

// The kernel's table shows a program its own code and data, nothing else.
static void
doors_only_two_descriptors(void)
{
    uint i, mine;

    for (i = 0; i < 0x10000; i++) {
        mine = i >> 3 == UCODE || i >> 3 == UDATA;
        if ((i & 4) == 0 && visible(i) != (int)mine)
            ut_fail("selector 0x%x", i);
    }
}

static void
doors_kernel_segments(void)
{
    uint i, r;

    for (i = 1; i < NGDT; i++)
        for (r = 0; r < N(segregs) && i != UCODE && i != UDATA; r++) {
            load_refused(GDT(i, 0), r);
            load_refused(GDT(i, 3), r);
        }
    load_refused(0, N(segregs) - 1);    // into %ss: no null, no code, and
    load_refused(GDT(UCODE, 3), N(segregs) - 1);
    for (i = 0; i < 3; i++)             // no other ring's
        load_refused(GDT(UDATA, i), N(segregs) - 1);
}

// --- far jumps, calls and returns ----------------------------------------

static void
doors_far_calls(void)
{
    uint i;

    for (i = 0; i < NGDT; i++)
        if (i != UCODE) {
            far_refused("a far call", GDT(i, 0));
            far_refused("a far call", GDT(i, 3));
        }
}

static void
return_refused(uint cs, uint ss)
{
    start();
    push(ss);
    push((uint)code + 32);
    push(cs);
    push((uint)code);
    byte(0xcb);                         // lret
    refused("a far return to", cs);
    start();
    push(ss);
    push((uint)ut_buf + 1024);
    push(2 | FL_IF);
    push(cs);
    push((uint)code);
    byte(0xcf);                         // iret
    refused("iret to", cs);
}

static void
doors_returns(void)
{
    uint i, rpl;

    if (!ut_far_returns_work())
        return;
    for (i = 0; i < NGDT; i++)
        for (rpl = 0; rpl < 4; rpl++)
            if (i != UCODE || rpl != 3)
                return_refused(GDT(i, rpl), GDT(i == KCODE ? 2 : UDATA, rpl));
    start();
    push(2 | FL_NT);
    byte(0x9d);                         // popf
    byte(0xcf);                         // iret to the task before: none
    refused("iret with NT", 0);
}

// --- flags ---------------------------------------------------------------

static uint
flags_by_popf(uint set)
{
    uint f;

    asm volatile("pushl %1; popfl; pushfl; popl %0; pushl $2; popfl"
                 : "=r"(f) : "r"(set | 2) : "cc", "memory");
    return f;
}

static uint
flags_by_iret(uint set)
{
    uint f;

    asm volatile("pushl %1; pushl %%cs; pushl $1f; iret;"
                 "1: pushfl; popl %0; pushl $2; popfl"
                 : "=r"(f) : "r"(set | 2) : "cc", "memory");
    return f;
}

// Neither the I/O privilege nor the interrupt flag.
static void
doors_flags(void)
{
    static const uint flags[] = {
        0, FL_IOPL, FL_IF, FL_VIF, FL_VIP, FL_IOPL | FL_IF | FL_VIF | FL_VIP,
    };
    const uint forbidden = FL_IOPL | FL_VM | FL_VIF | FL_VIP;
    uint i, p, r, far = ut_far_returns_work();

    for (i = 0; i < N(flags); i++) {
        p = flags_by_popf(flags[i] | FL_VM);
        r = far ? flags_by_iret(flags[i]) : p;
        if (((p | r) & forbidden) || (p & r & FL_IF) == 0)
            ut_fail("flags 0x%x became 0x%x and 0x%x", flags[i], p, r);
    }
}

// Virtual-8086 mode is ring 0's to enter, which iret has to see to. Where an
// emulator does not, whatever the program does there ends it, and only it.
static void
doors_virtual_8086(void)
{
    static const uchar deeds[][4] = {
        { 0xeb, 0xfe },                 // a loop: until an interrupt
        { 0xcd, 64 }, { 0xcd, 65 }, { 0xcd, 0x21 }, { 0xcc }, { 0xf4 },
        { 0xfa, 0xf4 },                 // cli, hlt
        { 0xec }, { 0x0f, 0x0b }, { 0xa0, 0, 0xff },
        { 0xd9, 0xe8 },                 // fld1
        { 0x9b, 0x66, 0xcf },           // fwait, iret
    };
    const uint segment = 0, at = 0x100;
    volatile uchar *low = place(at);
    uint i, iopl, k;

    if (!ut_far_returns_work())
        return;
    fill_page0(gate(0, 0, 0));
    for (i = 0; i < 2 * N(deeds); i++) {
        iopl = i & 1 ? FL_IOPL : 0;
        for (k = 0; k < sizeof(deeds[0]); k++)
            low[k] = deeds[i / 2][k];
        start();
        for (k = 0; k < 5; k++)
            push(segment);              // gs, fs, ds, es, ss
        push(PGSIZE - 16);              // esp
        push(2 | FL_IF | FL_VM | iopl);
        push(segment);                  // cs
        push(at);
        byte(0xcf);                     // iret
        refused("virtual-8086 mode, row", i / 2);
    }
}

// With the flags asked for, cli and in still fault.
static void
doors_io_privilege(void)
{
    static const uchar wants[] = { 0xfa, 0xfb, 0xec };  // cli, sti, in
    uint i;

    for (i = 0; i < N(wants); i++) {
        start();
        push(2 | FL_IOPL);
        byte(0x9d);                     // popf
        byte(wants[i]);
        refused("with IOPL 3, opcode", wants[i]);
    }
}

// --- ports and registers -------------------------------------------------

// The TSS has no port map: in, inl and out of every kind of port.
static void
doors_ports(void)
{
    static const ushort ports[] = {
        0, 7, 8, 0x20, 0x40, 0x60, 0x64, 0x70, 0x80, 0x92, 0xa1, 0xe9, 0xf4,
        0x1f0, 0x2f8, 0x3d4, 0x3f8, 0x4d0, 0xb2, 0xcf8, 0xcf9, 0xcfc, 0x7fff,
        0x8000, 0xffff,
    };
    static const uchar insns[] = { 0xec, 0xed, 0xee, 0xef, 0x6c, 0x6f };
    uint i;

    for (i = 0; i < N(ports); i++) {
        start();
        byte(0xba);                     // mov $port, %edx
        dword(ports[i]);
        byte(0xbf);                     // mov $ut_buf, %edi
        dword((uint)ut_buf);
        byte(0xbe);                     // mov $ut_buf, %esi
        dword((uint)ut_buf);
        byte(insns[i % N(insns)]);
        refused("port", ports[i]);
    }
}

static void
doors_debug_registers(void)
{
    uint i;

    for (i = 0; i < 8; i++) {
        start();
        byte(0x0f);
        byte(0x21);                     // mov %dr, %eax
        byte(0xc0 | i << 3);
        refused("reading debug register", i);
        start();
        byte(0x0f);
        byte(0x23);                     // mov %eax, %dr
        byte(0xc0 | i << 3);
        refused("writing debug register", i);
    }
}

static void
doors_control_registers(void)
{
    static const uchar regs[] = { 0, 2, 3, 4, 8 };      // 8: not there
    uint i;

    for (i = 0; i < N(regs); i++) {
        start();
        if (regs[i] & 8)
            byte(0xf0);                 // lock: %cr8 on AMD's
        byte(0x0f);
        byte(0x20);                     // mov %cr, %eax
        byte(0xc0 | (regs[i] & 7) << 3);
        refused("reading control register", regs[i]);
        start();
        byte(0x0f);
        byte(0x22);                     // mov %eax, %cr
        byte(0xc0 | (regs[i] & 7) << 3);
        refused("writing control register", regs[i]);
    }
}

// Those that ring 0 has for itself, and those that a CPU may not have. The
// operand of most is %eax, or memory there.
static const uchar privileged[][4] = {
    { 1, 0xf4 },                        // hlt
    { 2, 0x0f, 0x06 },                  // clts
    { 2, 0x0f, 0x08 },                  // invd
    { 2, 0x0f, 0x09 },                  // wbinvd
    { 2, 0x0f, 0x30 },                  // wrmsr
    { 2, 0x0f, 0x32 },                  // rdmsr
    { 2, 0x0f, 0x33 },                  // rdpmc
    { 2, 0x0f, 0x35 },                  // sysexit
    { 2, 0x0f, 0x07 },                  // sysret
    { 2, 0x0f, 0xaa },                  // rsm
    { 3, 0x0f, 0x00, 0xd0 },            // lldt %ax
    { 3, 0x0f, 0x00, 0xd8 },            // ltr %ax
    { 3, 0x0f, 0x01, 0x10 },            // lgdt (%eax)
    { 3, 0x0f, 0x01, 0x18 },            // lidt (%eax)
    { 3, 0x0f, 0x01, 0x38 },            // invlpg (%eax)
    { 3, 0x0f, 0x01, 0xf0 },            // lmsw %ax
    { 3, 0x0f, 0x01, 0xc1 },            // vmcall
    { 3, 0x0f, 0x01, 0xc2 },            // vmlaunch
    { 3, 0x0f, 0x01, 0xc8 },            // monitor
    { 3, 0x0f, 0x01, 0xd1 },            // xsetbv
    { 3, 0x0f, 0x01, 0xd8 },            // vmrun
    { 3, 0x0f, 0x01, 0xd9 },            // vmmcall
    { 3, 0x0f, 0x01, 0xda },            // vmload
    { 3, 0x0f, 0x01, 0xdb },            // vmsave
    { 3, 0x0f, 0x01, 0xdc },            // stgi
    { 3, 0x0f, 0x01, 0xdd },            // clgi
    { 3, 0x0f, 0x01, 0xdf },            // invlpga
};

static void
doors_privileged_instructions(void)
{
    uint i;

    for (i = 0; i < N(privileged); i++) {
        start();
        byte(0xb8);                     // mov $ut_buf, %eax
        dword((uint)ut_buf);
        byte(0x31);                     // xor %ecx, %ecx
        byte(0xc9);
        bytes(privileged[i] + 1, privileged[i][0]);
        refused("row", i);
    }
}

// --- gates ---------------------------------------------------------------

// Neither was told where to go: a protection fault, or no such instruction.
static void
doors_fast_calls(void)
{
    static const uchar second[] = { 0x34, 0x05 };       // sysenter, syscall
    uint i;

    for (i = 0; i < N(second); i++) {
        start();
        byte(0x89);                     // mov %esp, %ecx
        byte(0xe1);
        byte(0xba);                     // mov $code, %edx
        dword((uint)code);
        byte(0x0f);
        byte(second[i]);
        refused("0x0f", second[i]);
    }
}

// Only the system calls', the breakpoint's and the overflow's are the user's.
static void
doors_interrupts(void)
{
    uint n;

    for (n = 0; n < 256; n++) {
        if (n == 64 || n == 65)
            continue;
        start();
        byte(0xcd);                     // int $n
        byte(n);
        if (outcome() != (n == 3 ? TRAP : FAULT))
            ut_fail("int $%u", n);
    }
}

// --- tables --------------------------------------------------------------

static void
out_of_reach(uint base)
{
    check(base >= KERNBASE);
    check(ut_read_kills((void *)base));
    check(ut_write_kills((void *)base));
}

// Where a program may read the tables' addresses, that is all it can do.
static void
doors_tables(void)
{
    struct {
        ushort limit;
        uint base;
    } __attribute__((packed)) gdt, idt;
    uint ldt = 0;

    asm volatile("sgdt %0; sidt %1; sldt %2"
                 : "=m"(gdt), "=m"(idt), "+r"(ldt));
    out_of_reach(gdt.base);
    out_of_reach(idt.base);
    check((ldt & 0xffff) == 0);
}

const struct utcase ut_doors[] = {
    CASE(doors_no_local_table, QUICK),
    CASE(doors_segments_with_odd_limits, QUICK),
    CASE(doors_call_gates, QUICK),
    CASE(doors_tasks, QUICK),
    CASE(doors_only_two_descriptors, QUICK),
    CASE(doors_kernel_segments, QUICK),
    CASE(doors_far_calls, QUICK),
    CASE(doors_returns, QUICK),
    CASE(doors_flags, QUICK),
    CASE(doors_virtual_8086, QUICK),
    CASE(doors_io_privilege, QUICK),
    CASE(doors_ports, QUICK),
    CASE(doors_debug_registers, QUICK),
    CASE(doors_control_registers, QUICK),
    CASE(doors_privileged_instructions, QUICK),
    CASE(doors_fast_calls, QUICK),
    CASE(doors_interrupts, QUICK),
    CASE(doors_tables, QUICK),
    ENDCASES
};
