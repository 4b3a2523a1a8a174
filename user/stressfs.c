// stressfs.c: several processes write, read back and remove files of their
// own at the same time.
//
//     stressfs [processes [rounds]]

#include "user.h"

#define FILESIZE (96 << 10)         // reaches into the indirect blocks
#define CHUNK    1536               // not a divisor of the block size

static uchar buf[CHUNK];

static uchar
pattern(int who, int round, uint at)
{
    return who * 31 + round * 7 + at / CHUNK;
}

static void
writefile(const char *name, int who, int round)
{
    int fd = open(name, O_WRONLY | O_CREATE | O_TRUNC);
    uint at;

    if (fd < 0)
        err(1, "%s", name);
    for (at = 0; at < FILESIZE; at += CHUNK) {
        memset(buf, pattern(who, round, at), CHUNK);
        if (writeall(fd, buf, CHUNK) < 0)
            err(1, "%s", name);
    }
    close(fd);
}

static void
readfile(const char *name, int who, int round)
{
    int fd = open(name, O_RDONLY), i;
    uint at;

    if (fd < 0)
        err(1, "%s", name);
    for (at = 0; at < FILESIZE; at += CHUNK) {
        if (read(fd, buf, CHUNK) != CHUNK)
            errx(1, "%s: short at %u", name, at);
        for (i = 0; i < CHUNK; i++)
            if (buf[i] != pattern(who, round, at))
                errx(1, "%s: wrong byte at %u", name, at + i);
    }
    close(fd);
}

static void NORETURN
worker(int who, int rounds)
{
    char name[DIRSIZ + 1];
    int round;

    snprintf(name, sizeof(name), "stressfs%d", who);
    for (round = 0; round < rounds; round++) {
        writefile(name, who, round);
        readfile(name, who, round);
        if (unlink(name) < 0)
            err(1, "%s", name);
    }
    exit(0);
}

int
main(int argc, char **argv)
{
    int n = 4, rounds = 4, bad = 0, i, pid, st;

    setlinebuf(stdout);             // forks copy no text, deaths lose none
    if (argc > 3)
        usage("[processes [rounds]]");
    if (argc > 1)
        n = number(argv[1], 1, 100);
    if (argc > 2)
        rounds = number(argv[2], 1, INT_MAX);
    for (i = 0; i < n; i++) {
        if ((pid = fork()) < 0)
            err(1, "fork");
        if (pid == 0)
            worker(i, rounds);
    }
    while (wait(&st) > 0)
        bad += st != 0;
    printf("stressfs: %d of %d processes failed\n", bad, n);
    return bad != 0;
}
