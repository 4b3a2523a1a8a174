// ahci.h: AHCI controllers, which SATA disks hang on.

#pragma once

void ahci_init(void);               // adds the drives it finds (ata_add)
