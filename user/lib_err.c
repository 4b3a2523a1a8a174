// lib_err.c: complaints, all on descriptor 2, all in one form:
//
//     program: what was being done: why it failed
//
// Each is one write, so that complaints of several processes do not mix, up
// to the thousand bytes that dprintf() collects.

#include "user.h"

static const struct {
    int number;
    const char *text;
} reasons[] = {
    { 0,            "Success" },
    { EPERM,        "Operation not permitted" },
    { ENOENT,       "No such file or directory" },
    { ESRCH,        "No such process" },
    { EINTR,        "Interrupted" },
    { EIO,          "Input/output error" },
    { ENXIO,        "No such device or address" },
    { E2BIG,        "Argument list too long" },
    { ENOEXEC,      "Not a program" },
    { EBADF,        "Bad file descriptor" },
    { ECHILD,       "No child processes" },
    { EAGAIN,       "Try again" },
    { ENOMEM,       "Out of memory" },
    { EACCES,       "Permission denied" },
    { EFAULT,       "Bad address" },
    { EBUSY,        "Device or resource busy" },
    { EEXIST,       "File exists" },
    { EXDEV,        "Link across devices" },
    { ENODEV,       "No such device" },
    { ENOTDIR,      "Not a directory" },
    { EISDIR,       "Is a directory" },
    { EINVAL,       "Invalid argument" },
    { ENFILE,       "Too many open files in system" },
    { EMFILE,       "Too many open files" },
    { ENOTTY,       "Not a terminal" },
    { ETXTBSY,      "Text file busy" },
    { EFBIG,        "File too large" },
    { ENOSPC,       "No space left on device" },
    { ESPIPE,       "Illegal seek" },
    { EROFS,        "Read-only file system" },
    { EMLINK,       "Too many links" },
    { EPIPE,        "Broken pipe" },
    { ERANGE,       "Result out of range" },
    { ENAMETOOLONG, "File name too long" },
    { ENOSYS,       "No such system call" },
    { ENOTEMPTY,    "Directory not empty" },
    { ELOOP,        "Too many levels of scripts" },
    { EOVERFLOW,    "Value too large" },
    { ETIMEDOUT,    "Timed out" },
};

char *
strerror(int e)
{
    static char other[32];
    uint i;

    for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (reasons[i].number == e)
            return (char *)reasons[i].text;
    snprintf(other, sizeof(other), "Error %d", e);
    return other;
}

int
strerror_r(int e, char *buf, size_t n)
{
    return strlcpy(buf, strerror(e), n) < n ? 0 : ERANGE;
}

// reason 0: no reason is given. Without memory a long text is cut.
static void
complain(int reason, const char *fmt, va_list ap)
{
    char part[512], *whole = 0, *text = part;
    va_list again;

    va_copy(again, ap);
    if (vsnprintf(part, sizeof(part), fmt, ap) >= (int)sizeof(part) &&
        vasprintf(&whole, fmt, again) > 0)
        text = whole;
    va_end(again);
    if (reason)
        dprintf(2, "%s: %s: %s\n", progname, text, strerror(reason));
    else
        dprintf(2, "%s: %s\n", progname, text);
    free(whole);
}

void
vwarn(const char *fmt, va_list ap)
{
    complain(errno, fmt, ap);
}

void
vwarnx(const char *fmt, va_list ap)
{
    complain(0, fmt, ap);
}

void
verr(int status, const char *fmt, va_list ap)
{
    vwarn(fmt, ap);
    exit(status);
}

void
verrx(int status, const char *fmt, va_list ap)
{
    vwarnx(fmt, ap);
    exit(status);
}

void
warn(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vwarn(fmt, ap);
    va_end(ap);
}

void
warnx(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vwarnx(fmt, ap);
    va_end(ap);
}

void
err(int status, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    verr(status, fmt, ap);
}

void
errx(int status, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    verrx(status, fmt, ap);
}

void
badwrite(int status)
{
    if (errno != EPIPE)
        warn("write");
    exit(status);
}

void
perror(const char *s)
{
    if (s && *s)
        dprintf(2, "%s: %s\n", s, strerror(errno));
    else
        dprintf(2, "%s\n", strerror(errno));
}
