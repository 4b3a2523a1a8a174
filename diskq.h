// diskq.h: a queue of disk requests in the order of their blocks. Pure: the
// caller's lock guards it.

#pragma once

#include "types.h"

struct sweep {
    struct page *first;             // sorted, by qnext
    struct page *latest;            // of these, added last; or 0
};

struct diskq {
    struct sweep ahead, behind;     // under way; the next
    uint dev, bno;                  // where the one under way has got to
};

void diskq_add(struct diskq *, struct page *);
// The next run: up to max frames whose blocks are neighbours, in one
// direction (reading or writing), linked by qnext. 0 when empty. *n: frames.
struct page *diskq_take(struct diskq *, uint max, uint *n);
