// acpi.h: what the firmware's ACPI tables tell. Boot time.

#pragma once

// CPUs, the I/O APIC and its overrides from the MADT, if there is one.
void acpi_init(void);
// Any time, any context; returns if the machine does not obey.
void acpi_poweroff(void);
