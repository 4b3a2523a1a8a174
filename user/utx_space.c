// utx_space.c: what tests/57-events.t looks at: address spaces in which all has
// happened that can. It says "there", and sleeps until it is killed.
//
// The parent maps, protects, cuts, joins and unmaps; its child shares all that
// and writes to some.

#include "user.h"

#define PAGE  4096
#define SPACE (16 * PAGE)
#define LONG  1000000              // ticks

static void
write_pages(char *p, int from, int to)
{
    for (; from < to; from++)
        p[from * PAGE] = from + 1;
}

static char *
map(uint len, uint flags, int fd)
{
    char *p = mmap(0, len, PROT_READ | PROT_WRITE, flags, fd, 0);

    if (p == MAP_FAILED)
        err(1, "mmap");
    return p;
}

// A file of eight pages, without a name.
static int
make_file(void)
{
    static char page[PAGE];
    int fd = open("utx_space.tmp", O_CREATE | O_RDWR), i;

    for (i = 0; i < 8; i++)
        if (write(fd, page, PAGE) != PAGE)
            err(1, "utx_space.tmp");
    unlink("utx_space.tmp");
    return fd;
}

int
main(void)
{
    char *own, *common, *file, *heap = sbrk(8 * PAGE);
    int fd = make_file();

    write_pages(heap, 0, 8);
    sbrk(-3 * PAGE);
    own = map(SPACE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    write_pages(own, 0, 12);
    mprotect(own + 2 * PAGE, 4 * PAGE, PROT_READ);
    mprotect(own + 8 * PAGE, PAGE, PROT_NONE);
    mprotect(own + 4 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE);
    munmap(own + 10 * PAGE, PAGE);
    common = map(4 * PAGE, MAP_SHARED | MAP_ANONYMOUS, -1);
    file = map(8 * PAGE, MAP_SHARED, fd);
    write_pages(file, 1, 3);
    if (fork() == 0) {
        write_pages(own, 0, 2);
        write_pages(common, 1, 2);
        write_pages(file, 5, 6);
        munmap(file, 2 * PAGE);
        sleep(LONG);
    }
    write_pages(own, 1, 2);
    mprotect(common, PAGE, PROT_READ);
    sleep(20);
    printf("there\n");
    fflush(stdout);
    sleep(LONG);
    return 0;
}
