// region.c: what ought to be at each user address.
//
// A process's regions form one list sorted by address, without overlaps:
//
//     text [1000,3000) r-x file   data [3000,5000) rw- file   stack   heap
//
// This file is pure list work on memory that the caller gives: no locks, no
// allocation, no page tables. So is the page fault's decision, classify(): a
// function of its arguments alone.

#include "region.h"

struct region *
region_find(struct region *r, uint va)
{
    while (r && va >= r->end)
        r = r->next;
    return r && va >= r->start ? r : 0;
}

struct region *
region_overlap(struct region *r, uint start, uint end)
{
    while (r && start >= r->end)
        r = r->next;
    return r && end > r->start ? r : 0;
}

void
region_insert(struct region **list, struct region *r)
{
    while (*list && (*list)->end <= r->start)
        list = &(*list)->next;
    r->next = *list;
    *list = r;
}

void
region_remove(struct region **list, struct region *r)
{
    while (*list != r)
        list = &(*list)->next;
    *list = r->next;
}

void
region_split(struct region *r, uint va, struct region *tail)
{
    *tail = *r;
    tail->start = va;
    if (r->ip)
        tail->off = r->off + (va - r->start);
    r->end = va;
}

int
region_mergeable(const struct region *a, const struct region *b)
{
    if (a->end != b->start || a->prot != b->prot || a->kind != b->kind ||
        a->shared != b->shared || a->maywrite != b->maywrite ||
        a->ip != b->ip)
        return 0;
    return a->ip == 0 ||
        (a->off + (a->end - a->start) == b->off && a->fileend == b->fileend);
}

uint
region_gap(struct region *r, uint n, uint bottom, uint top)
{
    uint low = bottom, best = 0;

    // Walk the gaps upward; the last one that fits is the highest.
    for (; r && r->start < top; r = r->next) {
        if (r->start > low && r->start - low >= n)
            best = r->start - n;
        if (r->end > low)
            low = r->end;
    }
    if (top > low && top - low >= n)
        best = top - n;
    return best;
}

enum faultcase
classify(const struct region *r, pte_t pte, uint va, int write)
{
    uint need = write ? PTE_U | PTE_W : PTE_U;

    if (r->prot == PROT_NONE || (write && !(r->prot & PROT_WRITE)))
        return BAD;
    if (pte & PTE_P) {
        if ((pte & need) == need)
            return SPURIOUS;
        return write && !r->shared ? COW : UPGRADE;
    }
    if (pte)
        return SWAPPED;
    return r->ip && PGROUNDDOWN(va) < r->fileend ? FILEPAGE : ZERO;
}
