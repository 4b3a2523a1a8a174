// dirent.h: reading directories.

#pragma once

#include <sys/types.h>

typedef struct dir DIR;

struct dirent {
    ino_t d_ino;
    char  d_name[16];
};

DIR *opendir(const char *path);
DIR *fdopendir(int fd);
struct dirent *readdir(DIR *d);     // good until the next; 0: the end
void rewinddir(DIR *d);
int  closedir(DIR *d);
int  dirfd(DIR *d);
// The chosen entries (choose 0: all), malloc'd each and the list, sorted by
// cmp if there is one. How many, or -1.
int  scandir(const char *path, struct dirent ***list,
             int (*choose)(const struct dirent *),
             int (*cmp)(const struct dirent **, const struct dirent **));
int  alphasort(const struct dirent **a, const struct dirent **b);
