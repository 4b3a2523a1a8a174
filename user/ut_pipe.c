// ut_pipe.c: cases about pipes.

#include "user.h"
#include "ut.h"

#define PIPESIZE 16384              // at least so much goes in unread
#define ATOMIC   4096               // writes up to this stay in one piece

static int fd[2];

static void
drop(void)
{
    must(close(fd[0]));
    must(close(fd[1]));
}

static void
pipe_bytes(void)
{
    char c;
    int i;

    must(pipe(fd));
    check(fd[0] != fd[1]);
    for (i = 0; i < 1000; i++) {
        c = i;
        gives(write(fd[1], &c, 1), 1);
        c = ~i;
        gives(read(fd[0], &c, 1), 1);
        check(c == (char)i);
    }
    drop();
}

static void
pipe_holds_pipesize(void)
{
    uint i;

    must(pipe(fd));
    for (i = 0; i < PIPESIZE; i += 512) {
        ut_fill(ut_buf, 512, 1, i);
        ut_write(fd[1], ut_buf, 512);
    }
    for (i = 0; i < PIPESIZE; i += 1024) {
        gives(ut_read(fd[0], ut_buf, 1024), 1024);
        ut_verify(ut_buf, 1024, 1, i);
    }
    drop();
}

static void
pipe_short_read(void)
{
    must(pipe(fd));
    gives(write(fd[1], "abc", 3), 3);
    gives(read(fd[0], ut_buf, 100), 3);
    check(memcmp(ut_buf, "abc", 3) == 0);
    drop();
}

static void
pipe_end_of_file(void)
{
    int extra;

    must(pipe(fd));
    extra = must(dup(fd[1]));
    gives(write(fd[1], "x", 1), 1);
    must(close(fd[1]));
    gives(write(extra, "y", 1), 1);
    must(close(extra));
    gives(read(fd[0], ut_buf, 10), 2);
    gives(read(fd[0], ut_buf, 10), 0);
    gives(read(fd[0], ut_buf, 10), 0);
    must(close(fd[0]));
}

#define STREAM (1 << 20)

static void
stream_writer(int seed)
{
    uint off, n, size = 1;

    close(fd[0]);
    for (off = 0; off < STREAM; off += n) {
        n = STREAM - off < size ? STREAM - off : size;
        ut_fill(ut_buf, n, seed, off);
        ut_write(fd[1], ut_buf, n);
        size = (size * 7 + 3) % UTBUF + 1;
    }
}

static void
pipe_stream(void)
{
    uint off = 0, size = 1;
    int got;

    must(pipe(fd));
    ut_fork(stream_writer, 5);
    must(close(fd[1]));
    while ((got = must(read(fd[0], ut_buf, size))) > 0) {
        ut_verify(ut_buf, got, 5, off);
        off += got;
        size = (size * 5 + 11) % UTBUF + 1;
    }
    check(off == STREAM);
    ut_join(1);
    must(close(fd[0]));
}

static int back[2];

static void
echoer(int n)
{
    char c;

    while (n-- > 0) {
        gives(read(fd[0], &c, 1), 1);
        c++;
        gives(write(back[1], &c, 1), 1);
    }
}

static void
pipe_round_trips(void)
{
    int i, n = 2000;
    char c;

    must(pipe(fd));
    must(pipe(back));
    ut_fork(echoer, n);
    for (i = 0; i < n; i++) {
        c = i;
        gives(write(fd[1], &c, 1), 1);
        gives(read(back[0], &c, 1), 1);
        check(c == (char)(i + 1));
    }
    ut_join(1);
    drop();
    must(close(back[0]));
    must(close(back[1]));
}

#define WRITERS 4
#define RECORDS 50

static void
record_writer(int who)
{
    uchar *rec = ut_buf + 4096 - 100 * who;     // across two pages
    int i;

    close(fd[0]);
    memset(rec, 'a' + who, ATOMIC);
    for (i = 0; i < RECORDS; i++)
        ut_write(fd[1], rec, ATOMIC);
}

