// man.c: shows pages of the manual.
//
//     man [section] name...    the pages of these names
//     man -k word...           the names and titles in which a word occurs
//
// Section 1 is for programs, 2 for system calls, 7 for the rest. A page is
// /usr/man/SECTION/NAME, one of docs/man's, in the little of Markdown that these
// use: "# " before the title, "## " before a heading, `this` for what is typed
// or named. On the console it is shown by more. The titles are in
// /usr/man/index and /usr/man/calls.

#include "user.h"

#define BOLD  "\033[1m"
#define PLAIN "\033[m"
#define NOSUCH 16                   // status: there is no such page

const char help[] = "man [section] name... | man -k word...\n"
    "Show pages of the manual.";

static int bright;                  // bold letters mean something there

// ---- a page ----

// `this` is shown bold, or as it stands. Indented lines are code and have none.
static void
text(const char *s)
{
    int bold = 0, code = strncmp(s, "    ", 4) == 0;

    for (; *s; s++) {
        if (*s != '`' || !bright || code)
            putchar(*s);
        else
            printf("%s", (bold = !bold) ? BOLD : PLAIN);
    }
    printf("\n");
}

static void
heading(const char *s)
{
    printf("%s%s%s\n", bright ? BOLD : "", s, bright ? PLAIN : "");
}

// *headed: the line before was a heading.
static void
show(const char *line, int *headed)
{
    if (strncmp(line, "# ", 2) == 0) {
        heading(line + 2);
    } else if (strncmp(line, "## ", 3) == 0) {
        heading(line + 3);
        *headed = 1;
        return;
    } else if (*line || !*headed) {
        text(line);
    }
    *headed = 0;
}

static int
page(int fd, const char *path)
{
    struct lines in;
    char *line;
    int headed = 0, status;

    openlines(&in, fd);
    while ((line = nextline(&in, 0)) != 0)
        show(line, &headed);
    if ((status = in.error != 0))
        warnx("%s: %s", path, strerror(in.error));
    closelines(&in);
    close(fd);
    return status;
}

// The page of that name, in one section or, with 0, in the first that has it.
static int
find(const char *section, const char *name)
{
    static const char all[] = "127";
    char path[64];
    const char *s;
    int fd;

    if (strcmp(name, "[") == 0)
        name = "test";
    for (s = section ? section : all; *s; s++) {
        snprintf(path, sizeof(path), "/usr/man/%c/%.32s", *s, name);
        if (!strchr(name, '/') && (fd = open(path, O_RDONLY)) >= 0)
            return page(fd, path);
    }
    warnx("no page for %s%s%s (man -k WORD searches)", name,
          section ? " in section " : "", section ? section : "");
    return NOSUCH;
}

// ---- titles ----

static int
holds(const char *line, const char *word)
{
    size_t n = strlen(word), i;

    for (; strlen(line) >= n; line++) {
        for (i = 0; i < n && tolower(line[i]) == tolower(word[i]); i++)
            ;
        if (i == n)
            return 1;
    }
    return 0;
}

static int
search(const char *index, char **words)
{
    int fd = open(index, O_RDONLY), status = NOSUCH, i;
    struct lines in;
    char *line;

    if (fd < 0)
        err(2, "%s", index);
    openlines(&in, fd);
    while ((line = nextline(&in, 0)) != 0) {
        for (i = 0; words[i] && !holds(line, words[i]); i++)
            ;
        if (words[i]) {
            puts(line);
            status = 0;
        }
    }
    closelines(&in);
    close(fd);
    return status;
}

// ---- more ----

// From here on output goes to more, in a process of its own. Its number, or 0:
// where the output is no console, or there is no room.
static int
page_by_more(void)
{
    static char *const argv[] = { "more", 0 };
    int fd[2], pid;

    if (!isconsole(1) || pipe(fd) < 0)
        return 0;
    if ((pid = fork()) == 0) {
        dup2(fd[0], 0);
        close(fd[0]);
        close(fd[1]);
        execp(argv);
        copyfd(0, 1);               // no more: then without
        _exit(0);
    }
    if (pid > 0)
        dup2(fd[1], 1);
    close(fd[0]);
    close(fd[1]);
    return pid > 0 ? pid : 0;
}

int
main(int argc, char **argv)
{
    int keyword = 0, status = 0, pager, c;
    const char *section = 0;

    while ((c = getopt(argc, argv, "k")) != -1) {
        if (c != 'k')
            usage(NULL);
        keyword = 1;
    }
    argv += optind;
    if (*argv && !keyword && strlen(*argv) == 1 && isdigit(**argv) && argv[1])
        section = *argv++;
    if (*argv == 0)
        usage(NULL);
    bright = isconsole(1);
    pager = page_by_more();
    if (keyword)
        status = search("/usr/man/index", argv) & search("/usr/man/calls", argv);
    else
        for (; *argv; argv++)
            status |= find(section, *argv);
    if (pager) {
        fflush(stdout);
        close(1);                   // the end of what more reads
        waitpid(pager, 0, 0);
    }
    return status;
}
