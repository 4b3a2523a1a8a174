// lib_inodes.c: which files the numbers of inodes mean.
//
// An inode does not know its names: the whole tree is searched for them.

#include "paths.h"

struct search {
    const uint *ino;
    char **path;
    int  n, missing;
};

static void
found(struct search *s, uint ino, const char *path)
{
    int i;

    for (i = 0; i < s->n; i++)
        if (s->path[i] == 0 && s->ino[i] == ino) {
            s->path[i] = strdup(path);
            s->missing--;
        }
}

// A directory that cannot be read has no names for us.
static void
search(struct search *s, const char *dir)
{
    struct dirent **list;
    int n = children(dir, &list), i;
    char *path;

    for (i = 0; i < n && s->missing > 0; i++) {
        path = joined(dir, list[i]->d_name);
        found(s, list[i]->d_ino, path);
        if (isdir(path))
            search(s, path);
        free(path);
    }
    if (n >= 0)
        freechildren(list, n);
}

void
inode_paths(const uint *ino, char **path, int n)
{
    struct search s = { ino, path, n, 0 };
    int i;

    for (i = 0; i < n; i++) {
        path[i] = 0;
        s.missing += ino[i] != 0;
    }
    if (s.missing > 0)
        search(&s, "/");
}