static void
pipe_small_writes_stay_whole(void)
{
    int i, j, total = 0;

    must(pipe(fd));
    for (i = 1; i <= WRITERS; i++)
        ut_fork(record_writer, i);
    must(close(fd[1]));
    while (ut_read(fd[0], ut_buf, ATOMIC) == ATOMIC) {
        for (j = 1; j < ATOMIC; j++)
            if (ut_buf[j] != ut_buf[0])
                ut_fail("record %d torn at %d", total, j);
        total++;
    }
    check(total == WRITERS * RECORDS);
    ut_join(WRITERS);
    must(close(fd[0]));
}

#define READERS 6
#define TOKENS  3000

static void
token_reader(int who)
{
    ushort token;
    int i, n;

    (void)who;
    close(fd[1]);
    close(back[0]);
    while ((n = must(read(fd[0], ut_buf, 2))) > 0) {
        check(n == 2);
        memcpy(&token, ut_buf, 2);
        for (i = 0; i < token % 50; i++)
            getpid();
        ut_write(back[1], &token, 2);
    }
}

static void
pipe_many_readers_share(void)
{
    static uchar seen[TOKENS];
    ushort token;
    int i, n = 0;

    must(pipe(fd));
    must(pipe(back));
    for (i = 0; i < READERS; i++)
        ut_fork(token_reader, i);
    must(close(back[1]));
    must(close(fd[0]));
    for (i = 0; i < TOKENS; i++) {
        token = i;
        ut_write(fd[1], &token, 2);
        if (i % 1000 == 999)
            for (; n <= i; n++) {
                gives(ut_read(back[0], &token, 2), 2);
                check(token < TOKENS && !seen[token]);
                seen[token] = 1;
            }
    }
    must(close(fd[1]));
    gives(read(back[0], &token, 2), 0);
    must(close(back[0]));
    ut_join(READERS);
}

static void
stage(int out)
{
    int got;

    while ((got = must(read(0, ut_buf, 1000))) > 0)
        ut_write(out, ut_buf, got);
}

// One more process after `in`; where its output can be read.
static int
add_stage(int in)
{
    int next[2];

    must(pipe(next));
    if (must(fork()) == 0) {
        must(close(fd[1]));
        must(dup2(in, 0));
        must(close(in));
        must(close(next[0]));
        stage(next[1]);
        exit(0);
    }
    must(close(in));
    must(close(next[1]));
    return next[0];
}

#define LINE 50000

static void
line_feeder(int out)
{
    ut_fill(ut_buf, LINE, 9, 0);
    ut_write(out, ut_buf, LINE);
}

// Five processes in a row, each joined to the next.
static void
pipe_line(void)
{
    uint i, off = 0;
    int in, got;

    must(pipe(fd));
    in = fd[0];
    for (i = 0; i < 5; i++)
        in = add_stage(in);
    ut_fork(line_feeder, fd[1]);
    must(close(fd[1]));
    while ((got = must(read(in, ut_buf, UTBUF))) > 0) {
        ut_verify(ut_buf, got, 9, off);
        off += got;
    }
    check(off == LINE);
    must(close(in));
    ut_join(6);
}

static void
pipe_wrong_use(void)
{
    struct stat st;

    must(pipe(fd));
    fails(read(fd[1], ut_buf, 1), EBADF);
    fails(write(fd[0], ut_buf, 1), EBADF);
    fails(lseek(fd[0], 0, SEEK_CUR), ESPIPE);
    fails(ftruncate(fd[1], 0), EINVAL);
    fails(fsync(fd[1]), EINVAL);
    fails(read(fd[0], ut_buf, -1), EINVAL);
    fails(write(fd[1], ut_buf, -1), EINVAL);
    gives(read(fd[0], ut_buf, 0), 0);
    gives(write(fd[1], ut_buf, 0), 0);
    gives(write(fd[1], "12345", 5), 5);
    must(fstat(fd[0], &st));
    check(st.type == T_DEV && st.dev == 0 && st.size == 5);
    drop();
}

