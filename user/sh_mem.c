// sh_mem.c: the shell's memory.
//
// An arena is a pile of blocks from which pieces are taken and never given
// back one by one: all that was taken since a mark goes at once. A text or
// a list grows in an arena by moving to a piece twice as large.

#include "sh.h"

#define BLOCK 2000                  // bytes; larger pieces get their own

struct block {
    struct block *under;
    uint size;
    char data[] __attribute__((aligned(8)));
};

struct arena scratch;

void *
must(void *p)
{
    if (p == 0)
        errx(MISUSED, "out of memory");
    return p;
}

void *
take(struct arena *a, uint n)
{
    struct block *b = a->top;
    uint size;
    char *p;

    if (n > INT_MAX / 2)
        must(0);
    n = (n + 7) & ~7u;
    if (b == 0 || b->size - a->used < n) {
        size = n > BLOCK ? n : BLOCK;
        b = must(malloc(sizeof(*b) + size));
        b->under = a->top;
        b->size = size;
        a->top = b;
        a->used = 0;
    }
    p = b->data + a->used;
    a->used += n;
    return memset(p, 0, n);
}

char *
keep(struct arena *a, const char *s, uint n)
{
    char *copy = take(a, n + 1);

    if (n > 0)
        memcpy(copy, s, n);
    return copy;
}

struct mark
mark(struct arena *a)
{
    struct mark m = { a->top, a->used };

    return m;
}

void
release(struct arena *a, struct mark m)
{
    struct block *b;

    while ((b = a->top) != m.top) {
        a->top = b->under;
        free(b);
    }
    a->used = m.used;
}

struct arena *
newarena(void)
{
    struct arena *a = must(calloc(1, sizeof(*a)));

    a->refs = 1;
    return a;
}

void
letgo(struct arena *a)
{
    struct mark none = { 0, 0 };

    if (--a->refs > 0)
        return;
    release(a, none);
    free(a);
}

void
add(struct text *t, const char *s, uint n)
{
    char *bigger;

    if (t->n + n + 1 > t->cap) {
        t->cap = (t->n + n + 1) * 2 + 16;
        bigger = take(t->arena ? t->arena : &scratch, t->cap);
        if (t->n > 0)
            memcpy(bigger, t->s, t->n);
        t->s = bigger;
    }
    if (n > 0)
        memcpy(t->s + t->n, s, n);
    t->n += n;
    t->s[t->n] = 0;
}

void
addc(struct text *t, char c)
{
    add(t, &c, 1);
}

void
adds(struct text *t, const char *s)
{
    add(t, s, strlen(s));
}

void
append(struct list *l, char *s)
{
    char **bigger;

    if (l->n + 2 > l->cap) {
        l->cap = l->cap * 2 + 8;
        bigger = take(&scratch, l->cap * sizeof(*bigger));
        if (l->n > 0)
            memcpy(bigger, l->v, l->n * sizeof(*bigger));
        l->v = bigger;
    }
    l->v[l->n++] = s;
    l->v[l->n] = 0;
}
