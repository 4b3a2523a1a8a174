// find.c: walks trees of directories and evaluates an expression for each
// file in them.

#include "find.h"

const char help[] =
    "find [path...] [expression]\n"
    "Find files: -name, -iname, -path 'pattern', -type f|d|c, -empty,\n"
    "-size [+-]N[ckMG], -mtime [+-]days, -mmin [+-]minutes, -newer file,\n"
    "-links [+-]N, -maxdepth N, -mindepth N, -depth, -prune.\n"
    "What to do: -print, -print0, -delete, -quit, -exec command {} \\;, or {} +.\n"
    "Together: ! not, -a and, -o or, ( ).";

int depthfirst, pruned, status, mindepth, maxdepth = INT_MAX;
uint now;

static struct node *expr;

void
failed(const char *path)
{
    warn("%s", path);
    status = 1;
}

static void
visit(const char *path, int depth)
{
    struct file f = { .path = path };

    if (stat(path, &f.st) < 0) {
        failed(path);
        return;
    }
    pruned = 0;
    if (!depthfirst && depth >= mindepth)
        expr->eval(expr, &f);
    if (f.st.type == T_DIR && depth < maxdepth && !pruned &&
        eachchild(path, depth + 1, visit) < 0)
        failed(path);
    if (depthfirst && depth >= mindepth)
        expr->eval(expr, &f);
}

static int
isexpression(const char *word)
{
    return (*word == '-' && word[1]) || strcmp(word, "!") == 0 ||
        strcmp(word, "(") == 0 || strcmp(word, ")") == 0;
}

void
conclude(void)
{
    struct node *n;

    for (n = batches; n; n = n->nextbatch)
        flush(n);
    exit(status);
}

int
main(int argc, char **argv)
{
    char **paths = argv + 1;
    int npaths = 0;

    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        getopt(argc, argv, "");
    if (*paths && strcmp(*paths, "--") == 0)
        paths++;
    while (paths[npaths] && !isexpression(paths[npaths]))
        npaths++;
    now = time(0);
    expr = parse(paths + npaths);
    if (npaths == 0)
        visit(".", 0);
    for (; npaths > 0; npaths--)
        visit(*paths++, 0);
    conclude();
}