static void
pipe_bad_array(void)
{
    int i, low = must(dup(0));

    must(close(low));
    for (i = 0; i < NBADPTR; i++)
        fails(pipe(ut_badptr[i]), EFAULT);
    gives(dup(0), low);             // none of them left a descriptor
    must(close(low));
}

// A write that nobody can ever read fails.
static void
pipe_without_reader(void)
{
    must(pipe(fd));
    must(close(fd[0]));
    fails(write(fd[1], "x", 1), EPIPE);
    fails(write(fd[1], ut_buf, UTBUF), EPIPE);
    must(close(fd[1]));
}

static void
blocked_writer(int arg)
{
    int got;

    (void)arg;
    close(fd[0]);
    got = write(fd[1], ut_buf, UTBUF);
    check(got > 0 && got < UTBUF);
    fails(write(fd[1], "x", 1), EPIPE);
}

// What went in before the last reader left is what write() returns.
static void
pipe_dies_under_writer(void)
{
    must(pipe(fd));
    ut_fork(blocked_writer, 0);
    must(close(fd[1]));
    gives(ut_read(fd[0], ut_buf, 100), 100);
    sleep(5);
    must(close(fd[0]));
    ut_join(1);
}

// In older kernels a bad buffer cost the pipe a byte.
static void
pipe_read_bad_buffer(void)
{
    int i;

    must(pipe(fd));
    gives(write(fd[1], "abc", 3), 3);
    for (i = 0; i < NBADPTR; i++)
        fails(read(fd[0], ut_badptr[i], 3), EFAULT);
    fails(read(fd[0], (void *)pipe_read_bad_buffer, 3), EFAULT);
    gives(read(fd[0], ut_buf, 10), 3);
    check(memcmp(ut_buf, "abc", 3) == 0);
    drop();
}

// A buffer that ends too early takes what fits and leaves the rest; a small
// write from one would be torn, so nothing is written.
static void
pipe_buffer_runs_out(void)
{
    char *end = sbrk(0);

    end = sbrk(PGSIZE - ((uint)end & (PGSIZE - 1)));
    check(end != (void *)-1);
    end = sbrk(PGSIZE);
    check(end != (void *)-1);
    end += PGSIZE;
    end[-1] = 0;
    must(pipe(fd));
    gives(write(fd[1], "abcdef", 6), 6);
    gives(read(fd[0], end - 2, 6), 2);
    check(end[-2] == 'a' && end[-1] == 'b');
    gives(read(fd[0], ut_buf, 10), 4);
    check(memcmp(ut_buf, "cdef", 4) == 0);
    fails(write(fd[1], end - 2, 6), EFAULT);
    gives(write(fd[1], end - 2, 2), 2);
    gives(read(fd[0], ut_buf, 10), 2);
    check(ut_buf[0] == 'a' && ut_buf[1] == 'b');
    drop();
}

static void
pipe_write_bad_buffer(void)
{
    struct stat st;
    int i;

    must(pipe(fd));
    for (i = 0; i < NBADPTR; i++)
        fails(write(fd[1], ut_badptr[i], 3), EFAULT);
    must(fstat(fd[0], &st));
    check(st.size == 0);
    drop();
}

static void
read_for_ever(int end)
{
    char c;

    (void)end;
    read(fd[0], &c, 1);
    ut_fail("a read from an empty pipe came back");
}

static void
write_for_ever(int end)
{
    (void)end;
    for (;;)
        write(fd[1], ut_buf, PIPESIZE);
}

