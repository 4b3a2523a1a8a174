// ksyms.h: the kernel's function symbols, ascending by address, made from
// the linked kernel. Weak: a first link has none, and names print as "?".

#pragma once

#include "types.h"

struct ksym {
    uint addr;
    const char *name;
};

extern const struct ksym ksyms[] __attribute__((weak));
extern const uint nksyms __attribute__((weak));
