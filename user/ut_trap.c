// ut_trap.c: cases about traps: what a program may not do, what the kernel
// must not believe, and registers that must survive.

#include "user.h"
#include "ut.h"

#define FAULT  11
#define ILL    4
#define ARITH  8
#define TRAP   5

#define FL_DF (1u << 10)
#define FL_NT (1u << 14)
#define FL_AC (1u << 18)

static int fd[2];

// A system call by either gate, with up to three arguments.
static int
gate64(int n, int a, int b, int c)
{
    int r;

    asm volatile("pushl %4; pushl %3; pushl %2; pushl $0; int $64;"
                 "addl $16, %%esp"
                 : "=a"(r) : "0"(n), "r"(a), "r"(b), "r"(c) : "memory");
    return r;
}

static int
gate65(int n, int a, int b, int c)
{
    int r;

    asm volatile("pushl %4; pushl %3; pushl %2; pushl $0; int $65;"
                 "addl $16, %%esp"
                 : "=a"(r) : "0"(n), "r"(a), "r"(b), "r"(c) : "memory");
    return r;
}

// --- what kills ----------------------------------------------------------

// In C it would be undefined what happens.
static void
idiv(int n, int by)
{
    asm volatile("cltd; idivl %1" : "+a"(n) : "r"(by) : "edx");
}

static void
divide(int by)
{
    idiv(1, by);
}

static void
divide_overflow(int arg)
{
    idiv((int)0x80000000, arg - 1);
}

static void
undefined(int arg)
{
    (void)arg;
    asm volatile("ud2");
}

static void
trap_arithmetic_and_illegal(void)
{
    gives(ut_run(divide, 0), ARITH);
    gives(ut_run(divide_overflow, 0), ARITH);
    gives(ut_run(undefined, 0), ILL);
}

// x87 with exceptions unmasked.
static void
float_divide(int arg)
{
    ushort control = 0x37b;             // zero divide not masked

    (void)arg;
    asm volatile("fninit; fldcw %0; fld1; fldz; fdivrp; fwait"
                 :: "m"(control));
}

static void
trap_floating_point(void)
{
    gives(ut_run(float_divide, 0), ARITH);
}

static uchar code[16];                  // data can be executed

static const uchar privileged[][8] = {
    { 0xf4 },                           // hlt
    { 0xfa },                           // cli
    { 0xfb },                           // sti
    { 0xec },                           // in %dx, %al
    { 0xee },                           // out %al, %dx
    { 0x6c },                           // insb
    { 0x0f, 0x20, 0xc0 },               // mov %cr0, %eax
    { 0x0f, 0x22, 0xc0 },               // mov %eax, %cr0
    { 0x0f, 0x20, 0xd8 },               // mov %cr3, %eax
    { 0x0f, 0x22, 0xd8 },               // mov %eax, %cr3
    { 0x0f, 0x23, 0xf8 },               // mov %eax, %dr7
    { 0x0f, 0x06 },                     // clts
    { 0x0f, 0x08 },                     // invd
    { 0x0f, 0x09 },                     // wbinvd
    { 0x0f, 0x01, 0x38 },               // invlpg (%eax)
    { 0x0f, 0x01, 0xf0 },               // lmsw %ax
    { 0x0f, 0x00, 0xd8 },               // ltr %ax
    { 0x0f, 0x00, 0xd0 },               // lldt %ax
    { 0x0f, 0x32 },                     // rdmsr
    { 0x0f, 0x30 },                     // wrmsr
    { 0x6a, 0x10, 0x1f },               // push $16; pop %ds
    { 0x6a, 0x10, 0x17 },               // push $16; pop %ss
    { 0xb0, 0x7b, 0x0f, 0xa1 },         // pop %fs: the return address
    { 0x9a, 0, 0, 0, 0, 8, 0 },         // lcall $8, $0
    { 0x9a, 0, 0, 0, 0, 0x28, 0 },      // lcall to the task segment
    { 0xea, 0, 0, 0, 0, 0x30, 0 },      // ljmp to the double fault's
};
#define NPRIVILEGED (sizeof(privileged) / sizeof(privileged[0]))

static void
trap_privileged_instructions(void)
{
    uint i;

    for (i = 0; i < NPRIVILEGED; i++) {
        memcpy(code, privileged[i], sizeof(privileged[i]));
        code[8] = 0xc3;
        if (ut_run(ut_run_code, (int)code) != FAULT)
            ut_fail("row %u of the table did not fault", i);
    }
}