// In older kernels a kill between looking and sleeping was lost.
static void
kill_wakes_pipe_reader(void)
{
    int i, j, pid;

    must(pipe(fd));
    for (i = 0; i < 100; i++) {
        pid = ut_fork(read_for_ever, 0);
        for (j = 0; j < i * 20; j++)
            getpid();
        if (i % 20 == 0)
            sleep(1);
        must(kill(pid));
        gives(WTERMSIG(ut_wait(pid)), 9);
    }
    drop();
}

static void
kill_wakes_pipe_writer(void)
{
    int i, j, pid;

    for (i = 0; i < 50; i++) {
        must(pipe(fd));
        pid = ut_fork(write_for_ever, 0);
        for (j = 0; j < i * 40; j++)
            getpid();
        must(kill(pid));
        gives(WTERMSIG(ut_wait(pid)), 9);
        drop();
    }
}

static void
close_at_once(int end)
{
    char c;

    close(fd[!end]);
    gives(read(back[0], &c, 1), 1);     // all start together
    close(fd[end]);
}

// In older kernels both ends closed at the same time freed the pipe twice.
static void
pipe_ends_close_at_once(void)
{
    int i;

    for (i = 0; i < 100; i++) {
        must(pipe(fd));
        must(pipe(back));
        ut_fork(close_at_once, 0);
        ut_fork(close_at_once, 1);
        drop();
        gives(write(back[1], "go", 2), 2);
        ut_join(2);
        must(close(back[0]));
        must(close(back[1]));
    }
}

static int
pipe_alone(int arg)
{
    int r, low = must(dup(0));

    (void)arg;
    must(close(low));
    ut_arm();
    r = pipe(fd);
    ut_disarm();
    if (r == 0)
        drop();
    gives(dup(0), low);
    must(close(low));
    return r;
}

static int
pipe_use(int arg)
{
    char c;
    int r;

    (void)arg;
    must(pipe(fd));
    ut_arm();
    r = write(fd[1], "q", 1) == 1 && read(fd[0], &c, 1) == 1 ? 0 : -1;
    ut_disarm();
    check(r < 0 || c == 'q');
    drop();
    return r;
}

#define RECORD   64
#define NRECORDS 120                // of each reader
#define NREADERS 4

// Read records whose every byte is the same, each to a place whose second
// page nobody has touched.
static void
record_reader(int in)
{
    char *at, *page = sbrk(NRECORDS * 2 * PGSIZE);
    int i;

    check(page != (void *)-1);
    for (i = 0; i < NRECORDS; i++) {
        at = page + (2 * i + 1) * PGSIZE - RECORD / 4;
        gives(read(in, at, RECORD), RECORD);
        check(memcmp(at, at + 1, RECORD - 1) == 0);
    }
}

// Small reads come whole, though pages must be faulted in half-way: from a
// pipe, and from a file whose readers share one offset.
static void
small_reads_stay_whole(void)
{
    int file, i;

    must(pipe(fd));
    file = must(open("records", O_CREATE | O_RDWR));
    for (i = 0; i < NREADERS * NRECORDS; i++) {
        memset(ut_buf, i, RECORD);
        ut_write(file, ut_buf, RECORD);
    }
    must(lseek(file, 0, SEEK_SET));
    for (i = 0; i < NREADERS; i++)
        ut_fork(record_reader, file);
    ut_join(NREADERS);
    for (i = 0; i < NREADERS; i++)
        ut_fork(record_reader, fd[0]);
    for (i = 0; i < NREADERS * NRECORDS; i++) {
        memset(ut_buf, i, RECORD);
        ut_write(fd[1], ut_buf, RECORD);
    }
    ut_join(NREADERS);
    close(file);
    unlink("records");
    drop();
}

// The Nth allocation fails, for every N: an error, or all goes well.
static void
pipe_each_failure(void)
{
    ut_each_failure(FAIL_KALLOC, pipe_alone, 0);
    ut_each_failure(FAIL_KALLOC, pipe_use, 0);
}

