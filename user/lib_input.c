// lib_input.c: what programs share that read files and write to stdout.
//
// Input comes by descriptor: nextline() or read() buffers it. Output goes
// by stdout, and is checked where it is produced: a program whose reader
// has gone must not go on producing.

#include "input.h"

int outstatus = 1;                  // exit status after a failed write

void
output(const void *p, uint n)
{
    if (fwrite(p, 1, n, stdout) != n)
        badwrite(outstatus);
}

void
outputline(const char *line, uint n)
{
    output(line, n);
    if (putchar('\n') < 0)
        badwrite(outstatus);
}

int
finish(int status)
{
    if (fflush(stdout) < 0 || ferror(stdout))
        badwrite(outstatus);
    return status;
}

int
openinput(const char *name)
{
    struct stat st;
    int fd;

    if (strcmp(name, "-") == 0)
        return 0;
    if ((fd = open(name, O_RDONLY)) < 0)
        return -1;
    if (fstat(fd, &st) == 0 && st.type == T_DIR) {
        close(fd);
        errno = EISDIR;
        return -1;
    }
    return fd;
}

int
endlines(struct lines *l, const char *name)
{
    closelines(l);
    if ((errno = l->error) == 0)
        return 0;
    warn("%s", name);
    return 1;
}

void
filetitle(const char *name)
{
    static int shown;

    printf("%s==> %s <==\n", shown ? "\n" : "",
           strcmp(name, "-") == 0 ? "standard input" : name);
    shown = 1;
}

int
eachfile(char **names, int (*each)(int fd, const char *name))
{
    static char *none[] = { "-", 0 };
    int status = 0, fd, result;

    if (*names == 0)
        names = none;
    for (; *names; names++) {
        if ((fd = openinput(*names)) < 0) {
            warn("%s", *names);
            status = outstatus;
            continue;
        }
        result = each(fd, *names);
        status = result > status ? result : status;
        if (fd != 0)
            close(fd);
    }
    return status;
}

// The bytes that a unit's letter stands for, 0 if it is none.
static uint
unit(const char *s)
{
    switch (*s) {
    case 0:   return 1;
    case 'b': return 512;
    case 'k':
    case 'K': return 1 << 10;
    case 'm':
    case 'M': return 1 << 20;
    case 'g':
    case 'G': return 1 << 30;
    default:  return 0;
    }
}

uint
bytecount(const char *s)
{
    char *end;
    uint n, size;

    errno = 0;
    n = strtoul(s, &end, 10);
    size = unit(end);
    if (!isdigit(*s) || size == 0 || (*end && end[1]))
        errx(outstatus, "%s: not a number", s);
    if (errno || n > UINT_MAX / size)
        errx(outstatus, "%s: too large a number", s);
    return n * size;
}

const char *
oldcount(const char *word, const char *signs, uint *count)
{
    char *end;

    if (word == 0 || *word == 0 || !strchr(signs, *word) || !isdigit(word[1]))
        return 0;
    errno = 0;
    *count = strtoul(word + 1, &end, 10);
    if (errno)
        errx(outstatus, "%s: too large a number", word);
    return end;
}

// -- the end of a stream ------------------------------------------------------
// A queue of chunks holds what may still belong to the end. A chunk leaves
// it as soon as those behind it have more than n newlines (or bytes): one
// more than n, for the last newline may end the last line or not.

struct chunk {
    struct chunk *next;
    uint n, newlines;
    char data[8192];
};

struct queue {
    struct chunk *first, *last;
    uint n, newlines;               // of all chunks
};

static uint
newlines(const char *p, uint n)
{
    const char *end = p + n;
    uint count = 0;

    while (p < end && (p = memchr(p, '\n', end - p)) != 0) {
        count++;
        p++;
    }
    return count;
}

static void
enqueue(struct queue *q, struct chunk *c)
{
    c->next = 0;
    c->newlines = newlines(c->data, c->n);
    if (q->first)
        q->last->next = c;
    else
        q->first = c;
    q->last = c;
    q->n += c->n;
    q->newlines += c->newlines;
}

static void
dequeue(struct queue *q, passfn *before)
{
    struct chunk *c = q->first;

    if (before)
        before(c->data, c->n);
    q->first = c->next;
    q->n -= c->n;
    q->newlines -= c->newlines;
    free(c);
}

static int
beyond(struct queue *q, uint n, int lines)
{
    if (q->first == q->last)
        return 0;
    return lines ? q->newlines - q->first->newlines > n
                 : q->n - q->first->n > n;
}

// The bytes of the queue that come before its last n lines. The last may
// lack its newline: with n > 0 no newline behind them is looked for.
static uint
linesbefore(struct queue *q, uint n)
{
    uint total = q->newlines, skip, at = 0;
    struct chunk *c = q->first;
    const char *p;

    if (n == 0)
        return q->n;
    if (q->last && q->last->data[q->last->n - 1] != '\n')
        total++;
    if (total <= n)
        return 0;
    for (skip = total - n; skip > c->newlines; c = c->next) {
        skip -= c->newlines;
        at += c->n;
    }
    for (p = c->data; skip > 0; skip--)
        p = (char *)memchr(p, '\n', c->data + c->n - p) + 1;
    return at + (p - c->data);
}

// The first bytes of the queue are before's, the others after's.
static void
drain(struct queue *q, uint head, passfn *before, passfn *after)
{
    struct chunk *c;
    uint n;

    while ((c = q->first) != 0) {
        n = c->n < head ? c->n : head;
        if (before && n > 0)
            before(c->data, n);
        if (after && n < c->n)
            after(c->data + n, c->n - n);
        head -= n;
        q->first = c->next;
        free(c);
    }
}

int
splitend(int fd, uint n, int lines, passfn *before, passfn *after)
{
    struct queue q = { 0, 0, 0, 0 };
    struct chunk *c;
    int got = 0, why = 0;
    uint head;

    while ((c = malloc(sizeof(*c))) != 0 &&
           (got = read(fd, c->data, sizeof(c->data))) > 0) {
        c->n = got;
        enqueue(&q, c);
        while (beyond(&q, n, lines))
            dequeue(&q, before);
    }
    if (c == 0 || got < 0)
        why = errno;
    free(c);
    head = lines ? linesbefore(&q, n) : q.n > n ? q.n - n : 0;
    drain(&q, head, before, after);
    errno = why;
    return why ? -1 : 0;
}
