// mp.h: the MultiProcessor Specification's tables, when ACPI has none.

#pragma once

void mp_init(void);             // CPUs, the I/O APIC and its overrides
