// lib_demo.c: what the demonstration programs share.

#include "demo.h"

#define LINE  160                   // bytes of a step at most
#define PAUSE HZ                    // after a step with -s

static int slow;
static int mine[2], other[2];       // pipes of demo_fork()

void
demo_start(int argc, char **argv, int operands)
{
    int c;

    while ((c = getopt(argc, argv, "s")) != -1) {
        if (c != 's')
            usage(NULL);
        slow = 1;
    }
    if (argc - optind > operands)
        usage(NULL);
}

void
step(const char *fmt, ...)
{
    char text[LINE];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    assert(n < LINE);
    eventmark("%s", text);
    if (dprintf(1, "%s\n", text) < 0)
        badwrite(1);
    if (slow)
        sleep(PAUSE);
}

// ---- page-table entries ----

uint
entry_of_pid(int pid, const void *p)
{
    return getpagetableentry(pid, (int)p);
}

uint
entry_of(const void *p)
{
    return entry_of_pid(getpid(), p);
}

void
show_entry(const char *who, int pid, const void *p)
{
    uint e = entry_of_pid(pid, p);

    if (e & PTE_P)
        step("%s entry %08x: frame %x, %s%s%s", who, e, e >> PGSHIFT,
             e & PTE_W ? "writable" : "read-only",
             e & PTE_A ? ", accessed" : "", e & PTE_D ? ", dirty" : "");
    else if (e)
        step("%s entry %08x: swap slot %x", who, e, e >> PGSHIFT);
    else
        step("%s entry %08x: nothing there yet", who, e);
}

char *
demo_pages(uint n)
{
    char *p = mmap(0, n * PGSIZE, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        err(1, "mmap");
    return p;
}

// ---- turns ----

static int
await_turn(void)
{
    char c;

    return read(mine[0], &c, 1) == 1;
}

int
demo_pass(void)
{
    return write(other[1], "", 1) == 1 && await_turn();
}

int
demo_fork(void)
{
    int down[2], up[2], pid;

    if (pipe(down) < 0 || pipe(up) < 0)
        err(1, "pipe");
    if ((pid = fork()) < 0)
        err(1, "fork");
    memcpy(mine, pid ? up : down, sizeof(mine));
    memcpy(other, pid ? down : up, sizeof(other));
    close(mine[1]);                 // so that the other's end is seen
    close(other[0]);
    if (pid == 0 && !await_turn())
        exit(1);
    return pid;
}

int
demo_wait(int pid)
{
    int status;

    if (waitpid(pid, &status, 0) != pid)
        err(1, "wait");
    return status;
}
