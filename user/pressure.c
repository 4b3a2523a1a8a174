// pressure.c: uses more memory than there is, and checks every byte of it.
//
//     pressure anon MB [passes]    touch a heap, pass after pass
//     pressure file MB             store through a shared mapping of a file
//     pressure iter MB             both in turn
//     pressure store MB            store through a mapping of a file and write
//                                  to it at the same time
//     pressure fork N MB           N children with a heap each, and one that
//                                  they share with their parent copy-on-write
//     pressure share MB            shared anonymous memory, two processes, MB each
//     pressure names N MAPS        N processes, each of which maps a page of a
//                                  file MAPS times, swapped out after the file
//                                  has been cut
//     pressure sort MB             merge sort
//     pressure copy MB             copy and compare a file
//     pressure scan MB [passes]    read a file from end to end
//     pressure speed MB            swap against plain reading, in KB/s
//     pressure eat SECONDS         allocate all there is
//     pressure bomb SECONDS        fork, each child too
//     pressure fill SECONDS        fill the disk, again and again
//     pressure burst TIMES         fork till refused, again and again
//     pressure churn SECONDS       three that create and remove files beside
//                                  two that eat; how long a call took at most
//     pressure pipes N             N processes touch some pages each, beside one
//                                  that has filled many pipes
//     pressure brink MB            a file made after each page of so many: more
//                                  than there are
//
// Words hold a hash of their address and of the pass, so a page that comes
// back wrong, old or somebody else's is noticed.

#include "user.h"

#define MB      (1u << 20)
#define WORDS   (PGSIZE / sizeof(uint))
#define SAMPLE  64                  // words checked in a page
#define CHUNK   (64 << 10)
#define NAME    "pressure.tmp"
#define STORES  3                   // passes
#define MOSTMAPS 1000
#define CHURNERS 3
#define EATERS  2
#define EATEN    1024                // MB of heap
#define BRINK   200                 // pages left: a file for each from here on
#define BURSTLOSS 32                // pages, of which caches may have some
#define HOGPIPES 50                 // two descriptors each
#define TOUCHED  30                 // pages: fewer than half of the hog's
#define PATIENCE (10 * HZ)          // less than the reclaimer's

static uint
word(uint page, uint i, uint pass)
{
    uint h = page * 2654435761u ^ (i * 40503u + pass * 97u);

    return h ^ h >> 15;
}

static void
fill(uint *p, uint page, uint pass)
{
    uint i;

    for (i = 0; i < WORDS; i += WORDS / SAMPLE)
        p[i] = word(page, i, pass);
}

static void
verify(const uint *p, uint page, uint pass)
{
    uint i;

    for (i = 0; i < WORDS; i += WORDS / SAMPLE)
        if (p[i] != word(page, i, pass))
            errx(1, "pid %d page %u word %u: 0x%x, not 0x%x (pass %u)",
                 getpid(), page, i, p[i], word(page, i, pass), pass);
}

static uint *
heap(uint mb)
{
    uint *p = sbrk(mb * MB);

    if (p == (void *)-1)
        err(1, "sbrk");
    return p;
}

static void
fill_all(uint *p, uint mb, uint key, uint pass)
{
    uint i;

    for (i = 0; i < mb * (MB / PGSIZE); i++)
        fill(p + i * WORDS, i + key, pass);
}

static void
verify_all(const uint *p, uint mb, uint key, uint pass)
{
    uint i;

    for (i = 0; i < mb * (MB / PGSIZE); i++)
        verify(p + i * WORDS, i + key, pass);
}

static int
anon(uint mb, uint passes)
{
    uint *p = heap(mb), pass;

    fill_all(p, mb, 0, 0);
    for (pass = 1; pass <= passes; pass++) {
        verify_all(p, mb, 0, pass - 1);
        fill_all(p, mb, 0, pass);
    }
    verify_all(p, mb, 0, passes);
    return 0;
}

