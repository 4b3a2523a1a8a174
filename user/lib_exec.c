// lib_exec.c: running programs by name, and commands by the shell.
//
// A name without a slash is looked for in the directories of $PATH.

#include "lib_stdio.h"

#define SHELL "/sh"

// Tries dir/name, dir being n bytes long; "" is the work directory.
static void
tryin(const char *dir, size_t n, const char *name, char *const argv[])
{
    char *path;

    if (n == 0) {
        execv(name, argv);
        return;
    }
    if (asprintf(&path, "%.*s/%s", (int)n, dir, name) < 0)
        return;
    execv(path, argv);
    free(path);
}

// Returns only when it has failed: with EACCES rather than ENOENT, if some
// file of that name was there.
int
execvp(const char *name, char *const argv[])
{
    const char *dir = getenv("PATH");
    size_t n;
    int why = ENOENT;

    if (strchr(name, '/'))
        return execv(name, argv);
    if (*name == 0) {
        errno = ENOENT;
        return -1;
    }
    for (dir = dir ? dir : DEFAULTPATH; dir; dir = dir[n] ? dir + n + 1 : 0) {
        n = strcspn(dir, ":");
        tryin(dir, n, name, argv);
        if (errno == EACCES || errno == EISDIR)
            why = errno;
        else if (errno != ENOENT && errno != ENOTDIR)
            return -1;
    }
    errno = why;
    return -1;
}

int
execp(char *const argv[])
{
    return execvp(argv[0], argv);
}

// How many arguments follow, up to the 0.
static uint
countargs(va_list ap)
{
    uint n = 0;

    while (va_arg(ap, char *))
        n++;
    return n;
}

static void
collect(const char **argv, const char *arg, va_list ap)
{
    for (*argv++ = arg; arg; *argv++ = arg)
        arg = va_arg(ap, char *);
}

int
execl(const char *path, const char *arg, ...)
{
    va_list ap, count;

    va_start(ap, arg);
    va_copy(count, ap);
    {
        const char *argv[(arg ? countargs(count) : 0) + 2];

        collect(argv, arg, ap);
        execv(path, (char *const *)argv);
    }
    va_end(count);
    va_end(ap);
    return -1;
}

int
execlp(const char *name, const char *arg, ...)
{
    va_list ap, count;

    va_start(ap, arg);
    va_copy(count, ap);
    {
        const char *argv[(arg ? countargs(count) : 0) + 2];

        collect(argv, arg, ap);
        execvp(name, (char *const *)argv);
    }
    va_end(count);
    va_end(ap);
    return -1;
}

// A child that runs command; its descriptor fd is `end` of the pipe. It gets
// no other command's pipe, whose end would not be seen while it has one.
static int
runshell(const char *command, int end, int other, int fd)
{
    char *argv[] = { "sh", "-c", (char *)command, 0 };
    int pid;

    fflush(0);
    if ((pid = fork()) != 0)
        return pid;
    if (end != fd) {
        dup2(end, fd);
        close(end);
    }
    if (other >= 0 && other != fd)
        close(other);
    __closepipes();
    execv(SHELL, argv);
    _exit(127);
}

int
system(const char *command)
{
    int pid, status;

    if (command == 0)
        return access(SHELL, X_OK) == 0;
    if ((pid = runshell(command, 0, -1, 0)) < 0)
        return -1;
    return waitpid(pid, &status, 0) < 0 ? -1 : status;
}

static FILE *
startpipe(const char *command, uint flags, int mine, int theirs)
{
    FILE *f = __newstream(mine, flags);
    int why;

    if (f == 0)
        return 0;
    f->pid = runshell(command, theirs, mine, flags == S_READ ? 1 : 0);
    if (f->pid > 0)
        return f;
    why = errno;
    f->fd = -1;                     // the caller closes both ends
    fclose(f);
    errno = why;
    return 0;
}

FILE *
popen(const char *command, const char *mode)
{
    int fd[2], reading = mode[0] == 'r', why;
    FILE *f;

    if (mode[0] != 'r' && mode[0] != 'w') {
        errno = EINVAL;
        return 0;
    }
    if (pipe(fd) < 0)
        return 0;
    f = startpipe(command, reading ? S_READ : S_WRITE, fd[!reading],
                  fd[reading]);
    why = errno;
    close(fd[reading]);
    if (f == 0)
        close(fd[!reading]);
    errno = why;
    return f;
}

int
pclose(FILE *f)
{
    int pid = f->pid, status;

    fclose(f);
    return waitpid(pid, &status, 0) < 0 ? -1 : status;
}
