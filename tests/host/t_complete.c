// t_complete.c: what Tab makes of a line, in a file system of a few names.

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define check(c) \
    do { if (!(c)) { \
        fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #c); \
        abort(); \
    } } while (0)

// ---- the file system; /w is the working directory, * marks programs ----

static const char *const tree[] = {
    "/cat*", "/cut*", "/README", "/ls*", "/w/", "/w/main.c", "/w/make*",
    "/w/map", "/w/my file", "/w/my files/", "/w/.hidden", "/w/sub/",
    "/w/sub/one", "/w/sub/two", "/w/sub/run*", "/w/b\303\244r",
    "/w/b\303\266r", "/w/it's", "/w/a$b", "/bin/", "/bin/zip*", "/bin/zap",
    "/home/", "/home/notes",
};
#define NTREE (sizeof(tree) / sizeof(tree[0]))

#define T_DIR    1
#define T_FILE   2
#define O_RDONLY 0
struct stat { short type; };
struct dirent { char d_name[32]; };
typedef struct { unsigned next; char path[64]; struct dirent entry; } DIR;

static char *the_home = "/home", *the_path;
static char *variables[] = { "HOME=/home", "HOST=teak", "PATH=x", 0 };
static const char *words[] = { "cd", "case", "$HOLLOW", "$1", 0 };
static const char **some_words(void) { return words; }
static const char **(*morewords)(void) = some_words;
#define environ variables
#define getenv(name) (strcmp(name, "HOME") == 0 ? the_home : \
                      strcmp(name, "PATH") == 0 ? the_path : "value")

static void
absolute(char *to, const char *from)
{
    while (strncmp(from, "./", 2) == 0)
        from += 2;
    if (strcmp(from, ".") == 0)
        from = "";
    sprintf(to, "%s%s", from[0] == '/' ? "" : "/w/", from);
    if (to[strlen(to) - 1] == '/' && to[1])
        to[strlen(to) - 1] = 0;
}

static int
look_up(const char *name)
{
    char full[64];
    unsigned i, n;

    absolute(full, name);
    n = strlen(full);
    for (i = 0; i < NTREE; i++)
        if (strncmp(tree[i], full, n) == 0 && strspn(tree[i] + n, "*/") ==
            strlen(tree[i] + n))
            return i;
    return strcmp(full, "/") == 0 ? (int)NTREE : -1;
}

static int
stat(const char *name, struct stat *st)
{
    int i = look_up(name);

    if (i >= 0)
        st->type = i == (int)NTREE || strchr(tree[i] + 1, 0)[-1] == '/' ?
            T_DIR : T_FILE;
    return i < 0 ? -1 : 0;
}

static int
open(const char *name, int flags)
{
    (void)flags;
    return look_up(name);
}

static int
read(int fd, void *buf, int n)
{
    memcpy(buf, strchr(tree[fd], '*') ? "\177ELF" : "text", n);
    return n;
}

static void
close(int fd)
{
    check(fd >= 0);
}

static DIR *
opendir(const char *name)
{
    struct stat st;
    DIR *d;

    if (stat(name, &st) < 0 || st.type != T_DIR)
        return 0;
    d = calloc(1, sizeof(*d));
    absolute(d->path, name);
    if (d->path[1])
        strcat(d->path, "/");
    return d;
}

static struct dirent *
readdir(DIR *d)
{
    unsigned n = strlen(d->path);
    const char *s;

    while (d->next < NTREE) {
        s = tree[d->next++];
        if (strncmp(s, d->path, n) != 0 || s[n] == 0)
            continue;
        s += n;
        n = strcspn(s, "*/");
        if (s[n] && s[n + 1]) {
            n = strlen(d->path);
            continue;
        }
        sprintf(d->entry.d_name, "%.*s", (int)n, s);
        return &d->entry;
    }
    return 0;
}

static void
closedir(DIR *d)
{
    free(d);
}

static char *
pathjoin(const char *dir, const char *name)
{
    char *s = malloc(strlen(dir) + strlen(name) + 2);

    sprintf(s, "%s%s%s", dir, dir[strlen(dir) - 1] == '/' ? "" : "/", name);
    return s;
}

#define DEFAULTPATH ":/"
#include "../../user/lib_keys.c"
#include "../../user/lib_edit.c"
#include "../../user/lib_complete.c"

// ---- lines, what Tab inserts, and its list ----

