// insns.c: a QEMU plugin that counts executed instructions by address, for
// tools/profile and tools/bench.
//
// Counting goes on between two marks, no-ops that user/bench.c executes at
// the ends of what it times; with the argument mark=off it goes on from the
// first instruction below the kernel after the first within it. At the end
// it writes to the file named by out=FILE lines "address count", in hex and
// decimal, for all addresses, a line "total N" of every instruction ever
// executed, and "firmware N" of those before the boot sector's first.
//
// QEMU's header for plugins is in no package, so its few declarations that
// are used stand here; they are those of interface version 1.
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { CB_NO_REGS };
enum { INLINE_ADD_U64 };

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id,
    void (*)(plugin_id, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *,
    void (*)(unsigned, void *), int, void *);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *,
    int, void *, uint64_t);
void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *),
    void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(
    const struct qemu_plugin_tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);

int qemu_plugin_version = 1;

#define NHASH    (1 << 16)
#define KERNBASE 0x80000000u
#define BOOTSECT 0x7c00

struct counter {
    struct counter *next;
    uint32_t addr;
    uint64_t now;               // executions so far
    uint64_t base, counted;     // at the last mark; within marks
};

static struct counter *table[NHASH];
static const char *outname;
static int marks = 1, counting, sawkernel;
static uint64_t total, firmware;

// The same address has one counter, however often it is translated.
static struct counter *
counter(uint32_t addr)
{
    struct counter **c = &table[(addr * 2654435761u) >> 16];

    for (; *c; c = &(*c)->next)
        if ((*c)->addr == addr)
            return *c;
    if ((*c = calloc(1, sizeof(**c))) == NULL)
        abort();
    (*c)->addr = addr;
    return *c;
}

static void
foreach(void (*fn)(struct counter *))
{
    struct counter *c;
    int i;

    for (i = 0; i < NHASH; i++)
        for (c = table[i]; c; c = c->next)
            fn(c);
}

static void set_base(struct counter *c) { c->base = c->now; }
static void take(struct counter *c) { c->counted += c->now - c->base; }

static void add(struct counter *c) { total += c->now; }

static void
on_boot(unsigned cpu, void *arg)
{
    (void)cpu, (void)arg;
    if (firmware == 0) {
        foreach(add);
        firmware = total;
        total = 0;
    }
}

static void
on_begin(unsigned cpu, void *arg)
{
    (void)cpu, (void)arg;
    if (!counting)
        foreach(set_base);
    counting = 1;
}

static void
on_end(unsigned cpu, void *arg)
{
    (void)cpu, (void)arg;
    if (counting)
        foreach(take);
    counting = 0;
}

static void
on_user(unsigned cpu, void *arg)
{
    if (sawkernel == 1) {
        on_begin(cpu, arg);
        sawkernel = 2;
    }
}

// 1 or 2 for the begin and the end mark, else 0.
static int
mark(const struct qemu_plugin_insn *insn)
{
    static const uint8_t nop[] = { 0x0f, 0x1f, 0x80 };
    static const uint8_t magic[] = { 0x00, 0xa4, 0x7e };
    const uint8_t *p = qemu_plugin_insn_data(insn);

    if (qemu_plugin_insn_size(insn) != 7 || memcmp(p, nop, 3) != 0 ||
        memcmp(p + 4, magic, 3) != 0)
        return 0;
    return p[3];
}

static void
on_trans(plugin_id id, struct qemu_plugin_tb *tb)
{
    size_t n = qemu_plugin_tb_n_insns(tb), i;
    struct qemu_plugin_insn *insn;
    uint32_t addr;
    int m;

    (void)id;
    for (i = 0; i < n; i++) {
        insn = qemu_plugin_tb_get_insn(tb, i);
        addr = qemu_plugin_insn_vaddr(insn);
        if (marks && (m = mark(insn)) != 0)
            qemu_plugin_register_vcpu_insn_exec_cb(insn,
                m == 1 ? on_begin : on_end, CB_NO_REGS, NULL);
        if (addr == BOOTSECT)
            qemu_plugin_register_vcpu_insn_exec_cb(insn, on_boot, CB_NO_REGS,
                                                   NULL);
        if (addr >= KERNBASE + 0x100000 && addr < 0xf0000000u && !sawkernel)
            sawkernel = 1;
        if (!marks && sawkernel == 1 && addr < KERNBASE && addr > 0xfff)
            qemu_plugin_register_vcpu_insn_exec_cb(insn, on_user,
                                                   CB_NO_REGS, NULL);
        qemu_plugin_register_vcpu_insn_exec_inline(insn, INLINE_ADD_U64,
                                                   &counter(addr)->now, 1);
    }
}

static FILE *out;

static void
print(struct counter *c)
{
    if (c->counted)
        fprintf(out, "%08" PRIx32 " %" PRIu64 "\n", c->addr, c->counted);
}

static void
on_exit_(plugin_id id, void *arg)
{
    (void)id;
    if (!marks)
        on_end(0, arg);
    if ((out = fopen(outname, "w")) == NULL)
        return;
    foreach(print);
    foreach(add);
    fprintf(out, "total %" PRIu64 "\nfirmware %" PRIu64 "\n", total, firmware);
    fclose(out);
}

int
qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
    (void)info;
    for (; argc > 0; argc--, argv++)
        if (strncmp(*argv, "out=", 4) == 0)
            outname = strdup(*argv + 4);
        else if (strcmp(*argv, "mark=off") == 0)
            marks = 0;
    if (outname == NULL)
        return 1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_trans);
    qemu_plugin_register_atexit_cb(id, on_exit_, NULL);
    return 0;
}