static const uint kernel_places[] = {
    0x80000000, 0x80000ffc, 0x80100000, 0x80400000, 0xf8000000, 0xf8003000,
    0xfe000000, 0xfee00020, 0xfffffffc,
};
#define NPLACES (sizeof(kernel_places) / sizeof(kernel_places[0]))

static void
jump_to(int where)
{
    ((void (*)(void))where)();
}

static void
trap_kernel_addresses(void)
{
    uint i;

    for (i = 0; i < NPLACES; i++) {
        check(ut_read_kills((void *)kernel_places[i]));
        check(ut_write_kills((void *)kernel_places[i]));
        gives(ut_run(jump_to, kernel_places[i]), FAULT);
    }
    gives(ut_run(jump_to, 0), FAULT);
    gives(ut_run(jump_to, 0x7ffff000), FAULT);
}

// A forged way back to the kernel's segments.
static void
forge_iret(int cs)
{
    asm volatile("pushl $0x10; pushl %%esp; pushfl; orl $0x3000, (%%esp);"
                 "pushl %0; pushl $1f; iret; 1: cli"
                 :: "r"(cs) : "memory");
}

static void
trap_forged_iret(void)
{
    if (!ut_far_returns_work())
        return;
    gives(ut_run(forge_iret, 8), FAULT);
    gives(ut_run(forge_iret, 0x1b), FAULT);
    gives(ut_run(forge_iret, 0), FAULT);
}

static void
set_and_read_flags(int arg)
{
    uint flags = 0;

    (void)arg;
    asm volatile("pushl $0x3002; popfl; pushfl; popl %0" : "=r"(flags));
    check((flags & 0x3000) == 0);       // IOPL stays
    check(flags & 0x200);               // IF too
}

static void
trap_flags_stay_the_kernels(void)
{
    gives(ut_run(set_and_read_flags, 0), 0);
}

// --- flags carried into the kernel ---------------------------------------

static uint
flags_now(void)
{
    uint f;

    asm volatile("pushfl; popl %0" : "=r"(f));
    return f;
}

// read() with the flags set; whether they were still set afterwards.
static uint
read_with_flags(uint set, void *buf, uint n)
{
    uint after;
    int r;

    asm volatile("pushl %4; pushl %3; pushl %2; pushl $0;"
                 "pushfl; orl %5, (%%esp); popfl;"
                 "int $65;"
                 "pushfl; popl %1; pushl $2; popfl;"
                 "addl $16, %%esp"
                 : "=a"(r), "=&d"(after)
                 : "r"(fd[0]), "r"(buf), "r"(n), "r"(set), "0"(SYS_read)
                 : "memory", "cc");
    check(r == (int)n);
    return after & set;
}

static void
flags_for_a_while(uint set)
{
    uint i, n = 5000;

    must(pipe(fd));
    for (i = 0; i < 5; i++) {
        ut_fill(ut_buf, n, i, 0);
        ut_write(fd[1], ut_buf, n);
        memset(ut_buf, 0, n);
        check(read_with_flags(set, ut_buf + 1, n) == set);
        ut_verify(ut_buf + 1, n, i, 0);
        check(ut_buf[0] == 0);
        sleep(1);
    }
    must(close(fd[0]));
    must(close(fd[1]));
}

// In older kernels std, then read, and the machine restarted.
static void
df_is_clear_in_the_kernel(void)
{
    flags_for_a_while(FL_DF);
    check((flags_now() & FL_DF) == 0);
}

// In older kernels NT and AC were carried through the scheduler.
static void
nt_is_off_in_the_kernel(void)
{
    flags_for_a_while(FL_NT);
}

static void
ac_is_off_in_the_kernel(void)
{
    flags_for_a_while(FL_AC);
    flags_for_a_while(FL_AC | FL_NT | FL_DF);
}

static void
call_with_tf(int gate)
{
    if (gate == 64)
        asm volatile("pushfl; orl $0x100, (%%esp); popfl; int $64"
                     :: "a"(SYS_getpid));
    else
        asm volatile("pushfl; orl $0x100, (%%esp); popfl; int $65"
                     :: "a"(SYS_getpid));
}

static void
tf_is_off_in_the_kernel(void)
{
    gives(ut_run(call_with_tf, 64), TRAP);
    gives(ut_run(call_with_tf, 65), TRAP);
}

