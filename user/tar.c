// tar.c: makes, lists and unpacks archives; tar.h has the format.
//
// What is unpacked stays below the directory: a slash at a path's beginning
// is dropped, and a path with ".." is left out.

#include "tar.h"

const char help[] =
    "tar c|t|x[v][f archive] [-C directory] [file...]\n"
    "Make (c), list (t) or unpack (x) an archive of files.\n"
    "  f  the archive's file, - or none: standard input or output\n"
    "  v  tell the names, with t more   C  go to that directory first\n"
    "t and x are about all of the archive, or about the files and directories\n"
    "that are named.";

int archive, verbose, status;
const char *archivename = "-";

static char **wanted;               // t and x: the operands
static uchar *met;                  // which of them were there
static FILE *names;                 // where -v tells

// Directories get their times in the end, when nothing changes in them.
static struct made {
    struct made *next;
    uint mtime;
    char path[];
} *made;

void
failed(const char *path)
{
    warn("%s", path);
    status = 2;
}

void
tell(const char *path)
{
    if (verbose)
        fprintf(names, "%s\n", path);
}

// ---- which members ----

static int
below(const char *dir, const char *path)
{
    uint n = strlen(dir);

    while (n > 0 && dir[n - 1] == '/')
        n--;
    return strncmp(dir, path, n) == 0 && (path[n] == 0 || path[n] == '/');
}

static int
iswanted(const char *path)
{
    int i, yes = wanted[0] == 0;

    for (i = 0; wanted[i]; i++)
        if (below(wanted[i], path))
            yes = met[i] = 1;
    return yes;
}

static void
checkmet(void)
{
    int i;

    for (i = 0; wanted[i]; i++) {
        if (!met[i]) {
            warnx("%s: not in the archive", wanted[i]);
            status = 2;
        }
    }
}

// ---- t ----

static void
list(struct member *m)
{
    char date[32];
    time_t t = m->mtime;

    if (iswanted(m->path)) {
        if (verbose) {
            strftime(date, sizeof(date), "%F %H:%M", localtime(&t));
            printf("%c %9u %s ", m->type == '5' ? 'd' : m->type == '2' ? 'l'
                   : m->type == '3' || m->type == '4' ? 'c' : '-', m->size,
                   date);
        }
        printf("%s%s%s\n", m->path, !verbose || !m->link[0] ? ""
               : m->type == '1' ? " link to " : " -> ",
               verbose ? m->link : "");
    }
    skip(m);
}

// ---- x ----

// Where a path leads to below this directory; 0: out of it.
static char *
inside(char *path)
{
    char *s, *part;
    uint n;

    while (*path == '/')
        path++;
    for (s = path; *s; s = *part ? part + 1 : part) {
        part = strchr(s, '/');
        part = part ? part : s + strlen(s);
        n = part - s;
        if (n == 2 && s[0] == '.' && s[1] == '.')
            return 0;
        if (n > DIRSIZ) {
            warnx("%s: names are cut to %d bytes", path, DIRSIZ);
            status = 2;
        }
    }
    n = strlen(path);
    while (n > 0 && path[n - 1] == '/')
        path[--n] = 0;
    return n > 0 ? path : ".";
}

// The directories on the way, if they are not there.
static void
makeparents(char *path)
{
    char *s;

    for (s = path; (s = strchr(s, '/')) != 0; s++) {
        *s = 0;
        mkdir(path);
        *s = '/';
    }
}

static void
unpackdir(const char *path, uint mtime)
{
    struct made *d;

    if (mkdir(path) < 0 && !(errno == EEXIST && isdir(path))) {
        failed(path);
        return;
    }
    if ((d = malloc(sizeof(*d) + strlen(path) + 1)) == 0)
        err(2, "%s", path);
    strcpy(d->path, path);
    d->mtime = mtime;
    d->next = made;
    made = d;
}

