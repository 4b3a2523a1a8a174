// machine.h: which CPUs and interrupt controllers this machine has.

#pragma once

#include "types.h"

// On the first CPU, interrupts off, temporary mappings possible. Fills
// cpus[].apicid and ncpu (cpus[0] is this CPU; boot argument cpus=N limits)
// and readies the interrupt controllers: APICs by ACPI's MADT, else by the
// MP table, else (or with apic=off) PIC and PIT. The clock is not started.
void machine_init(void);

// For acpi.c and mp.c. A table names a CPU; more than NCPU are dropped.
void machine_add_cpu(uint apicid);
// The structure of n bytes in the BIOS's areas that begins with sig and has
// the right checksum, or 0.
void *bios_find(const char *sig, uint n);
uchar bytesum(const void *, uint n);    // the tables' checksum: 0 is right