// Sleeps and faults with all flags set while others run.
static void
sleeps_with_flags(int set)
{
    asm volatile("pushfl; orl %0, (%%esp); popfl;"
                 "pushl $2; pushl $0; int $65; addl $8, %%esp;"
                 "pushl $2; popfl"
                 :: "r"(set), "a"(SYS_sleep) : "memory", "cc");
    check((flags_now() & (FL_DF | FL_NT | FL_AC)) == 0);
}

static void
flags_survive_the_scheduler(void)
{
    int i;

    for (i = 0; i < 6; i++)
        ut_fork(sleeps_with_flags, FL_DF | FL_NT | FL_AC);
    for (i = 0; i < 50; i++)
        check((flags_now() & (FL_DF | FL_NT | FL_AC)) == 0 && sleep(0) == 0);
    ut_join(6);
}

// --- registers -----------------------------------------------------------

// In older kernels the kernel followed the user's frame pointer.
static void
with_frame_pointer(uint ebp)
{
    uint pid, n;

    asm volatile("pushl %%ebp; movl %2, %%ebp;"
                 "int $65; movl %%eax, %1; movl $3, %%eax;"     // getpid; wait
                 "int $64; popl %%ebp"
                 : "=a"(n), "=&c"(pid) : "d"(ebp), "0"(SYS_getpid)
                 : "memory");
    check(pid == (uint)getpid() && n == (uint)-1);
}

static void
fault_with_frame_pointer(int ebp)
{
    asm volatile("movl %0, %%ebp; movl 0, %%eax" :: "r"(ebp) : "eax");
}

static void
trap_wild_frame_pointer(void)
{
    static const uint wild[] = {
        0, 1, 0xdeadbeef, 0x80000000, 0x80100000, 0xf8003ffc, 0xffffffff,
        0x7ffffffc, 0xfe000000,
    };
    uint i;

    for (i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
        with_frame_pointer(wild[i]);
        gives(ut_run(fault_with_frame_pointer, wild[i]), FAULT);
    }
}

// Every register but %eax is as before, by both gates.
#define PRESERVES(gate, call)                                               \
    do {                                                                    \
        uint b, c, d, s, t, p;                                              \
                                                                            \
        asm volatile("pushl %%ebp; pushl $0; pushl $0;"                     \
                     "movl $0x11111111, %%ebx; movl $0x22222222, %%ecx;"    \
                     "movl $0x33333333, %%edx; movl $0x44444444, %%esi;"    \
                     "movl $0x55555555, %%edi; movl $0x66666666, %%ebp;"    \
                     "int $" #gate "; movl %%ebp, %%eax; addl $8, %%esp;"   \
                     "popl %%ebp"                                           \
                     : "=a"(p), "=b"(b), "=c"(c), "=d"(d), "=S"(s),         \
                       "=D"(t) : "0"(call) : "memory");                     \
        check(b == 0x11111111 && c == 0x22222222 && d == 0x33333333);       \
        check(s == 0x44444444 && t == 0x55555555 && p == 0x66666666);       \
    } while (0)

static void
registers_survive_calls(void)
{
    PRESERVES(64, SYS_getpid);
    PRESERVES(65, SYS_getpid);
    PRESERVES(64, SYS_sleep);
    PRESERVES(65, SYS_sleep);
    PRESERVES(64, SYS_kill);
    PRESERVES(65, SYS_kill);
    PRESERVES(64, 1000);
    PRESERVES(65, 1000);
}

static void
keeps_registers(int seed)
{
    uint i, a, b;

    for (i = 0; i < 300; i++) {
        asm volatile("movl $200000, %%ecx; 1: decl %%ecx; jnz 1b"
                     : "=b"(a), "=S"(b) : "0"(seed), "1"(~seed) : "ecx");
        check(a == (uint)seed && b == ~(uint)seed);
        if (i % 50 == 0)
            sleep(0);
    }
}

static void
registers_survive_preemption(void)
{
    int i;

    for (i = 0; i < 6; i++)
        ut_fork(keeps_registers, i * 0x1234567);
    ut_join(6);
}

static void
keeps_segments(int sel)
{
    uint fs, gs, i;

    asm volatile("movl %0, %%fs; movl %1, %%gs" :: "r"(sel), "r"(0));
    for (i = 0; i < 20; i++) {
        sleep(i & 1);
        asm volatile("movl %%fs, %0; movl %%gs, %1" : "=r"(fs), "=r"(gs));
        check((fs & 0xffff) == (uint)sel && (gs & 0xffff) == 0);
    }
}