static void
unpackfile(struct member *m, const char *path)
{
    char block[TBLOCK];
    uint left, n;
    int fd = open(path, O_WRONLY | O_CREATE | O_TRUNC);

    if (fd < 0)
        failed(path);
    for (left = m->size; left > 0; left -= n) {
        n = readcontent(block, left);
        if (fd >= 0 && writeall(fd, block, n) < 0) {
            failed(path);
            close(fd);
            fd = -1;
        }
    }
    if (fd >= 0 && setmtime(fd, m->mtime) < 0)
        failed(path);
    if (fd >= 0 && close(fd) < 0)
        failed(path);
}

static void
unpacklink(char *target, const char *path)
{
    char *to = inside(target);

    if (to == 0) {
        warnx("%s: leads out of the directory, left out", target);
        status = 2;
        return;
    }
    if (samefile(to, path))
        return;
    unlink(path);
    if (link(to, path) < 0)
        failed(path);
}

static void
unpack(struct member *m)
{
    char *path;

    if (!iswanted(m->path)) {
        skip(m);
        return;
    }
    tell(m->path);
    if ((path = inside(m->path)) == 0) {
        warnx("%s: has \"..\" in it, left out", m->path);
        status = 2;
        skip(m);
        return;
    }
    makeparents(path);
    switch (m->type) {
    case '5':
        unpackdir(path, m->mtime);
        break;
    case '1':
        unpacklink(m->link, path);
        break;
    case '0':
    case '7':
        unpackfile(m, path);
        return;
    case '3':
        if (mknod(path, m->major, m->minor) < 0)
            failed(path);
        break;
    default:
        warnx("%s: of a kind that is not known here (%c), left out", m->path,
              m->type);
        status = 2;
    }
    skip(m);
}

static void
settimes(void)
{
    struct made *d;

    while ((d = made) != 0) {
        if (utime(d->path, d->mtime) < 0)
            failed(d->path);
        made = d->next;
        free(d);
    }
}

// ---- options ----

static int mode;
static const char *directory;

static void
option(int c, const char *value)
{
    switch (c) {
    case 'c':
    case 't':
    case 'x':
        if (mode && mode != c)
            errx(2, "one of c, t and x");
        mode = c;
        break;
    case 'v': verbose = 1; break;
    case 'f': archivename = value; break;
    case 'C': directory = value; break;
    case 'z':
    case 'j':
    case 'J': errx(2, "%c: there is no compression here", c);
    case 'p': break;                // there are no permissions
    case '?': usage(0);
    default:  errx(2, "%c: there is no such letter", c);
    }
}

// "tar cf archive": letters without a dash, then their values in order.
static char **
oldoptions(char **argv)
{
    const char *s;

    argv++;
    for (s = *argv++; *s; s++) {
        if (*s == 'f' || *s == 'C') {
            if (*argv == 0)
                usage(0);
            option(*s, *argv++);
        } else {
            option(*s, 0);
        }
    }
    return argv;
}

static char **
options(int argc, char **argv)
{
    int c, shift = 0;

    if (argc > 1 && argv[1][0] != '-') {
        shift = oldoptions(argv) - argv - 1;
        argv[shift] = argv[0];
    }
    argv += shift;
    while ((c = getopt(argc - shift, argv, "ctxvf:C:zjJp")) != -1)
        option(c, optarg);
    if (mode == 0)
        usage(0);
    return argv + optind;
}

static void
openarchive(void)
{
    int standard = strcmp(archivename, "-") == 0;

    if (mode == 'c')
        archive = standard ? 1
            : open(archivename, O_WRONLY | O_CREATE | O_TRUNC);
    else
        archive = standard ? 0 : open(archivename, O_RDONLY);
    if (archive < 0)
        err(2, "%s", archivename);
    names = mode == 'c' && standard ? stderr : stdout;
}

int
main(int argc, char **argv)
{
    wanted = options(argc, argv);
    openarchive();
    if (directory && chdir(directory) < 0)
        err(2, "%s", directory);
    if ((met = calloc(argc, 1)) == 0)
        err(2, "operands");
    if (mode == 'c') {
        if (*wanted == 0)
            errx(2, "nothing to put into the archive");
        for (; *wanted; wanted++)
            addtree(*wanted, 0);
        endarchive();
    } else {
        readarchive(mode == 't' ? list : unpack);
        settimes();
        checkmet();
    }
    if (fflush(stdout) < 0)
        badwrite(2);
    return status;
}
