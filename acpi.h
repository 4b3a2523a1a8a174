// acpi.h: what the firmware's ACPI tables tell. Boot time.

// CPUs, APICs and overrides from the MADT. 0, or -ENXIO if there is none.
int  acpi_init(void);
// Any time, any context; return if the machine does not obey.
void acpi_poweroff(void);
void acpi_reset(void);
