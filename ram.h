// ram.h: which frames are RAM that the allocator may hand out.

#pragma once

#include "types.h"

struct bootinfo;

// Find it by the firmware's map; once. Returns the number of the first frame of
// a table of so many bytes for each frame number below ram_top, which is
// taken out of it.
uint ram_init(const struct bootinfo *, uint perframe);
extern uint ram_top;                // first frame number above all RAM
extern uint ram_frames;             // how many there are
uint ram_next(uint pfn);            // the first from pfn on, or ram_top if none
int  frame_is_ram(uint pfn);
