// lib_sort.c: qsort, as a heap sort: in place, no recursion, and no input
// makes it slow; bsearch.

#include "user.h"

struct array {
    char *base;
    size_t size;
    int (*cmp)(const void *, const void *);
};

static char *
item(struct array *a, size_t i)
{
    return a->base + i * a->size;
}

static void
swap(struct array *a, size_t i, size_t j)
{
    char *p = item(a, i), *q = item(a, j), c;
    size_t k;

    for (k = 0; k < a->size; k++) {
        c = p[k];
        p[k] = q[k];
        q[k] = c;
    }
}

// Lets item i sink in the heap of n until no child is larger.
static void
sink(struct array *a, size_t i, size_t n)
{
    size_t child;

    while ((child = 2 * i + 1) < n) {
        if (child + 1 < n && a->cmp(item(a, child), item(a, child + 1)) < 0)
            child++;
        if (a->cmp(item(a, i), item(a, child)) >= 0)
            return;
        swap(a, i, child);
        i = child;
    }
}

void
qsort(void *base, size_t n, size_t size,
      int (*cmp)(const void *, const void *))
{
    struct array a = { base, size, cmp };
    size_t i;

    for (i = n / 2; i > 0; i--)
        sink(&a, i - 1, n);
    for (i = n; i > 1; i--) {
        swap(&a, 0, i - 1);
        sink(&a, 0, i - 1);
    }
}

void *
bsearch(const void *key, const void *base, size_t n, size_t size,
        int (*cmp)(const void *, const void *))
{
    const char *low = base, *middle;
    int diff;

    while (n > 0) {
        middle = low + n / 2 * size;
        diff = cmp(key, middle);
        if (diff == 0)
            return (void *)middle;
        if (diff > 0) {
            low = middle + size;
            n--;
        }
        n /= 2;
    }
    return 0;
}
