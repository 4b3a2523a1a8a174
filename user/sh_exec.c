// sh_exec.c: programs, and where their input and output go.
//
// A descriptor that a built-in command or a compound one redirects is kept
// under a number from NREDIR up, which no redirection can name, and put back
// afterwards. Children close what is kept.

#include "sh.h"

#define ROOM 16000                  // bytes that a pipe surely holds

struct kept {
    int fd, at;                     // at -1: fd was closed
};

static struct kept *kept;
static int nkept, maxkept;

// ---- redirections ----

int
high(int fd)
{
    struct stat st;
    int to = NREDIR, got;

    while (fstat(to, &st) == 0)
        to++;
    got = dup2(fd, to);
    if (got < 0)
        errno = EMFILE;             // dup2() says that `to` is none
    close(fd);
    return got;
}

static int
open_target(struct redir *r, const char *name)
{
    static const struct { char how; int flags; } modes[] = {
        { '<', O_RDONLY },
        { '>', O_WRONLY | O_CREATE | O_TRUNC },
        { 'a', O_WRONLY | O_CREATE | O_APPEND },
        { 'b', O_RDWR | O_CREATE },
    };
    uint i;

    for (i = 0; modes[i].how != r->how; i++)
        ;
    return open(name, modes[i].flags);
}

// What does not fit the pipe at once is written by a child.
static int
open_heredoc(const char *text)
{
    uint n = strlen(text);
    int fd[2], pid = 1;

    if (pipe(fd) < 0)
        return -1;
    if (n > ROOM && (pid = patient_fork()) == 0) {
        close(fd[0]);
        writeall(fd[1], text, n);
        _exit(0);
    }
    if (pid < 0 || (n <= ROOM && writeall(fd[1], text, n) < 0)) {
        close(fd[0]);
        fd[0] = -1;
    }
    close(fd[1]);
    return fd[0];
}

// <& and >&: to another descriptor, or - to close.
static int
duplicate(struct redir *r, const char *name)
{
    if (strcmp(name, "-") == 0) {
        close(r->fd);
        return 0;
    }
    if (!isdigit((uchar)name[0]) || name[1]) {
        errno = EBADF;
        return -1;
    }
    return dup2(name[0] - '0', r->fd);
}

static int
redirect_one(struct redir *r)
{
    char *name = expand_word(r->target);
    int fd, result;

    if (r->how == '&') {
        result = duplicate(r, name);
    } else {
        fd = r->how == 'h' ? open_heredoc(name) : open_target(r, name);
        result = fd < 0 ? -1 : 0;
        if (fd >= 0 && fd != r->fd) {
            result = dup2(fd, r->fd);
            close(fd);
        }
    }
    if (result < 0)
        complain_errno("%s", r->how == 'h' ? "here-document" : name);
    return result;
}

int
redirect(struct redir *r)
{
    for (; r; r = r->next)
        if (redirect_one(r) < 0)
            return -1;
    return 0;
}

static int
save(int fd)
{
    struct stat st;
    int copy = -1;

    if (fstat(fd, &st) == 0 && ((copy = dup(fd)) < 0 ||
                                (copy = high(copy)) < 0)) {
        complain_errno("descriptor %d cannot be kept", fd);
        return -1;
    }
    if (nkept == maxkept) {
        maxkept = maxkept ? maxkept * 2 : 8;
        kept = must(realloc(kept, maxkept * sizeof(*kept)));
    }
    kept[nkept].fd = fd;
    kept[nkept].at = copy;
    nkept++;
    return 0;
}

int
redirect_saving(struct redir *r)
{
    for (; r; r = r->next) {
        if (save(r->fd) < 0 || redirect_one(r) < 0)
            return -1;
    }
    return 0;
}

int
redirects(void)
{
    return nkept;
}

void
undo_redirects(int to)
{
    struct kept *k;

    while (nkept > to) {
        k = &kept[--nkept];
        if (k->at < 0) {
            close(k->fd);
        } else {
            dup2(k->at, k->fd);
            close(k->at);
        }
    }
}

