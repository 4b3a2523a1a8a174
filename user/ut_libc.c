// ut_libc.c: cases about the library: what only shows in a running system.
// utx_libc.c compares its answers with another's.

#include <getopt.h>

#include "user.h"
#include "ut.h"

static char said[512];

// Runs fn(arg) in a child whose descriptors 1 and 2 are a pipe; what came
// out of that is in said. Its wait status.
static int
capture(void (*fn)(int), int arg)
{
    int fd[2], pid, n, status;
    uint at = 0;

    must(pipe(fd));
    fflush(stdout);
    if ((pid = must(fork())) == 0) {
        dup2(fd[1], 1);
        dup2(fd[1], 2);
        close(fd[0]);
        close(fd[1]);
        fn(arg);
        exit(0);
    }
    must(close(fd[1]));
    while (at < sizeof(said) - 1 &&
           (n = read(fd[0], said + at, sizeof(said) - 1 - at)) > 0)
        at += n;
    said[at] = 0;
    must(close(fd[0]));
    gives(waitpid(pid, &status, 0), pid);
    return status;
}

static void
dies_saying(void (*fn)(int), int arg, const char *what)
{
    int status = capture(fn, arg);

    if (!WIFSIGNALED(status) || !strstr(said, what))
        ut_fail("status %d, saying: %s", status, said);
}

// --- malloc ------------------------------------------------------------------

static void
overrun(int n)
{
    char *p = malloc(n);

    p[n] = 0;
    free(p);
}

static void
free_twice(int n)
{
    char *p = malloc(n), *q = malloc(n);

    free(p);
    free(p);
    free(q);
}

static void
free_stack(int n)
{
    char text[16];

    free(text + (n & 8));
}

static void
malloc_finds_damage(void)
{
    int n;

    for (n = 0; n < 40; n++)
        dies_saying(overrun, n, "written beyond its end");
    dies_saying(overrun, 3 << 20, "written beyond its end");
    dies_saying(free_twice, 100, "freed already");
    dies_saying(free_twice, 2 << 20, "freed already");
    dies_saying(free_stack, 0, "not from malloc");
}

static void
malloc_gives_memory_back(void)
{
    uint i, before, n = 2000;
    char **p = malloc(n * sizeof(*p)), *big;

    before = ut_region(p)->end;
    for (i = 0; i < n; i++) {
        check((p[i] = malloc(3000)) != 0);
        memset(p[i], 1, 3000);
    }
    check(ut_region(p)->end > before + n * 2000);
    big = malloc(4 << 20);
    check(big && ut_region(big) && (void *)big > sbrk(0));
    free(big);
    check(ut_region(big) == 0);
    for (i = 0; i < n; i++)
        free(p[i]);
    check(ut_region(p)->end < before + (2 << 20));
    free(p);
}

static void
aligned_blocks(void)
{
    uint align;
    char *p;

    for (align = 4; align <= 1 << 16; align *= 2) {
        check((p = aligned_alloc(align, 100)) != 0);
        check((uint)p % align == 0);
        memset(p, 1, 100);
        free(p);
    }
}

// --- streams -----------------------------------------------------------------

static void
say_and_exit(int how)
{
    printf("one ");
    fprintf(stderr, "two ");
    printf("three");
    if (how == 1)
        _exit(0);
    if (how == 2)
        abort();
}

static void
exit_writes_what_is_buffered(void)
{
    gives(capture(say_and_exit, 0), 0);
    check(strcmp(said, "two one three") == 0);
    gives(capture(say_and_exit, 1), 0);
    check(strcmp(said, "two ") == 0);
    check(WIFSIGNALED(capture(say_and_exit, 2)));
    check(strcmp(said, "two ") == 0);
}

static void
say_first(void)
{
    printf("first\n");
}

static void
say_second(void)
{
    printf("second\n");
}

static void
with_handlers(int arg)
{
    (void)arg;
    atexit(say_second);
    atexit(say_first);
}

static void
atexit_runs_last_first(void)
{
    gives(capture(with_handlers, 0), 0);
    check(strcmp(said, "first\nsecond\n") == 0);
}

