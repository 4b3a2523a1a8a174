// lib_regback.c: the search for regular expressions with back-references.
//
// What \1 matches depends on what group 1 has matched, so threads that meet
// have different futures and lib_regexec.c's way is closed. Here one thread
// runs at a time; each SPLIT leaves its other way on a stack. A table notes
// each SPLIT that was reached, with its place in the text and the captures
// that back-references ask for: to arrive there again the same way can bring
// nothing new. That bounds the time and ends empty loops.

#ifndef HOSTED
#include "user.h"
#endif
#include "regprog.h"

struct todo {
    int pc, pos;                    // pc < 0: caps[pos] = old
    int old;
};

struct back {
    struct regtext *t;
    struct todo *stack;
    uint n, room;
    int  *caps;
    int  *table;                    // rows of `width` ints; [0] 0: empty
    uint width, rows, used;         // rows: a power of 2
    int  keys[2 + 2 * 9];
};

static int
push(struct back *b, int pc, int pos, int old)
{
    struct todo *stack;

    if (b->n == b->room) {
        stack = realloc(b->stack, (b->room * 2 + 64) * sizeof(*stack));
        if (stack == 0)
            return 0;
        b->stack = stack;
        b->room = b->room * 2 + 64;
    }
    b->stack[b->n++] = (struct todo){ pc, pos, old };
    return 1;
}

// The row of b->keys, or the empty one where it belongs.
static int *
row(struct back *b, int *table, uint rows, const int *keys)
{
    uint h = 0, i;
    int *r;

    for (i = 0; i < b->width; i++)
        h = (h ^ keys[i]) * 0x9e3779b1u;
    for (h ^= h >> 15; ; h++) {
        r = table + (h & (rows - 1)) * b->width;
        if (r[0] == 0 || memcmp(r, keys, b->width * sizeof(int)) == 0)
            return r;
    }
}

static int
table_grow(struct back *b)
{
    uint rows = b->rows ? b->rows * 2 : 256, i;
    int *table = calloc(rows * b->width, sizeof(int)), *from;

    if (table == 0)
        return 0;
    for (i = 0; i < b->rows; i++) {
        from = b->table + i * b->width;
        if (from[0])
            memcpy(row(b, table, rows, from), from, b->width * sizeof(int));
    }
    free(b->table);
    b->table = table;
    b->rows = rows;
    return 1;
}

// Notes that the SPLIT at pc was reached: 0 if it had been, -1 no memory.
static int
note(struct back *b, int pc, int pos)
{
    uint n = 2, k;
    int *r;

    b->keys[0] = pc;                // never 0: that is the first SAVE
    b->keys[1] = pos;
    for (k = 1; k < 10; k++) {
        if (b->t->p->backrefs >> k & 1) {
            b->keys[n++] = b->caps[2 * k];
            b->keys[n++] = b->caps[2 * k + 1];
        }
    }
    b->width = n;
    if (b->used * 2 >= b->rows && !table_grow(b))
        return -1;
    r = row(b, b->table, b->rows, b->keys);
    if (r[0])
        return 0;
    memcpy(r, b->keys, n * sizeof(int));
    b->used++;
    return 1;
}

// Where \k ends if the text at pos says again what group k matched; else -1.
static int
again(struct back *b, int k, int pos)
{
    const uchar *s = b->t->s, *fold = b->t->p->fold;
    int from = b->caps[2 * k], n = b->caps[2 * k + 1] - from, i;

    if (from < 0 || n < 0 || n > b->t->end - pos)
        return -1;
    for (i = 0; i < n; i++)
        if (fold[s[from + i]] != fold[s[pos + i]])
            return -1;
    return pos + n;
}

// Notes that the SPLIT at pc was reached, and leaves its other way for later:
// 1, 0 if it had been, -1 no memory.
static int
split(struct back *b, int pc, int pos)
{
    int first = note(b, pc, pos);

    if (first > 0 && !push(b, pc + b->t->p->code[pc].y, pos, 0))
        return -1;
    return first;
}

// A capture, with its old value left to be put back. -1: no memory.
static int
capture(struct back *b, int slot, int pos)
{
    if (slot >= b->t->ncap)
        return 0;
    if (!push(b, -1, slot, b->caps[slot]))
        return -1;
    b->caps[slot] = pos;
    return 0;
}

// Runs one thread until it fails, matches (0), or lacks memory (-1).
static int
run(struct back *b, int pc, int pos)
{
    const struct reginst *in;
    int first;

    for (;; pc++) {
        in = &b->t->p->code[pc];
        switch (in->op) {
        case R_CHAR:
        case R_ANY:
        case R_SET:
            if (pos == b->t->end || !regtakes(b->t->p, in, b->t->s[pos]))
                return 0;
            pos++;
            break;
        case R_BACK:
            if ((pos = again(b, in->x, pos)) < 0)
                return 0;
            break;
        case R_SPLIT:
            if ((first = split(b, pc, pos)) <= 0)
                return first;
            pc += in->x - 1;
            break;
        case R_JUMP:
            pc += in->x - 1;
            break;
        case R_SAVE:
            if (capture(b, in->x, pos) < 0)
                return -1;
            break;
        case R_MATCH:
            regmatched(b->t, b->caps, pos);
            if (pos == b->t->end)
                b->n = 0;           // no match is longer
            return 0;
        default:
            if (!regholds(b->t, in->op, pos))
                return 0;
        }
    }
}

// Empties the table, and makes it small if the last start needed little.
static void
forget(struct back *b)
{
    if (b->used * 16 < b->rows) {
        free(b->table);
        b->table = 0;
        b->rows = 0;
    } else if (b->used) {
        memset(b->table, 0, b->rows * b->width * sizeof(int));
    }
    b->used = 0;
}

// All matches that begin at pos.
static int
try(struct back *b, int pos)
{
    struct todo next;
    int i;

    for (i = 0; i < b->t->ncap; i++)
        b->caps[i] = -1;
    forget(b);
    b->n = 0;
    if (!push(b, 0, pos, 0))
        return -1;
    while (b->n) {
        next = b->stack[--b->n];
        if (next.pc < 0)
            b->caps[next.pos] = next.old;
        else if (run(b, next.pc, next.pos) < 0)
            return -1;
    }
    return 0;
}

int
regback(struct regtext *t)
{
    struct back b = { .t = t };
    int pos, error = 0;

    if ((b.caps = malloc(t->ncap * sizeof(int))) == 0)
        return -1;
    for (pos = t->start; pos <= t->end && t->best[0] < 0 && !error; pos++) {
        if (t->p->nullable ||
            (pos < t->end && reghas(&t->p->first, t->s[pos])))
            error = try(&b, pos);
    }
    free(b.caps);
    free(b.stack);
    free(b.table);
    return error;
}