static void
segments_survive_calls(void)
{
    uint ds;
    int i;

    asm volatile("movl %%ds, %0" : "=r"(ds));
    ds &= 0xffff;
    for (i = 0; i < 6; i++)
        ut_fork(keeps_segments, i & 1 ? ds : 0);
    ut_join(6);
}

// With %ds and %es of its own: a sleep, a page fault, and interrupts. The
// stack's segment reaches everything meanwhile.
static void
keeps_data_segments(int sel)
{
    uint *page = sbrk(10 * PGSIZE), ds, es, flat, i;

    asm volatile("movl %%ds, %0" : "=r"(flat));
    for (i = 0; i < 10; i++, page += PGSIZE / sizeof(*page)) {
        asm volatile("xorl %%eax, %%eax; movl %%eax, %%es; movl %2, %%ds;"
                     "pushl $1; pushl $0; movl %4, %%eax; int $65;"
                     "addl $8, %%esp; movl $1, %%ss:(%5);"
                     "movl $1000000, %%eax; 1: decl %%eax; jnz 1b;"
                     "movl %%ds, %0; movl %%es, %1;"
                     "movl %3, %%ds; movl %3, %%es"
                     : "=&S"(ds), "=&D"(es)
                     : "c"(sel), "b"(flat), "i"(SYS_sleep), "d"(page)
                     : "eax", "memory", "cc");
        check((ds & 0xffff) == (uint)sel && (es & 0xffff) == 0);
    }
}

static void
data_segments_survive(void)
{
    uint cs;
    int i;

    asm volatile("movl %%cs, %0" : "=r"(cs));
    for (i = 0; i < 6; i++)
        ut_fork(keeps_data_segments, i & 1 ? cs & 0xffff : 0);
    ut_join(6);
}

static void
trap_wild_stack_pointer(void)
{
    static const uint wild[] = {
        0, 1, 0x80000000, 0x7ffffffe, 0x80100000, 0xf8003000, 0xfffffffc,
        0xfffffffe, 0xdeadbeef,
    };
    char *page;
    uint i;

    for (i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
        gives(ut_call_on_stack(wild[i], SYS_getpid), getpid());
        gives(ut_call_on_stack(wild[i], SYS_kill), -EFAULT);
        gives(ut_call_on_stack(wild[i], SYS_write), -EFAULT);
    }
    // Arguments that are not aligned, and across two pages, of which the second
    // is not there yet.
    page = ut_pages(1);
    page[0] = 0;
    gives(ut_call_on_stack((uint)page + 1, SYS_kill), -ESRCH);
    gives(ut_call_on_stack((uint)ut_pages(2) + PGSIZE - 8, SYS_kill), -ESRCH);
}

// --- the two gates -------------------------------------------------------

static void
exit_64(int arg)
{
    gate64(SYS_exit, arg, arg, arg);
}

// A stack pointer in the kernel's last pages is no place for arguments.
static void
trap_stack_pointer_at_the_top(void)
{
    uint esp;

    for (esp = 0xffffe000; esp >= 0xffffe000; esp += 0x84)
        gives(ut_call_on_stack(esp, SYS_close), -EFAULT);
}

static void
gates_tell_failure_differently(void)
{
    gives(gate64(SYS_close, 99, 0, 0), -1);
    gives(gate65(SYS_close, 99, 0, 0), -EBADF);
    gives(gate64(SYS_kill, 99999, 0, 0), -1);
    gives(gate65(SYS_kill, 99999, 0, 0), -ESRCH);
    gives(gate64(SYS_getpid, 0, 0, 0), getpid());
    gives(gate65(SYS_getpid, 0, 0, 0), getpid());
    gives(gate64(SYS_wait, 0, 0, 0), -1);
    gives(gate65(SYS_wait, 0, 0, 0), -ECHILD);
    gives(ut_run(exit_64, 7), 0);       // exit (2) has no argument
}

static void
gates_refuse_unknown_calls(void)
{
    static const int numbers[] = {
        0, -1, NSYSCALL, NSYSCALL + 1, 1000, 0x7fffffff, (int)0x80000000,
        0x40000000 | SYS_getpid,
    };
    uint i;

    for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        gives(gate64(numbers[i], 0, 0, 0), -1);
        gives(gate65(numbers[i], 0, 0, 0), -ENOSYS);
    }
}

// --- floating point ------------------------------------------------------

