// diskq.h: a queue of disk requests in the order of their blocks. Pure: the
// caller's lock guards it.

#pragma once

#include "types.h"

struct diskq {
    struct page *ahead, *behind;    // sorted; of the sweep under way, the next
    struct page *aheadhint, *behindhint;    // inserted last, or 0
    uint dev, bno;                  // where the sweep has got to
};

void diskq_add(struct diskq *, struct page *);
// The next run: up to max frames whose blocks are neighbours, in one
// direction (reading or writing), linked by qnext. 0 when empty. *n: frames.
struct page *diskq_take(struct diskq *, uint max, uint *n);
// Which device the next run is for; 0 when empty.
uint diskq_next_dev(struct diskq *);
