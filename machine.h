// machine.h: which CPUs and interrupt controllers this machine has.

// On the first CPU, interrupts off, temporary mappings possible. Fills
// cpus[].apicid and ncpu (cpus[0] is this CPU; boot argument cpus=N limits)
// and readies the interrupt controllers: APICs by ACPI's MADT, else by the
// MP table, else (or with apic=off) PIC and PIT. The clock is not started.
void machine_init(void);
// A table names a CPU; called by acpi.c and mp.c. Full table: dropped.
void machine_add_cpu(uint apicid);
uchar bytesum(const void *, uint n);    // the tables' checksum: 0 is right
