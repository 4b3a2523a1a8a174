// find_eval.c: the tests and the actions of find.

#include "find.h"

#define MAXBATCH 60000              // bytes of paths for one -exec ... {} +

// ---- tests ----

int
evalname(struct node *n, struct file *f)
{
    char *part = lastpart(f->path);
    int yes = globmatch(n->text, part);

    free(part);
    return yes;
}

int
evaliname(struct node *n, struct file *f)
{
    char *part = lastpart(f->path), *small = lower(part);
    int yes = globmatch(n->text, small);

    free(part);
    free(small);
    return yes;
}

int
evalpath(struct node *n, struct file *f)
{
    return globmatch(n->text, f->path);
}

int
evaltype(struct node *n, struct file *f)
{
    return f->st.type == (int)n->value;
}

static int
compare(struct node *n, uint value)
{
    if (n->sign == '+')
        return value > n->value;
    return n->sign == '-' ? value < n->value : value == n->value;
}

int
evalsize(struct node *n, struct file *f)
{
    return compare(n, f->st.size / n->unit + (f->st.size % n->unit != 0));
}

int
evalage(struct node *n, struct file *f)
{
    return compare(n, f->st.mtime > now ? 0 : (now - f->st.mtime) / n->unit);
}

int
evallinks(struct node *n, struct file *f)
{
    return compare(n, f->st.nlink);
}

int
evalnewer(struct node *n, struct file *f)
{
    return f->st.mtime > n->value;
}

int
evalempty(struct node *n, struct file *f)
{
    struct dirent **list;
    int entries;

    (void)n;
    if (f->st.type != T_DIR)
        return f->st.type == T_FILE && f->st.size == 0;
    if ((entries = children(f->path, &list)) < 0) {
        failed(f->path);
        return 0;
    }
    freechildren(list, entries);
    return entries == 0;
}

int
constant(struct node *n, struct file *f)
{
    (void)f;
    return n->value;
}

// ---- actions ----

int
prune(struct node *n, struct file *f)
{
    (void)n, (void)f;
    pruned = 1;
    return 1;
}

int
quit(struct node *n, struct file *f)
{
    (void)n, (void)f;
    conclude();
}

// n->value ends each path: a newline or NUL.
int
print(struct node *n, struct file *f)
{
    if (fputs(f->path, stdout) < 0 || putchar(n->value) < 0)
        badwrite(1);
    return 1;
}

int
delete(struct node *n, struct file *f)
{
    (void)n;
    if (strcmp(f->path, ".") == 0 || unlink(f->path) == 0)
        return 1;
    failed(f->path);
    return 0;
}

// Runs a command; 1 if it ended with status 0.
static int
run(char **argv)
{
    int pid, st;

    fflush(stdout);
    if ((pid = fork()) < 0) {
        failed("fork");
        return 0;
    }
    if (pid == 0) {
        execvp(argv[0], argv);
        warn("%s", argv[0]);
        _exit(127);
    }
    return waitpid(pid, &st, 0) == pid && st == 0;
}

// The word with every {} replaced by the path; malloc'd.
static char *
replaced(const char *word, const char *path)
{
    uint n = 0, len = strlen(path);
    const char *s;
    char *text, *to;

    for (s = word; (s = strstr(s, "{}")) != 0; s += 2)
        n++;
    if ((to = text = malloc(strlen(word) + n * len + 1)) == 0)
        err(1, "%s", path);
    for (; (s = strstr(word, "{}")) != 0; word = s + 2) {
        memcpy(to, word, s - word);
        to += s - word;
        memcpy(to, path, len);
        to += len;
    }
    strcpy(to, word);
    return text;
}

int
execute(struct node *n, struct file *f)
{
    char **argv;
    int argc = 0, i, ok;

    while (n->argv[argc])
        argc++;
    if ((argv = calloc(argc + 1, sizeof(*argv))) == 0)
        err(1, "%s", f->path);
    for (i = 0; i < argc; i++)
        argv[i] = replaced(n->argv[i], f->path);
    ok = run(argv);
    for (i = 0; i < argc; i++)
        free(argv[i]);
    free(argv);
    return ok;
}

// Runs the command with all the paths that wait.
void
flush(struct node *n)
{
    int argc = 0;
    char **argv;
    uint i;

    if (n->npaths == 0)
        return;
    while (n->argv[argc])
        argc++;
    if ((argv = calloc(argc + n->npaths + 1, sizeof(*argv))) == 0)
        err(1, "%s", n->argv[0]);
    memcpy(argv, n->argv, argc * sizeof(*argv));
    memcpy(argv + argc, n->paths, n->npaths * sizeof(*argv));
    if (!run(argv))
        status = 1;
    free(argv);
    for (i = 0; i < n->npaths; i++)
        free(n->paths[i]);
    n->npaths = n->bytes = 0;
}

int
executeall(struct node *n, struct file *f)
{
    uint bytes = strlen(f->path) + 1 + sizeof(char *);

    if (n->bytes + bytes > MAXBATCH)
        flush(n);
    if ((n->npaths & (n->npaths - 1)) == 0)     // room is a power of two
        n->paths = realloc(n->paths, (n->npaths ? n->npaths * 2 : 1) *
                           sizeof(*n->paths));
    if (n->paths == 0 || (n->paths[n->npaths] = strdup(f->path)) == 0)
        err(1, "%s", f->path);
    n->npaths++;
    n->bytes += bytes;
    return 1;
}

// ---- together ----

int
evalnot(struct node *n, struct file *f)
{
    return !n->left->eval(n->left, f);
}

int
evaland(struct node *n, struct file *f)
{
    return n->left->eval(n->left, f) && n->right->eval(n->right, f);
}

int
evalor(struct node *n, struct file *f)
{
    return n->left->eval(n->left, f) || n->right->eval(n->right, f);
}

char *
lower(const char *s)
{
    char *copy = strdup(s), *c;

    if (copy == 0)
        err(1, "%s", s);
    for (c = copy; *c; c++)
        *c = tolower((uchar)*c);
    return copy;
}
