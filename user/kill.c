// kill.c: ends, stops or continues processes.
//
// A kill cannot be caught here, so all signals that end a program by default
// do the same; -STOP and -TSTP stop, -CONT continues, -0 asks whether there is
// such a process. A negative number is a group. A name means every process
// of that name but init.

#include "user.h"

const char help[] = "kill [-signal | -s signal] pid|name... | kill -l [signal...]\n"
    "End processes; stop them (-STOP) or continue them (-CONT). A pid below 0\n"
    "is a group: kill -- -5. Job numbers (%1) are the shell's.";

#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define NAMEMAX 15                  // letters of a name that the kernel keeps

static const struct {
    const char *name;
    int number;
} signals[] = {
    { "0", 0 }, { "HUP", 1 }, { "INT", 2 }, { "QUIT", 3 }, { "ABRT", 6 },
    { "KILL", 9 }, { "TERM", 15 }, { "CONT", SIGCONT }, { "STOP", SIGSTOP },
    { "TSTP", SIGTSTP },
};
#define NSIGNALS ((int)(sizeof(signals) / sizeof(signals[0])))

static int signal = 15;

// By number or name, with or without SIG.
static int
signal_of(const char *s)
{
    char *end;
    long n = strtol(s, &end, 10);
    int i, isnumber = isdigit(*s) && *end == 0;

    if (strncmp(s, "SIG", 3) == 0)
        s += 3;
    for (i = 0; i < NSIGNALS; i++)
        if (isnumber ? n == signals[i].number : strcmp(s, signals[i].name) == 0)
            return signals[i].number;
    errx(2, "%s: unknown signal; see kill -l", s);
}

static int
send_one(int pid)
{
    if (signal == SIGCONT || signal == SIGSTOP || signal == SIGTSTP)
        return suspend(pid, signal != SIGCONT);
    return signal == 0 ? 0 : kill(pid);
}

// To all that fit: by name, or, 0, by number or group. 0, or -1 and errno.
static int
send_to(const char *name, int pid)
{
    struct procinfo *p;
    int n, i, result = -1, reason = ESRCH;

    if ((p = allprocs(&n)) == 0)
        err(1, "procs");
    for (i = 0; i < n; i++) {
        if (name ? p[i].ppid == 0 || strncmp(p[i].name, name, NAMEMAX) != 0 :
            pid < 0 ? p[i].pgrp != -pid : p[i].pid != pid)
            continue;
        if (send_one(p[i].pid) == 0)
            result = 0;
        else
            reason = errno;
    }
    free(p);
    errno = reason;
    return result;
}

static int
target(const char *word)
{
    char *end;
    long n = strtol(word, &end, 10);

    if (*word == '%')
        errx(2, "%s: job numbers are the shell's", word);
    if (*end || end == word)
        return send_to(word, 0);
    return signal == 0 ? send_to(0, n) : send_one(n);   // 0: is there one?
}

// All, or the names of those with these numbers.
static int
list_signals(char **numbers)
{
    int i, number;

    for (i = 1; *numbers == 0 && i < NSIGNALS; i++)
        printf("%2d %s\n", signals[i].number, signals[i].name);
    for (; *numbers; numbers++) {
        number = signal_of(*numbers);
        for (i = 0; signals[i].number != number; i++)
            ;
        printf("%s\n", signals[i].name);
    }
    return 0;
}

// The first word, where it is an option; how many words were one.
static int
options(int argc, char **argv)
{
    const char *first = argc > 1 ? argv[1] : "";

    if (argc > 2 && strcmp(first, "-s") == 0) {
        signal = signal_of(argv[2]);
        return 2;
    }
    if (strcmp(first, "--help") == 0)
        getopt(argc, argv, "");
    if (first[0] != '-' || strcmp(first, "--") == 0)
        return 0;
    signal = signal_of(first + 1);
    return 1;
}

int
main(int argc, char **argv)
{
    int i, status = 0;

    if (argc > 1 && strcmp(argv[1], "-l") == 0)
        return list_signals(argv + 2);
    i = 1 + options(argc, argv);
    if (i < argc && strcmp(argv[i], "--") == 0)
        i++;
    if (i >= argc)
        usage(NULL);
    for (; i < argc; i++)
        if (target(argv[i]) < 0) {
            warn("%s", argv[i]);
            status = 1;
        }
    return status;
}