static int
has_sse(void)
{
    uint a = 1, b, c, d;

    asm volatile("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d));
    return d >> 25 & 1;
}

static void
load_fpu(uint seed)
{
    uint x[4] = { seed, ~seed, seed * 3, seed ^ 0x5555 };
    int n = seed;

    asm volatile("fninit; fildl %0" :: "m"(n));
    if (has_sse())
        asm volatile("movups %0, %%xmm0; movups %0, %%xmm7" :: "m"(x));
}

static void
check_fpu(uint seed)
{
    uint x[4] = { seed, ~seed, seed * 3, seed ^ 0x5555 }, y[4], z[4];
    int n = 0;

    asm volatile("fistl %0" : "=m"(n));
    check(n == (int)seed);
    if (!has_sse())
        return;
    asm volatile("movups %%xmm0, %0; movups %%xmm7, %1" : "=m"(y), "=m"(z));
    check(memcmp(x, y, sizeof(x)) == 0);
    check(memcmp(x, z, sizeof(x)) == 0);
}

static void
keeps_fpu(int seed)
{
    volatile int n;
    int i;

    load_fpu(seed);
    for (i = 0; i < 60; i++) {
        check_fpu(seed);
        if (i % 3 == 0)
            sleep(i & 1);
        for (n = 0; n < 50000; n++)
            ;
    }
    check_fpu(seed);
}

// In older kernels FPU and SSE state was never saved.
static void
fpu_state_survives_a_switch(void)
{
    int i;

    for (i = 1; i <= 8; i++)
        ut_fork(keeps_fpu, i * 1000003);
    keeps_fpu(77);
    ut_join(8);
}

static void
inherits_fpu(int seed)
{
    check_fpu(seed);
    load_fpu(seed + 1);
    sleep(1);
    check_fpu(seed + 1);
}

static void
fpu_is_inherited_by_fork(void)
{
    int i;

    load_fpu(4242);
    for (i = 0; i < 4; i++)
        ut_fork(inherits_fpu, 4242);
    sleep(1);
    check_fpu(4242);
    ut_join(4);
    check_fpu(4242);
}

// What FNSAVE stores, on any CPU: 28 bytes of environment, eight registers.
struct fsave {
    uchar env[28], reg[80];
};

static void
fill_fpu(int arg)
{
    struct fsave f;

    (void)arg;
    asm volatile("fninit; fldpi; fldpi; fldpi; fldpi; fldpi; fldpi; fldpi;"
                 "fldpi");
    sleep(1);                           // and they are saved
    asm volatile("fnsave %0" : "=m"(f));
    check(f.reg[0] != 0);
}

static void
find_fpu_empty(int arg)
{
    struct fsave f;
    uint i;

    (void)arg;
    asm volatile("fnsave %0" : "=m"(f));
    for (i = 0; i < sizeof f.reg; i++)
        check(f.reg[i] == 0);
}

static void
fpu_registers_are_not_inherited(void)
{
    int i;

    for (i = 0; i < 8; i++) {
        gives(ut_run(fill_fpu, 0), 0);
        gives(ut_run(find_fpu_empty, 0), 0);
    }
}

const struct utcase ut_trap[] = {
    CASE(trap_arithmetic_and_illegal, QUICK),
    CASE(trap_floating_point, QUICK),
    CASE(trap_privileged_instructions, QUICK),
    CASE(trap_kernel_addresses, QUICK),
    CASE(trap_forged_iret, QUICK),
    CASE(trap_flags_stay_the_kernels, QUICK),
    CASE(df_is_clear_in_the_kernel, QUICK),
    CASE(nt_is_off_in_the_kernel, QUICK),
    CASE(ac_is_off_in_the_kernel, QUICK),
    CASE(tf_is_off_in_the_kernel, QUICK),
    CASE(flags_survive_the_scheduler, QUICK),
    CASE(trap_wild_frame_pointer, QUICK),
    CASE(registers_survive_calls, QUICK),
    CASE(registers_survive_preemption, QUICK),
    CASE(segments_survive_calls, QUICK),
    CASE(data_segments_survive, QUICK),
    CASE(trap_wild_stack_pointer, QUICK),
    CASE(trap_stack_pointer_at_the_top, QUICK),
    CASE(gates_tell_failure_differently, QUICK),
    CASE(gates_refuse_unknown_calls, QUICK),
    CASE(fpu_state_survives_a_switch, QUICK),
    CASE(fpu_is_inherited_by_fork, QUICK),
    CASE(fpu_registers_are_not_inherited, QUICK),
    ENDCASES
};
