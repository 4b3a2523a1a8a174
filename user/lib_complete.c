// lib_complete.c: what the word before the cursor can become.
//
// The line is read as the shell reads it, as far as is needed to know
//   - where the word begins, and what it says without its quotes;
//   - whether the cursor is within quotes, and which;
//   - whether a command is expected: at the start, after | & ; ( { and words
//     like "then", and behind NAME=value.
//
// Candidates are programs and morewords() for commands, else paths, of
// directories alone behind cd; or, from the last $ of the word on, $NAMES. What
// they have in common is inserted with the quotes that it needs there.

#include "lineedit.h"

#define SPECIAL  " \t\n|&;()<>$`\\\"'*?[]#~"    // to be quoted outside
#define INDOUBLE "$`\\\""                       // and within double quotes
#define MAGIC    4                              // bytes that tell a program

enum kind { FILES, DIRECTORIES, PROGRAMS };

struct word {
    struct bytes text;              // without quotes
    char quote;                     // ' or " if the cursor is within
    int command;                    // a command is expected
    int directories;                // else, directories
    int target;                     // but first this, of a redirection
    int dollar;                     // offset of the last live $, or -1
    int open;                       // the character after \ is missing
};

// ---- the line ----

static int
is_name(const char *s, uint n)
{
    uint i;

    for (i = 0; i < n; i++)
        if (!isalpha((uchar)s[i]) && s[i] != '_' &&
            (i == 0 || !isdigit((uchar)s[i])))
            return 0;
    return 1;
}

static int
is_number(const char *s)
{
    while (isdigit((uchar)*s))
        s++;
    return *s == 0;
}

// Words behind which a command is still to come.
static int
passes_on(const char *s)
{
    static const char *const words[] = { "if", "then", "else", "elif", "do",
        "while", "until", "!", "{", "time", "env", "xargs", "which", "man" };
    const char *equals = strchr(s, '=');
    uint i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(s, words[i]) == 0)
            return 1;
    return equals && equals > s && is_name(s, equals - s);
}

static int
wants_directories(const char *s)
{
    return strcmp(s, "cd") == 0 || strcmp(s, "rmdir") == 0 ||
        strcmp(s, "mkdir") == 0;
}

// A blank or an operator outside quotes ends the word.
static void
end_word(struct word *w, char c)
{
    int redirects = c == '<' || c == '>';
    int counts = w->text.n > 0 && !w->target &&
        !(redirects && is_number(w->text.s));

    if (counts && w->command) {
        w->command = passes_on(w->text.s);
        w->directories = wants_directories(w->text.s);
    }
    w->target = redirects ||
        (w->target && w->text.n == 0 && strchr(" \t&", c) != 0);
    if (strchr("|;(\n`", c) || (c == '&' && !w->target)) {
        w->command = 1;
        w->target = 0;
    }
    w->dollar = -1;
    bytes_remove(&w->text, 0, w->text.n);
}

// Read what is at s[i]; returns how many bytes, or -1.
static int
read_char(struct word *w, const char *s, uint n)
{
    char c = *s, *more = w->quote == '"' ? INDOUBLE : "";

    if (c == w->quote || (w->quote == 0 && (c == '\'' || c == '"'))) {
        w->quote ^= c;
        return 1;
    }
    if (c == '\\' && w->quote != '\'') {
        w->open = n == 1;
        if (n > 1 && (w->quote == 0 || strchr(more, s[1])))
            return bytes_insert(&w->text, w->text.n, s + 1, 1) < 0 ? -1 : 2;
    } else if (w->quote == 0 && strchr(" \t\n|&;()<>`", c)) {
        end_word(w, c);
        return 1;
    } else if (c == '$' && w->quote != '\'') {
        w->dollar = w->text.n;
    }
    return bytes_insert(&w->text, w->text.n, s, 1) < 0 ? -1 : 1;
}

static int
read_line(struct word *w, const char *line, uint at)
{
    uint i;
    int n;

    memset(w, 0, sizeof(*w));
    w->command = 1;
    w->dollar = -1;
    if (bytes_add(&w->text, "") < 0)
        return -1;
    for (i = 0; i < at; i += n)
        if ((n = read_char(w, line + i, at - i)) < 0)
            return -1;
    return 0;
}