// A hog has as many pipes as it can get and puts as much into each as goes in
// unread. With 8 MB this is more than there is.
#define HOGS 8

static void
hog(int unused)
{
    int end[2];

    (void)unused;
    while (pipe(end) == 0)
        write(end[1], ut_buf, PIPESIZE);    // may wait for ever
    for (;;)
        sleep(HZ);
}

static void
nothing(int unused)
{
    (void)unused;
}

// A pipe takes PIPE_BUF bytes unread, from wherever in its ring.
static void
is_of_use(void)
{
    uint in = 0, out = 0, n;

    for (n = 700; in < 10 * PIPESIZE; in += n) {
        while (in - out + n > ATOMIC) {
            gives(read(fd[0], ut_buf, 500), 500);
            ut_verify(ut_buf, 500, 3, out);
            out += 500;
        }
        ut_fill(ut_buf, n, 3, in);
        gives(write(fd[1], ut_buf, n), n);
    }
    gives(ut_read(fd[0], ut_buf, in - out), in - out);
    ut_fill(ut_buf, ATOMIC, 4, 0);
    gives(write(fd[1], ut_buf, ATOMIC), ATOMIC);
    gives(ut_read(fd[0], ut_buf, ATOMIC), ATOMIC);
    ut_verify(ut_buf, ATOMIC, 4, 0);
}

static void
stream_out(int n)
{
    uint off;

    must(close(fd[0]));
    for (off = 0; off < (uint)n; off += 3 * ATOMIC) {
        ut_fill(ut_buf, 3 * ATOMIC, 5, off);
        ut_write(fd[1], ut_buf, 3 * ATOMIC);
    }
}

static void
pipe_hogs_leave_room(void)
{
    int pid[HOGS], i, n = 30 * ATOMIC;

    must(pipe(fd));
    for (i = 0; i < HOGS; i++)
        pid[i] = ut_fork(hog, 0);
    for (i = 0; i < 20; i++) {
        sleep(HZ / 20);
        gives(ut_run(nothing, 0), 0);
    }
    is_of_use();
    i = ut_fork(stream_out, n);
    must(close(fd[1]));
    gives(ut_read(fd[0], ut_buf, UTBUF), UTBUF);
    ut_verify(ut_buf, UTBUF, 5, 0);
    gives(ut_read(fd[0], ut_buf, n - UTBUF), n - UTBUF);
    gives(ut_wait(i), 0);
    must(close(fd[0]));
    for (i = 0; i < HOGS; i++)
        must(kill(pid[i]));
    for (i = 0; i < HOGS; i++)
        ut_wait(pid[i]);
}

const struct utcase ut_pipe[] = {
    CASE(pipe_bytes, QUICK),
    CASE(pipe_holds_pipesize, QUICK),
    CASE(pipe_short_read, QUICK),
    CASE(pipe_end_of_file, QUICK),
    CASE(pipe_stream, QUICK),
    CASE(pipe_round_trips, QUICK),
    CASE(pipe_small_writes_stay_whole, QUICK),
    CASE(pipe_many_readers_share, QUICK),
    CASE(pipe_line, QUICK),
    CASE(pipe_wrong_use, QUICK),
    CASE(pipe_bad_array, QUICK),
    CASE(pipe_without_reader, QUICK),
    CASE(pipe_dies_under_writer, QUICK),
    CASE(pipe_read_bad_buffer, QUICK),
    CASE(pipe_buffer_runs_out, QUICK),
    CASE(pipe_write_bad_buffer, QUICK),
    CASE(kill_wakes_pipe_reader, QUICK),
    CASE(kill_wakes_pipe_writer, QUICK),
    CASE(pipe_ends_close_at_once, QUICK),
    CASE(small_reads_stay_whole, QUICK),
    CASE(pipe_hogs_leave_room, QUICK),
    CASE(pipe_each_failure, QUICK),
    ENDCASES
};