static void
print_to_nowhere(int status)
{
    close(1);
    must(open("x", O_RDONLY | O_CREATE));   // descriptor 1: cannot be written
    printf("lost");
    exit(status);
}

static void
lost_output_is_a_failure(void)
{
    check(WEXITSTATUS(capture(print_to_nowhere, 0)) == 1);
    check(strstr(said, "write: Bad file descriptor") != 0);
    check(WEXITSTATUS(capture(print_to_nowhere, 5)) == 5);
    must(unlink("x"));
}

static void
two_lines(int how)
{
    setvbuf(stdout, 0, how, 0);
    printf("a\nb");
    _exit(0);
}

static void
buffers_as_asked(void)
{
    capture(two_lines, _IOFBF);
    check(strcmp(said, "") == 0);
    capture(two_lines, _IOLBF);
    check(strcmp(said, "a\nb") == 0 || strcmp(said, "a\n") == 0);
    capture(two_lines, _IONBF);
    check(strcmp(said, "a\nb") == 0);
}

// What went into null's buffer shows later whether it stayed there.
static void
two_lines_by_null(int unused)
{
    FILE *f = fopen("/null", "w");

    (void)unused;
    check(!isatty(fileno(f)));
    fputs("a\n", f);
    dup2(1, fileno(f));
    fputs("b\n", f);
    exit(0);
}

static void
null_is_no_terminal(void)
{
    capture(two_lines_by_null, 0);
    check(strcmp(said, "a\nb\n") == 0);
}

static void
modes_of_fopen(void)
{
    FILE *f;

    check(fopen("no", "r") == 0 && errno == ENOENT);
    check(fopen("no", "q") == 0 && errno == EINVAL);
    check((f = fopen("f", "wx")) != 0);
    check(fputs("abc", f) >= 0 && getc(f) == EOF && errno == EBADF);
    gives(fclose(f), 0);
    check(fopen("f", "wx") == 0 && errno == EEXIST);
    check((f = fopen("f", "a+")) != 0);
    fputs("def", f);
    rewind(f);
    check(getc(f) == 'a' && fputc('g', f) == 'g' && ftell(f) == 7);
    rewind(f);
    check(fread(said, 1, 10, f) == 7 && memcmp(said, "abcdefg", 7) == 0);
    check(feof(f) && getc(f) == EOF);
    check(freopen("f", "r", f) == f && getc(f) == 'a');
    gives(fclose(f), 0);
    gives(remove("f"), 0);
    check((f = tmpfile()) != 0 && fputs("x", f) >= 0);
    gives(fclose(f), 0);
}

// fclose() and fflush() put a reader's offset where it has read to, so that
// the next program goes on there.
static void
unread_input_stays(void)
{
    int fd = must(open("f", O_CREATE | O_RDWR));
    char c;
    FILE *f;

    ut_write(fd, "abcdef", 6);
    must(lseek(fd, 0, SEEK_SET));
    check((f = fdopen(dup(fd), "r")) != 0);
    check(getc(f) == 'a' && getc(f) == 'b');
    gives(fclose(f), 0);
    gives(read(fd, &c, 1), 1);
    check(c == 'c');
    must(close(fd));
    must(unlink("f"));
}

// --- the rest --------------------------------------------------------------

static void
commands_by_pipe(void)
{
    char line[40];
    FILE *f;

    check((f = popen("echo hello; exit 3", "r")) != 0);
    check(fgets(line, sizeof(line), f) && strcmp(line, "hello\n") == 0);
    check(fgets(line, sizeof(line), f) == 0);
    gives(WEXITSTATUS(pclose(f)), 3);
    check((f = popen("cat >f", "w")) != 0);
    fprintf(f, "to a file\n");
    gives(pclose(f), 0);
    check((f = fopen("f", "r")) != 0);
    check(fgets(line, sizeof(line), f) && strcmp(line, "to a file\n") == 0);
    gives(fclose(f), 0);
    gives(system("rm f; exit 4"), 4 << 8);
    check(!ut_exists("f") && system(0));
}

