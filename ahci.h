// ahci.h: AHCI controllers, which SATA disks hang on.

void ahci_init(void);               // adds the drives it finds (ata_add)
