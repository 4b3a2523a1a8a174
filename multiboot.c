// multiboot.c: what a Multiboot 1 loader tells (Multiboot 0.6.96, 3.3), as
// Teak's own loader would say it.

#include "boot.h"
#include "memlayout.h"
#include "lib.h"
#include "multiboot.h"

#define HAS_MEMORY  (1 << 0)
#define HAS_CMDLINE (1 << 2)
#define HAS_MAP     (1 << 6)

struct loaderinfo {
    uint flags;
    uint lower, upper;              // KB from 0, KB from 1 MB
    uint drive, cmdline, nmods, mods, symbols[4];
    uint maplen, map;               // bytes, address
};

struct range {
    uint size;                      // of the rest
    struct e820 e;
};

// A loader without a memory map gives two sizes.
static void
two_sizes(struct bootinfo *bi, const struct loaderinfo *li)
{
    bi->e820[0] = (struct e820){ 0, (uint64)li->lower << 10, E820_RAM };
    bi->e820[1] = (struct e820){ EXTMEM, (uint64)li->upper << 10, E820_RAM };
    bi->ne820 = 2;
}

static void
memory_map(struct bootinfo *bi, const struct loaderinfo *li)
{
    const char *p = P2V(li->map), *end = p + li->maplen;
    const struct range *r;

    for (; p < end && bi->ne820 < NE820; p += r->size + sizeof r->size) {
        r = (const struct range *)p;
        bi->e820[bi->ne820++] = r->e;
    }
}

// QEMU puts the kernel's path before the arguments, GRUB 2 does not: a first
// word that has a '/' or a '.' but neither '=' nor '"' is a path.
static const char *
skip_path(const char *s)
{
    const char *e;
    int path = 0;

    for (e = s; *e > ' ' && *e != '=' && *e != '"'; e++)
        path |= *e == '/' || *e == '.';
    return path && *e <= ' ' ? e : s;
}

void
multiboot_info(struct bootinfo *bi, uint pa)
{
    const struct loaderinfo *li = P2V(pa);

    bi->multiboot = 1;
    if (li->flags & HAS_MAP)
        memory_map(bi, li);
    else if (li->flags & HAS_MEMORY)
        two_sizes(bi, li);
    if (li->flags & HAS_CMDLINE)
        strlcpy(bi->args, skip_path(P2V(li->cmdline)), sizeof bi->args);
}