static void
environment_changes(void)
{
    static char mine[] = "B=put";
    char name[16];
    uint i;

    must(clearenv());
    check(getenv("A") == 0);
    must(setenv("A", "1", 0));
    must(setenv("A", "2", 0));
    check(strcmp(getenv("A"), "1") == 0);
    must(setenv("A", "3", 1));
    must(putenv(mine));
    check(strcmp(getenv("A"), "3") == 0 && getenv("B") == mine + 2);
    fails(setenv("A=B", "x", 1), EINVAL);
    fails(setenv("", "x", 1), EINVAL);
    for (i = 0; i < 300; i++) {
        snprintf(name, sizeof(name), "N%u", i);
        must(setenv(name, name, 1));
        if (i % 3 == 0)
            must(unsetenv(name));
    }
    check(strcmp(getenv("N298"), "N298") == 0);
    check(getenv("N297") == 0 && getenv("N29") && getenv("N2"));
    must(unsetenv("A"));
    check(getenv("A") == 0 && strcmp(getenv("B"), "put") == 0);
    gives(system("true"), 0);
}

static jmp_buf back;

static void
deeper(int n)
{
    if (n > 0)
        deeper(n - 1);
    else if (n == 0)
        longjmp(back, 0);
}

static void
jumps_far(void)
{
    volatile int times = 0;
    int got = setjmp(back);

    if (times++ == 0)
        deeper(20);
    check(got == 1 && times == 2);
    if ((got = setjmp(back)) == 0)
        longjmp(back, 77);
    check(got == 77);
}

static void
claim(int n)
{
    assert(n == 1);
}

static void
asserts(void)
{
    gives(capture(claim, 1), 0);
    dies_saying(claim, 2, "claim: assertion failed: n == 1");
}

static void
directories(void)
{
    struct dirent **list, *de;
    char path[PATH_MAX], *cwd;
    int n, seen = 0;
    DIR *d;

    must(mkdir("d", 0777));
    must(close(open("d/abcdefghijklmn", O_CREAT | O_WRONLY, 0666)));
    check((d = opendir("d")) != 0);
    while ((de = readdir(d)) != 0)
        if (strcmp(de->d_name, "abcdefghijklmn") == 0)
            seen += de->d_ino == ut_ino("d/abcdefghijklmn");
    check(seen == 1);
    gives(closedir(d), 0);
    check(opendir("d/abcdefghijklmn") == 0 && errno == ENOTDIR);
    gives(n = scandir("d", &list, 0, alphasort), 3);
    check(strcmp(list[2]->d_name, "abcdefghijklmn") == 0);
    while (n > 0)
        free(list[--n]);
    free(list);
    check((cwd = getcwd(0, 0)) != 0 && strcmp(cwd, "/ut") == 0);
    free(cwd);
    check(realpath("./d/../d/abcdefghijklmn", path));
    check(strcmp(path, "/ut/d/abcdefghijklmn") == 0);
    fails(rmdir("d/abcdefghijklmn"), ENOTDIR);
    must(remove("d/abcdefghijklmn"));
    must(rmdir("d"));
}

static void
time_passes(void)
{
    struct timespec a, b, ms = { 0, 30000000 };
    int start = uptime();

    must(clock_gettime(CLOCK_MONOTONIC, &a));
    must(nanosleep(&ms, 0));
    must(usleep(20000));
    must(clock_gettime(CLOCK_MONOTONIC, &b));
    check(uptime() - start >= 5);
    check((b.tv_sec - a.tv_sec) * 1000 + b.tv_nsec / 1000000 -
          a.tv_nsec / 1000000 >= 50);
    check(time(0) > 1700000000 && clock() >= 0);
}

static void
ask_for_help(int n)
{
    char *argv[] = { "utx", "wait", "--help", 0 };

    execv("/wc", argv + n);
}

static void
getopt_tells_help(void)
{
    gives(capture(ask_for_help, 1), 0);
    check(strncmp(said, "usage: wc", 9) == 0);
}