static const struct { const char *line, *insert, *names; } cases[] = {
    { "ca", "", "case cat" },
    { "cas", "e ", "case" },
    { "cu", "t ", "cut" },
    { "ma", "ke ", "make" },
    { "README", "", "" },
    { "", "", "case cat cd cut ls make" },
    { "ls | cu", "t ", "cut" },
    { "ls;cu", "t ", "cut" },
    { "ls && cu", "t ", "cut" },
    { "ls || cu", "t ", "cut" },
    { "ls & cu", "t ", "cut" },
    { "(cu", "t ", "cut" },
    { "$(cu", "t ", "cut" },
    { "echo `cu", "t ", "cut" },
    { "if cu", "t ", "cut" },
    { "if ls; then cu", "t ", "cut" },
    { "! cu", "t ", "cut" },
    { "A=1 B=2 cu", "t ", "cut" },
    { ">x cu", "t ", "cut" },
    { "2>&1 cu", "t ", "cut" },
    { "< x >y cu", "t ", "cut" },
    { "ls >x cu", "", "" },
    { "ls 2>x ma", "", "main.c make map" },
    { "1=2 cu", "", "" },
    { "./ma", "", "main.c make map" },
    { "sub/r", "un ", "run" },
    { "/c", "", "cat cut" },
    { "ls mai", "n.c ", "main.c" },
    { "ls m", "", "main.c make map my file my files/" },
    { "ls my", "\\ file", "my file my files/" },
    { "ls my\\ file", "", "my file my files/" },
    { "ls my\\ files", "/", "my files/" },
    { "ls 'my", " file", "my file my files/" },
    { "ls 'my files", "/", "my files/" },
    { "ls 'mai", "n.c' ", "main.c" },
    { "ls \"mai", "n.c\" ", "main.c" },
    { "ls \"my", " file", "my file my files/" },
    { "ls i", "t\\'s ", "it's" },
    { "ls \"i", "t's\" ", "it's" },
    { "ls 'i", "t'\\''s' ", "it's" },
    { "ls a", "\\$b ", "a$b" },
    { "ls \"a", "\\$b\" ", "a$b" },
    { "ls a\\$", "b ", "a$b" },
    { "ls 'a$", "b' ", "a$b" },
    { "ls b", "", "b\303\244r b\303\266r" },
    { "ls b\303\244", "r ", "b\303\244r" },
    { "ls b\303", "", "b\303\244r b\303\266r" },
    { "ls sub", "/", "sub/" },
    { "ls sub/", "", "one run two" },
    { "ls ./su", "b/", "sub/" },
    { "ls sub/o", "ne ", "one" },
    { "ls nothing/x", "", "" },
    { "ls .h", "idden ", ".hidden" },
    { "ls x\\", "", "" },
    { "cd m", "y\\ files/", "my files/" },
    { "mkdir s", "ub/", "sub/" },
    { "cd x; ls mai", "n.c ", "main.c" },
    { "ls >mai", "n.c ", "main.c" },
    { "ls > mai", "n.c ", "main.c" },
    { "cd >mai", "n.c ", "main.c" },
    { "ls >>mai", "n.c ", "main.c" },
    { "wc <mai", "n.c ", "main.c" },
    { "ls ~/n", "otes ", "notes" },
    { "echo $H", "O", "HOLLOW HOME HOST" },
    { "echo $HOM", "E/", "HOME" },
    { "echo ${HOM", "E}/", "HOME" },
    { "echo \"$HOM", "E/", "HOME" },
    { "echo \"${HOM", "E}/", "HOME" },
    { "echo x$HOM", "E/", "HOME" },
    { "echo $HOS", "T ", "HOST" },
    { "echo ${HOS", "T}", "HOST" },
    { "echo \"$HOS", "T", "HOST" },
    { "echo $NO", "", "" },
    { "echo '$HOM", "", "" },
    { "echo \\$HOM", "", "" },
    { "$HOM", "E/", "HOME" },
    { "echo $HOME/n", "", "" },
};

static void
one_case(const char *line, const char *insert, const char *names)
{
    char all[200] = "";
    struct completion c;
    uint i;

    check(complete(&c, line, strlen(line)) == 0);
    for (i = 0; i < c.n; i++)
        sprintf(all + strlen(all), "%s%s", i ? " " : "", c.names[i]);
    if (strcmp(c.insert.n ? c.insert.s : "", insert) != 0 ||
        strcmp(all, names) != 0) {
        fprintf(stderr, "%s: inserts \"%s\" of %s, not \"%s\" of %s\n", line,
                c.insert.n ? c.insert.s : "", all, insert, names);
        exit(1);
    }
    completion_free(&c);
}

// Any bytes, and the cursor anywhere in them.
static void
garbage(void)
{
    static const char some[] = "ca \t'\"\\$;|&<>()`{}~/.m=1\303\244";
    struct completion c;
    char line[40];
    uint i, j, n;

    for (i = 0; i < 20000; i++) {
        n = rand() % sizeof(line);
        for (j = 0; j < n; j++)
            line[j] = some[rand() % (sizeof(some) - 1)];
        check(complete(&c, line, n) == 0);
        completion_free(&c);
    }
}

int
main(void)
{
    uint i, n = sizeof(cases) / sizeof(cases[0]);

    for (i = 0; i < n; i++)
        one_case(cases[i].line, cases[i].insert, cases[i].names);
    the_path = "/bin:";
    one_case("z", "ip ", "zip");
    one_case("ma", "ke ", "make");
    one_case("cu", "", "");
    garbage();
    printf("t_complete: %u lines\n", n + 3);
    return 0;
}