// ---- candidates ----

static int
add_name(struct completion *c, const char *s, uint n, const char *end)
{
    char **bigger, *name;

    if ((c->n & (c->n - 1)) == 0) {     // full: the room is a power of two
        bigger = realloc(c->names, (c->n ? c->n * 2 : 1) * sizeof(*bigger));
        if (bigger == 0)
            return -1;
        c->names = bigger;
    }
    if ((name = malloc(n + strlen(end) + 1)) == 0)
        return -1;
    memcpy(name, s, n);
    strcpy(name + n, end);
    c->names[c->n++] = name;
    return 0;
}

static int
add_if(struct completion *c, const char *s, uint n, const char *prefix)
{
    uint len = strlen(prefix);

    return n >= len && memcmp(s, prefix, len) == 0 ?
        add_name(c, s, n, "") : 0;
}

// Of morewords(), those with a $ in front or those without.
static int
add_morewords(struct completion *c, const char *prefix, int dollar)
{
    const char **words = morewords ? morewords() : 0;
    int err = 0;

    for (; err == 0 && words && *words; words++)
        if ((**words == '$') == dollar)
            err = add_if(c, *words + dollar, strlen(*words + dollar),
                         prefix);
    return err;
}

static int
add_variables(struct completion *c, const char *prefix)
{
    char **each;
    const char *equals;
    int err = add_morewords(c, prefix, 1);

    for (each = environ; err == 0 && each && *each; each++)
        if ((equals = strchr(*each, '=')) != 0)
            err = add_if(c, *each, equals - *each, prefix);
    return err;
}

static int
is_program(const char *path)
{
    char magic[MAGIC] = "";
    int fd = open(path, O_RDONLY), n;

    if (fd < 0)
        return 0;
    n = read(fd, magic, sizeof(magic));
    close(fd);
    return n == MAGIC && (memcmp(magic, "\177ELF", MAGIC) == 0 ||
                          memcmp(magic, "#!", 2) == 0);
}

// The entry of a directory, if it begins right; hidden only if asked for.
static int
add_entry(struct completion *c, const char *dir, const char *name,
          const char *prefix, enum kind kind)
{
    struct stat st;
    char *path;
    int type, err = 0;

    if (strncmp(name, prefix, strlen(prefix)) != 0 ||
        (name[0] == '.' && prefix[0] != '.'))
        return 0;
    if ((path = pathjoin(dir, name)) == 0)
        return -1;
    type = stat(path, &st) < 0 ? 0 : st.type;
    if (kind != PROGRAMS && type == T_DIR)
        err = add_name(c, name, strlen(name), "/");
    else if (kind == FILES || (kind == PROGRAMS && type == T_FILE &&
                               is_program(path)))
        err = add_name(c, name, strlen(name), "");
    free(path);
    return err;
}

// A directory that cannot be read has no candidates.
static int
add_entries(struct completion *c, const char *dir, const char *prefix,
            enum kind kind)
{
    DIR *d = opendir(dir);
    struct dirent *entry;
    int err = 0;

    if (d == 0)
        return 0;
    while (err == 0 && (entry = readdir(d)) != 0)
        err = add_entry(c, dir, entry->d_name, prefix, kind);
    closedir(d);
    return err;
}

// In the directories in which execp() looks.
static int
add_commands(struct completion *c, const char *prefix)
{
    const char *path = getenv("PATH");
    int err = add_morewords(c, prefix, 0);
    size_t n;
    char *dir;

    for (path = path ? path : DEFAULTPATH; err == 0 && path;
         path = path[n] ? path + n + 1 : 0) {
        n = strcspn(path, ":");
        if ((dir = n ? strndup(path, n) : strdup(".")) == 0)
            return -1;
        err = add_entries(c, dir, prefix, PROGRAMS);
        free(dir);
    }
    return err;
}

// Paths that begin with text, of which base is the part behind the last /.
static int
add_paths(struct completion *c, const char *text, const char *base,
          enum kind kind)
{
    const char *home = getenv("HOME");
    struct bytes dir = { 0, 0, 0 };
    int err = bytes_insert(&dir, 0, text, base - text);

