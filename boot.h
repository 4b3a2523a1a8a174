// boot.h: where things lie on the disk image, and what the boot loader
// tells the kernel.
//
//   sector 0            MBR: bootasm.S stage 1 (440 bytes), partition table
//   sector 1            boot arguments: one line of text, NUL-terminated
//   sectors 2..15       the rest of bootasm.S and bootmain.c; begins with
//                       BOOTMAGIC and the kernel file's length in sectors,
//                       which tools/mkimage fills in
//   sector KERNSECT     the kernel's ELF file, at most KERNMAX bytes
//   partition 1         type PART_FS: the file system (fsformat.h)
//   partition 2         type PART_SWAP: swap
//
// Partitions start on 1 MB boundaries behind the kernel's area.
//
// Boot arguments are words separated by blanks: name=value, or a bare name.
// A value in double quotes may hold blanks; inside the quotes a backslash
// takes the next character as it is. Of several words with one name the first
// counts.

#pragma once

#define SECTSIZE  512
#define ARGSECT   1
#define LOADSECT  2
#define KERNSECT  64
#define KERNMAX   (3 << 20)
#define KERNEND   (KERNSECT + KERNMAX / SECTSIZE)
#define PART_FS   0x7f
#define PART_SWAP 0x82

#define NE820     64
#define E820SIZE  20                // sizeof(struct e820)
#define E820_RAM  1
#define BOOTMAGIC 0x6b616554
#define MULTIBOOTMAGIC 0x2badb002   // %eax when a Multiboot loader starts us

// Offsets into struct bootinfo, for bootasm.S; bootmain.c checks the second.
#define BI_NE820  0
#define BI_E820   4

#ifndef __ASSEMBLER__
#include "types.h"

struct e820 {                       // ACPI 15.1, INT 15h AX=E820h
    uint64 addr, len;
    uint   type;                    // E820_RAM, or reserved in some way
};

// The boot-information block. kmain() copies it at once, so it needs no
// keeping.
struct bootinfo {
    uint ne820;
    struct e820 e820[NE820];
    char args[SECTSIZE];            // NUL-terminated
    uchar bootdrive;                // BIOS drive number, 0x80 first disk
    uchar parts[64];                // the MBR's partition table
    uchar multiboot;                // 1: args came on the command line and
                                    // parts is empty
};
#endif
