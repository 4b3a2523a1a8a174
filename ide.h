// ide.h: IDE controllers, and the drives on both of one's channels.

#pragma once

void ide_init(void);                // adds the drives it finds (ata_add)