    if (err == 0 && strncmp(text, "~/", 2) == 0 && home) {
        bytes_remove(&dir, 0, 1);
        err = bytes_insert(&dir, 0, home, strlen(home));
    }
    if (err == 0)
        err = add_entries(c, dir.n ? dir.s : ".", base, kind);
    free(dir.s);
    return err;
}

static int
compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
sort_names(struct completion *c)
{
    uint i, kept = 0;

    qsort(c->names, c->n, sizeof(*c->names), compare);
    for (i = 0; i < c->n; i++)
        if (kept > 0 && strcmp(c->names[kept - 1], c->names[i]) == 0)
            free(c->names[i]);
        else
            c->names[kept++] = c->names[i];
    c->n = kept;
}

// ---- what is inserted ----

// How many bytes sorted names have in common behind those that are typed, in
// whole characters.
static uint
common_beyond(const struct completion *c, uint typed)
{
    const char *first = c->names[0], *last = c->names[c->n - 1];
    uint n = typed;

    while (first[n] && first[n] == last[n])
        n++;
    while (n > typed && (first[n] & 0xc0) == 0x80)
        n--;
    return n - typed;
}

static int
add_quoted(struct bytes *b, const char *s, uint n, char quote)
{
    const char *special = quote == '"' ? INDOUBLE : SPECIAL;
    int err = 0;

    for (; err == 0 && n > 0; n--, s++) {
        if (quote == '\'' && *s == '\'')
            err = bytes_add(b, "'\\'");
        else if (quote != '\'' && strchr(special, *s))
            err = bytes_add(b, "\\");
        if (err == 0)
            err = bytes_insert(b, b->n, s, 1);
    }
    return err;
}

// Behind the only candidate: nothing after a directory, as more may follow.
static int
add_end(struct bytes *b, const char *name, char quote)
{
    char end[] = { quote, 0 };

    if (name[strlen(name) - 1] == '/')
        return 0;
    return bytes_add(b, end) | bytes_add(b, " ");
}

static int
names_directory(const char *variable)
{
    const char *value = getenv(variable);
    struct stat st;

    return value && stat(value, &st) == 0 && st.type == T_DIR;
}

// A name behind $ or ${ in a word.
static int
complete_variable(struct completion *c, const struct word *w)
{
    const char *name = w->text.s + w->dollar + 1;
    int brace = *name == '{', err;
    uint typed = strlen(name += brace);

    if (!is_name(name, typed))
        return 0;
    if ((err = add_variables(c, name)) < 0 || c->n == 0)
        return err;
    sort_names(c);
    err = bytes_insert(&c->insert, 0, c->names[0] + typed,
                       common_beyond(c, typed));
    if (err == 0 && c->n == 1 && brace)
        err = bytes_add(&c->insert, "}");
    if (err == 0 && c->n == 1 && names_directory(c->names[0]))
        err = bytes_add(&c->insert, "/");
    else if (err == 0 && c->n == 1 && !brace && w->quote == 0)
        err = bytes_add(&c->insert, " ");
    return err;
}

static int
complete_word(struct completion *c, const struct word *w)
{
    const char *text = w->text.s, *slash = strrchr(text, '/');
    const char *base = slash ? slash + 1 : text;
    uint typed = strlen(base);
    int err;

    if (w->command && !w->target && !slash)
        err = add_commands(c, text);
    else
        err = add_paths(c, text, base, w->directories && !w->command &&
                        !w->target ? DIRECTORIES : FILES);
    if (err < 0 || c->n == 0)
        return err;
    sort_names(c);
    err = add_quoted(&c->insert, c->names[0] + typed,
                     common_beyond(c, typed), w->quote);
    if (err == 0 && c->n == 1)
        err = add_end(&c->insert, c->names[0], w->quote);
    return err;
}

int
complete(struct completion *c, const char *line, uint at)
{
    struct word w;
    int err;

    memset(c, 0, sizeof(*c));
    if ((err = read_line(&w, line, at)) == 0 && !w.open)
        err = w.dollar >= 0 ? complete_variable(c, &w)
                            : complete_word(c, &w);
    free(w.text.s);
    return err;
}

void
completion_free(struct completion *c)
{
    while (c->n > 0)
        free(c->names[--c->n]);
    free(c->names);
    free(c->insert.s);
}