static uint
total_mb(void)
{
    struct sysinfo s;

    if (sysinfo(&s) < 0)
        err(1, "sysinfo");
    return s.frames / (MB / PGSIZE) + 1;
}

// ---- files ----

static int
make_file(const char *name, uint mb)
{
    int fd = open(name, O_RDWR | O_CREATE | O_TRUNC);

    if (fd < 0 || ftruncate(fd, mb * MB) < 0)
        err(1, "%s", name);
    return fd;
}

static uint *
map_file(int fd, uint mb)
{
    uint *p = mmap(0, mb * MB, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    if (p == MAP_FAILED)
        err(1, "mmap");
    return p;
}

static void
read_back(int fd, uint mb, uint pass)
{
    static uint buf[WORDS];
    uint i;

    lseek(fd, 0, SEEK_SET);
    for (i = 0; i < mb * (MB / PGSIZE); i++) {
        if (read(fd, buf, PGSIZE) != PGSIZE)
            err(1, "read page %u", i);
        verify(buf, i, pass);
    }
}

static int
file(uint mb)
{
    int fd = make_file(NAME, mb);
    uint *p = map_file(fd, mb);

    fill_all(p, mb, 0, 1);
    verify_all(p, mb, 0, 1);
    if (munmap(p, mb * MB) < 0)
        err(1, "munmap");
    read_back(fd, mb, 1);
    close(fd);
    unlink(NAME);
    return 0;
}

// Nobody waits long: for a page, or to write one. The writer keeps the file
// locked while it waits for memory, which only the other may have.
static void
in_time(int start)
{
    if (uptime() - start > PATIENCE)
        errx(1, "pid %d waited for %d ticks", getpid(), uptime() - start);
}

static void
store_all(int fd, uint mb)
{
    uint *p = map_file(fd, mb), i, pass;
    int t;

    for (pass = 0; pass < STORES; pass++)
        for (i = 0; i < mb * (MB / PGSIZE); i++) {
            t = uptime();
            fill(p + i * WORDS, i, 1);
            in_time(t);
        }
}

static void
write_all(int fd, uint mb)
{
    static uint buf[WORDS];
    uint i;
    int t;

    lseek(fd, 0, SEEK_SET);
    for (i = 0; i < mb * (MB / PGSIZE); i++) {
        fill(buf, i, 1);
        t = uptime();
        if (write(fd, buf, PGSIZE) != PGSIZE)
            err(1, "write");
        in_time(t);
    }
}

static int
store(uint mb)
{
    int fd = make_file(NAME, mb), pid, status;

    if ((pid = fork()) < 0)
        err(1, "fork");
    if (pid == 0) {
        store_all(fd, mb);
        exit(0);
    }
    do
        write_all(fd, mb);
    while (waitpid(pid, &status, WNOHANG) == 0);
    read_back(fd, mb, 1);
    unlink(NAME);
    return status != 0;
}

static int
iter(uint mb)
{
    int fd = make_file(NAME, mb);
    uint *f = map_file(fd, mb), *a = heap(mb), i, pass;

    for (pass = 0; pass < 2; pass++)
        for (i = 0; i < mb * (MB / PGSIZE); i++) {
            if (pass > 0) {
                verify(a + i * WORDS, i, pass - 1);
                verify(f + i * WORDS, i, pass - 1);
            }
            fill(a + i * WORDS, i, pass);
            fill(f + i * WORDS, i, pass);
        }
    verify_all(a, mb, 0, 1);
    verify_all(f, mb, 0, 1);
    read_back(fd, mb, 1);
    close(fd);
    unlink(NAME);
    return 0;
}

static int
copy(uint mb)
{
    static char a[CHUNK], b[CHUNK];
    int from = make_file(NAME, mb), to, n;
    uint *p = map_file(from, mb);

    fill_all(p, mb, 0, 7);
    munmap(p, mb * MB);
    if ((to = open(NAME "2", O_RDWR | O_CREATE | O_TRUNC)) < 0 ||
        copyfd(from, to) < 0)
        err(1, "copy");
    lseek(from, 0, SEEK_SET);
    lseek(to, 0, SEEK_SET);
    while ((n = read(from, a, CHUNK)) > 0)
        if (read(to, b, CHUNK) != n || memcmp(a, b, n) != 0)
            errx(1, "the copy differs");
    close(from);
    close(to);
    unlink(NAME);
    unlink(NAME "2");
    return n;
}

static uint
read_all(int fd)
{
    static char buf[CHUNK];
    uint total = 0;
    int n;

    lseek(fd, 0, SEEK_SET);
    while ((n = read(fd, buf, CHUNK)) > 0)
        total += n;
    return total;
}

static int
scan(uint mb, uint passes)
{
    int fd = open(NAME, O_RDONLY);

    if (fd < 0 || read_all(fd) != mb * MB) {
        close(fd);
        fd = make_file(NAME, mb);
    }
    while (passes-- > 0)
        if (read_all(fd) != mb * MB)
            err(1, "read");
    close(fd);
    return 0;
}

// ---- several processes ----

// Wait for n children; the first status that is not 0.
static int
join(int n)
{
    int status, worst = 0;

    while (n-- > 0)
        if (wait(&status) < 0 || status != 0)
            worst = worst ? worst : exitcode(status);
    return worst;
}

static int
forks(int n, uint mb)
{
    uint *shared = heap(mb), *own;
    int i, pid;

    fill_all(shared, mb, 0, 1);
    for (i = 0; i < n; i++) {
        if ((pid = fork()) < 0)
            err(1, "fork");
        if (pid == 0) {
            own = heap(mb);
            fill_all(own, mb, getpid() << 12, 2);
            verify_all(shared, mb, 0, 1);
            fill_all(shared, mb, getpid() << 12, 3);
            verify_all(own, mb, getpid() << 12, 2);
            verify_all(shared, mb, getpid() << 12, 3);
            exit(0);
        }
    }
    i = join(n);
    verify_all(shared, mb, 0, 1);
    return i;
}

static int
share(uint mb)
{
    uint *p = mmap(0, 2 * mb * MB, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint *low = p, *high = p + mb * (MB / sizeof *p);
    int pid;

    if (p == MAP_FAILED)
        err(1, "mmap");
    fill_all(low, mb, 0, 1);
    fill_all(high, mb, 5, 1);
    if ((pid = fork()) < 0)
        err(1, "fork");
    if (pid == 0) {
        verify_all(low, mb, 0, 1);
        fill_all(low, mb, 0, 2);
        exit(0);
    }
    verify_all(high, mb, 5, 1);
    fill_all(high, mb, 5, 3);
    if (join(1) != 0)
        return 1;
    verify_all(low, mb, 0, 2);
    verify_all(high, mb, 5, 3);
    return 0;
}

// A page that nobody's file has any more, mapped many times in this process.
static void
map_lost_page(uint **p, uint maps)
{
    int fd = make_file(NAME, 1);
    uint i;

    for (i = 0; i < maps; i++) {
        p[i] = mmap(0, PGSIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (p[i] == MAP_FAILED)
            err(1, "mapping %u", i);
        if (i == 0)
            fill(p[i], 0, 1);
        verify(p[i], 0, 1);
    }
    if (ftruncate(fd, 0) < 0)
        err(1, "ftruncate");
    close(fd);
    unlink(NAME);
}

static int
names(uint n, uint maps)
{
    static uint *p[MOSTMAPS];
    uint i, k, mb;
    int go[2];
    char c;

    if (maps > MOSTMAPS || pipe(go) < 0)
        err(1, "names");
    map_lost_page(p, maps);
    for (i = 1; i < n; i++) {
        if ((k = fork()) == (uint)-1)
            err(1, "fork %u", i);
        if (k == 0) {
            close(go[1]);
            read(go[0], &c, 1);     // until the parent closes its end
            for (k = 0; k < maps; k += maps / 4)
                verify(p[k], 0, 1);
            exit(0);
        }
    }
    mb = 2 * total_mb();
    fill_all(heap(mb), mb, 1, 1);
    close(go[1]);
    for (k = 0; k < maps; k++)
        verify(p[k], 0, 1);
    return join(n - 1);
}

// ---- sorting ----

static void
merge(uint *to, const uint *a, uint na, const uint *b, uint nb)
{
    while (na > 0 && nb > 0) {
        if (*a <= *b) {
            *to++ = *a++;
            na--;
        } else {
            *to++ = *b++;
            nb--;
        }
    }
    for (; na > 0; na--)
        *to++ = *a++;
    for (; nb > 0; nb--)
        *to++ = *b++;
}

// Sort n words of a; b is as large. The result is in b if swap, else in a.
static void
sort(uint *a, uint *b, uint n, int swap)
{
    uint h = n / 2;

    if (n == 1) {
        if (swap)
            *b = *a;
        return;
    }
    sort(a, b, h, !swap);
    sort(a + h, b + h, n - h, !swap);
    if (swap)
        merge(b, a, h, a + h, n - h);
    else
        merge(a, b, h, b + h, n - h);
}

static int
sorted(uint mb)
{
    uint n = mb / 2 * (MB / sizeof(uint)), i, x = 12345, sum = 0;
    uint *a = heap(mb / 2), *b = heap(mb / 2);

    for (i = 0; i < n; i++) {
        x = x * 1664525 + 1013904223;
        sum += a[i] = x;
    }
    sort(a, b, n, 0);
    for (i = 0; i < n; i++) {
        sum -= a[i];
        if (i > 0 && a[i - 1] > a[i])
            errx(1, "not sorted at %u", i);
    }
    return sum != 0;
}

// ---- speed ----

static uint
rate(uint mb, int since)
{
    int t = uptime() - since;

    return mb * 1024 * HZ / (t > 0 ? t : 1);
}

// The best of three: others may be at work on the machine below this one.
static uint
read_rate(uint mb)
{
    uint best = 0, i;
    int fd = make_file(NAME, mb), t;

    sync();
    for (i = 0; i < 3; i++) {
        t = uptime();
        read_all(fd);
        best = rate(mb, t) > best ? rate(mb, t) : best;
    }
    close(fd);
    unlink(NAME);
    sync();
    return best;
}

static uint
swap_rate(uint *p, uint mb)
{
    uint best = 0, sum = 0, i, k;
    int t;

    for (k = 0; k < 3; k++) {
        t = uptime();
        for (i = 0; i < mb * (MB / PGSIZE); i++)
            sum += *(volatile uint *)&p[i * WORDS];
        best = rate(mb, t) > best ? rate(mb, t) : best;
    }
    return sum ? best : 0;
}

static int
speed(uint mb)
{
    struct sysinfo was, now;
    uint *p;

    printf("plain read  %u KB/s\n", read_rate(mb));
    p = heap(mb);
    fill_all(p, mb, 0, 1);
    sysinfo(&was);
    printf("swap in     %u KB/s", swap_rate(p, mb));
    sysinfo(&now);
    printf(", %u pages in and %u out by three passes\n",
           now.swapins - was.swapins, now.swapouts - was.swapouts);
    verify_all(p, mb, 0, 1);
    return 0;
}

// ---- bombs, for a number of seconds ----

// Touch all the memory there is, so many bytes of heap after so many.
static int
eat_by(int end, uint size)
{
    char *p;
    uint i;

    while (uptime() < end) {
        if ((p = sbrk(size)) == (void *)-1)
            sleep(1);
        for (i = 0; p != (void *)-1 && i < size && uptime() < end; i += PGSIZE)
            p[i] = 1;
    }
    return 0;
}

static int
eat(uint seconds)
{
    return eat_by(uptime() + seconds * HZ, MB);
}

static int
bomb(uint seconds)
{
    int end = uptime() + seconds * HZ;

    while (uptime() < end)
        if (fork() < 0)
            sleep(1);
    return 0;
}

static int
filler(uint seconds)
{
    static char buf[CHUNK];
    int end = uptime() + seconds * HZ, fd;

    while (uptime() < end) {
        if ((fd = open("filler.tmp", O_RDWR | O_CREATE | O_TRUNC)) < 0)
            continue;
        while (uptime() < end && write(fd, buf, CHUNK) > 0)
            ;
        close(fd);
        unlink("filler.tmp");
    }
    return 0;
}

// ---- bursts of processes ----

static uint
available(void)
{
    struct sysinfo s;

    if (sysinfo(&s) < 0)
        err(1, "sysinfo");
    return s.free + s.cached - s.dirty;
}

// Children until fork says no; all of them end. How many there were.
static int
fork_all(void)
{
    int go[2], n = 0, pid;
    char c;

    if (pipe(go) < 0)
        err(1, "pipe");
    while ((pid = fork()) > 0)
        n++;
    if (pid == 0) {
        close(go[1]);
        read(go[0], &c, 1);         // until the parent closes its end
        exit(0);
    }
    close(go[0]);
    close(go[1]);
    join(n);
    return n;
}

// What ends leaves nothing behind that another could not have: each burst is
// as large as the first, but for chance, and all is available afterwards.
static int
burst(uint times)
{
    uint before = available(), i;
    int n, first = 0, bad = 0;

    for (i = 0; i < times; i++) {
        n = fork_all();
        first = first ? first : n;
        printf("%d children, %d pages fewer available\n", n,
               (int)(before - available()));
        bad |= n < first - first / 16 ||
            (int)(before - available()) > BURSTLOSS;
    }
    return bad;
}

// ---- files while others eat ----

static void
time_call(int start, int *slowest)
{
    if (uptime() - start > *slowest)
        *slowest = uptime() - start;
}

// Create and remove files till then. The slowest call goes to *slowest; no
// call fails.
static void
churn_files(int end, int *slowest)
{
    char name[16], other[16];
    int fd, t;

    snprintf(name, sizeof name, "churn%d", getpid());
    snprintf(other, sizeof other, "moved%d", getpid());
    while (uptime() < end) {
        t = uptime();
        if ((fd = open(name, O_RDWR | O_CREATE)) < 0)
            err(1, "open");
        time_call(t, slowest);
        t = uptime();
        if (write(fd, name, sizeof name) != sizeof name)
            err(1, "write");
        time_call(t, slowest);
        close(fd);
        t = uptime();
        if (rename(name, other) < 0)
            err(1, "rename");
        time_call(t, slowest);
        t = uptime();
        if (unlink(other) < 0)
            err(1, "unlink");
        time_call(t, slowest);
    }
}

// Its heap is larger than memory: it is never told no by sbrk and sits there,
// with memory full and nobody who asks for more, so that calls are told no too.
static int
eater(int end)
{
    int pid = fork();

    if (pid == 0)
        exit(eat_by(end, EATEN * MB));
    return pid;
}

static int
churn(uint seconds)
{
    int *slowest = mmap(0, PGSIZE, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int end = uptime() + seconds * HZ, pid[CHURNERS], i, p, status, bad = 0;

    if (slowest == MAP_FAILED)
        err(1, "mmap");
    for (i = 0; i < CHURNERS; i++)
        if ((pid[i] = fork()) == 0) {
            churn_files(end, &slowest[i]);
            exit(0);
        }
    for (i = 0; i < EATERS; i++)
        eater(end);
    while ((p = wait(&status)) > 0) {
        for (i = 0; i < CHURNERS && p != pid[i]; i++)
            ;
        if (i < CHURNERS)
            bad |= status;
        else if (uptime() < end)
            eater(end);             // the one killed has a successor
    }
    for (i = 0; i < CHURNERS; i++) {
        printf("slowest call: %d ticks\n", slowest[i]);
        bad |= slowest[i] > PATIENCE;
    }
    return bad != 0;
}

// Touch pages until nothing is left, and make and remove a file after each of
// the last ones. Those calls may fail, but all end: then a page is one too
// many.
static void
touch_and_make(uint mb)
{
    char *p = mmap(0, mb * MB, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct sysinfo s;
    uint i;

    if (p == MAP_FAILED)
        err(2, "mmap");
    for (i = 0; i < mb * MB; i += PGSIZE) {
        p[i] = 1;
        if (sysinfo(&s) == 0 && s.free < BRINK) {
            close(open("brink", O_RDWR | O_CREATE));
            unlink("brink");
        }
    }
}

static int
brink(uint mb)
{
    int pid = fork(), status;

    if (pid == 0) {
        touch_and_make(mb);
        exit(0);
    }
    if (pid < 0 || wait(&status) != pid)
        err(1, "child");
    if (WTERMSIG(status) == 0)
        errx(1, "not killed");
    unlink("brink");
    return 0;
}

// Has as many pipes as can be, and a page in each, until it is killed.
static void
hog_pipes(int ready)
{
    static char page[PGSIZE];
    int fd[2], i;

    for (i = 0; i < HOGPIPES; i++)
        if (pipe(fd) < 0 || write(fd[1], page, sizeof page) != sizeof page)
            err(1, "pipe %d", i);
    write(ready, page, 1);
    sleep(100 * HZ);
}

// Its memory is there already when memory ends.
static void
touch_when_told(int go, int end)
{
    char *p = sbrk(TOUCHED * PGSIZE), c;
    uint i;

    if (p == (void *)-1)
        err(1, "sbrk");
    read(go, &c, 1);
    for (i = 0; i < TOUCHED; i++)
        p[i * PGSIZE] = 1;
    read(end, &c, 1);
}

// The pid of the one with the pipes, for whoever reads who is killed.
static int
pipes(uint n)
{
    int ready[2], go[2], end[2], hog;
    uint i;
    char c;

    if (pipe(ready) < 0 || pipe(go) < 0 || pipe(end) < 0)
        err(1, "pipe");
    for (i = 0; i < n; i++)
        if (fork() == 0) {
            close(go[1]);
            close(end[1]);
            close(ready[1]);
            touch_when_told(go[0], end[0]);
            exit(0);
        }
    if ((hog = fork()) == 0) {
        for (i = 0; i < 2; i++) {
            close(go[i]);
            close(end[i]);
        }
        close(ready[0]);
        hog_pipes(ready[1]);
        exit(1);
    }
    close(ready[1]);
    if (read(ready[0], &c, 1) != 1)
        errx(1, "no pipes");
    printf("hog %d\n", hog);
    close(go[1]);
    sleep(5 * HZ);
    close(end[1]);
    kill(hog);
    while (wait(0) > 0)
        ;
    return 0;
}

int
main(int argc, char **argv)
{
    uint a = argc > 2 ? number(argv[2], 1, 2000) : 1;
    uint b = argc > 3 ? number(argv[3], 1, 2000) : 1;
    const char *what = argc > 1 ? argv[1] : "";
    static const struct {
        const char *name;
        int (*run)(uint);
    } one[] = {
        { "file", file }, { "store", store }, { "iter", iter },
        { "share", share },
        { "sort", sorted }, { "copy", copy }, { "speed", speed },
        { "eat", eat }, { "bomb", bomb }, { "fill", filler },
        { "churn", churn }, { "burst", burst },
        { "brink", brink }, { "pipes", pipes },
    };
    uint i;

    setlinebuf(stdout);             // forks copy no text, deaths lose none
    for (i = 0; i < sizeof one / sizeof one[0]; i++)
        if (strcmp(what, one[i].name) == 0)
            return one[i].run(a);
    if (strcmp(what, "anon") == 0)
        return anon(a, b);
    if (strcmp(what, "fork") == 0)
        return forks(a, b);
    if (strcmp(what, "scan") == 0)
        return scan(a, b);
    if (strcmp(what, "names") == 0)
        return names(a, b);
    usage("anon|file|iter|store|fork|share|names|sort|copy|scan|speed|eat|"
          "bomb|fill|burst|churn|brink|pipes ...");
    return 2;
}
