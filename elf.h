// elf.h: the ELF32 file format, as far as Teak reads it (System V gABI 4).

#pragma once

#include "types.h"

#define ELF_MAGIC 0x464c457fu       // "\x7f" "ELF", little-endian

struct elfhdr {
    uint   magic;
    uchar  class, data, version, pad[9];
    ushort type, machine;
    uint   version2, entry, phoff, shoff, flags;
    ushort ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct proghdr {
    uint type, off, vaddr, paddr, filesz, memsz, flags, align;
};

#define ELFCLASS32  1
#define ELFDATA2LSB 1
#define ET_EXEC     2
#define EM_386      3
#define PT_LOAD     1
#define PF_X 1
#define PF_W 2
#define PF_R 4