void
forget_redirects(void)
{
    for (; nkept > 0; nkept--)
        if (kept[nkept - 1].at >= 0)
            close(kept[nkept - 1].at);
}

// ---- programs ----

static char *
joined(const char *dir, uint n, const char *name)
{
    struct text t = { 0, 0, 0, 0 };

    add(&t, dir, n);
    if (n > 0 && dir[n - 1] != '/')
        addc(&t, '/');
    adds(&t, name);
    return t.s;
}

// The i-th place where a command may be, in scratch; 0 if there are no
// more.
static char *
place(const char *name, uint i)
{
    const char *path = getvar("PATH"), *end;

    if (path == 0)
        path = DEFAULTPATH;
    if (strchr(name, '/') || name[0] == 0)
        return i == 0 && name[0] ? (char *)name : 0;
    for (;; path = end + 1, i--) {
        end = strchr(path, ':');
        if (end == 0)
            end = path + strlen(path);
        if (i == 0)
            return joined(path, end - path, name);
        if (*end == 0)
            return 0;
    }
}

char *
findprogram(const char *name)
{
    struct stat st;
    char *path;
    uint i;

    for (i = 0; (path = place(name, i)) != 0; i++)
        if (stat(path, &st) == 0 && st.type == T_FILE)
            return path;
    return 0;
}

static int
istext(const char *path)
{
    char buf[128];
    int fd = open(path, O_RDONLY), n;

    if (fd < 0)
        return 0;
    n = read(fd, buf, sizeof(buf));
    close(fd);
    return n >= 0 && memchr(buf, 0, n) == 0;
}

// What people from elsewhere look for; vi is a program that says the same.
static const char *
advice(const char *name)
{
    static const struct { const char *name, *advice; } known[] = {
        { "vim", "; the editor is: edit" },
        { "nano", "; the editor is: edit" },
        { "emacs", "; the editor is: edit" },
        { "chmod", ": there are no permissions; a script begins with #!/sh" },
        { "halt", "; try: poweroff" },
        { "shutdown", "; try: poweroff" },
        { "killall", "; try: kill NAME" },
        { "pkill", "; try: kill NAME" },
        { "pgrep", "; try: ps" },
        { "egrep", "; try: grep -E" },
        { "fgrep", "; try: grep -F" },
        { "od", "; try: hexdump" },
        { "xxd", "; try: hexdump -C" },
        { "md5sum", "; try: cksum" },
        { "expr", "; try: echo $((1 + 2))" },
    };
    uint i;

    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(name, known[i].name) == 0)
            return known[i].advice;
    return "";
}

static void NORETURN
cannot(const char *path, int why)
{
    errno = why;
    if (why == ENOENT)
        complain(strchr(path, '/') ? "%s: No such file or directory"
                                   : "%s: not found%s", path, advice(path));
    else if (why == ENOEXEC && istext(path))
        complain("%s: not a program: a script begins with #!/sh, "
                 "or run: sh %s", path, path);
    else
        complain_errno("%s", path);
    leave(why == ENOENT ? NOTFOUND : NOTRUN);
}

// Runs a program in place of this process.
void
launch(char **argv)
{
    char **env = environment(), *path;
    int why = ENOENT;
    const char *at = argv[0];
    uint i;

    for (i = 0; (path = place(argv[0], i)) != 0; i++) {
        execve(path, argv, env);
        if (errno == ENOENT || errno == ENOTDIR)
            continue;
        why = errno;
        at = path;
        if (why != EACCES && why != EISDIR)
            break;
    }
    cannot(at, why);
}

char *
readfile(const char *path, uint *n)
{
    int fd = open(path, O_RDONLY), got = -1;
    uint cap = 4096;
    char *buf = must(malloc(cap));

    *n = 0;
    while (fd >= 0 && (got = read(fd, buf + *n, cap - *n)) > 0) {
        *n += got;
        if (*n == cap)
            buf = must(realloc(buf, cap *= 2));
    }
    if (got == 0) {
        close(fd);
        return buf;
    }
    got = errno;
    close(fd);
    free(buf);
    errno = got;
    return 0;
}