static void
options_behind_operands(void)
{
    static char *argv[] = {
        "x", "one", "-a", "two", "-bf", "three", "-", "-b", "--", "-a", 0
    };
    static const char want[] = "abfb";
    static char *const left[] = { "one", "two", "-", "-a" };
    int i;

    optind = 1;                     // usertests' own are done
    for (i = 0; want[i]; i++)
        gives(getopt(10, argv, "abf:"), want[i]);
    check(strcmp(optarg, "three") == 0);
    gives(getopt(10, argv, "abf:"), -1);
    for (i = 0; i < 4; i++)
        check(argv[optind + i] && strcmp(argv[optind + i], left[i]) == 0);
    gives(optind, 6);
    optind = 6;
    gives(getopt(10, argv, "+ab"), -1);     // an operand ends them
    gives(optind, 6);
}

static void
long_options(void)
{
    static char *argv[] = {
        "x", "--all", "-ab", "--file=f", "--fi", "g", "--set", "--size=", "--s",
        "--nope", "--all=1", "op", "--all", 0
    };
    static int set;
    static const struct option longs[] = {
        { "all", no_argument, 0, 'a' }, { "file", required_argument, 0, 'f' },
        { "size", optional_argument, 0, 's' }, { "set", 0, &set, 7 },
        { 0, 0, 0, 0 }
    };
    static const char want[] = "aabff";
    int i, index = -1;

    opterr = 0;
    optind = 1;
    for (i = 0; want[i]; i++) {
        gives(getopt_long(13, argv, "ab", longs, &index), want[i]);
        check(i != 3 || strcmp(optarg, "f") == 0);
        check(i != 4 || strcmp(optarg, "g") == 0);
    }
    check(index == 1 && set == 0);
    gives(getopt_long(13, argv, "ab", longs, &index), 0);
    check(set == 7);
    gives(getopt_long(13, argv, "ab", longs, 0), 's');
    check(optarg && *optarg == 0);
    for (i = 0; i < 3; i++)         // several, none, an argument too many
        gives(getopt_long(13, argv, "ab", longs, 0), '?');
    gives(getopt_long(13, argv, "+ab", longs, 0), -1);
    check(strcmp(argv[optind], "op") == 0);
    gives(getopt_long(13, argv, "ab", longs, 0), 'a');  // behind an operand
    gives(getopt_long(13, argv, "ab", longs, 0), -1);
    check(optind == 12 && strcmp(argv[12], "op") == 0);
}

static void
long_options_behind_operands(void)
{
    static char *argv[] = {
        "x", "one", "--file", "f", "two", "-ab", "three", "--file", 0
    };
    static char *const left[] = { "one", "two", "three" };
    static const struct option longs[] = {
        { "file", required_argument, 0, 'f' }, { 0, 0, 0, 0 }
    };
    static const char want[] = "fab?";
    int i;

    opterr = 0;
    optind = 1;
    for (i = 0; want[i]; i++) {
        gives(getopt_long(8, argv, "ab", longs, 0), want[i]);
        check(i > 0 || strcmp(optarg, "f") == 0);
    }
    gives(getopt_long(8, argv, "ab", longs, 0), -1);
    gives(optind, 5);
    for (i = 0; i < 3; i++)
        check(strcmp(argv[optind + i], left[i]) == 0);
}

const struct utcase ut_libc[] = {
    CASE(malloc_finds_damage, QUICK),
    CASE(malloc_gives_memory_back, QUICK),
    CASE(aligned_blocks, QUICK),
    CASE(exit_writes_what_is_buffered, QUICK),
    CASE(atexit_runs_last_first, QUICK),
    CASE(lost_output_is_a_failure, QUICK),
    CASE(buffers_as_asked, QUICK),
    CASE(null_is_no_terminal, QUICK),
    CASE(modes_of_fopen, QUICK),
    CASE(unread_input_stays, QUICK),
    CASE(commands_by_pipe, QUICK),
    CASE(environment_changes, QUICK),
    CASE(jumps_far, QUICK),
    CASE(asserts, QUICK),
    CASE(directories, QUICK),
    CASE(time_passes, QUICK),
    CASE(getopt_tells_help, QUICK),
    CASE(options_behind_operands, QUICK),
    CASE(long_options, QUICK),
    CASE(long_options_behind_operands, QUICK),
    ENDCASES
};
