// multiboot.h: being started by GRUB or by QEMU's -kernel.

#pragma once

#include "types.h"

struct bootinfo;

// Fill it, all zero, in from the loader's structure at a physical address.
// First of all, while the first page directory is loaded.
void multiboot_info(struct bootinfo *, uint pa);
