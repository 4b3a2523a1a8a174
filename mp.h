// mp.h: the MultiProcessor Specification's tables, when ACPI has none.

int  mp_init(void);             // CPUs, APICs, overrides: 0 or -ENXIO
