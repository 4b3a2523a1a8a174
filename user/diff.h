// diff.h: what diff's parts share.

#pragma once

#ifdef HOSTED                       // tests/host/t_diff.c
#include <err.h>
#include <limits.h>
#include <stdlib.h>
#include "types.h"
#else
#include "input.h"
#include "paths.h"
#endif

struct side {                       // one of the two files
    const char *name;
    const char *label;              // instead of it and the date, or 0
    uint mtime;
    char *text;
    uint size;
    uint n;                         // lines
    uint *start;                    // n + 1 places in text
    uint *same;                     // per line: a number for its content
    uchar *changed;                 // n + 2, changed[0] and [n + 1] are 0:
                                    // line i (from 1) is not in the other
    int  unended;                   // the last line lacks its newline
};

extern int icase, blanks;           // -i; -b 1, -w 2

// diff_lines.c
int  readside(struct side *s, int fd);          // -1: errno
void freeside(struct side *s);
void numberlines(struct side *a, struct side *b);       // sets same
// diff_compare.c
void comparesides(struct side *a, struct side *b);      // sets changed
// diff_show.c
extern uint context;
extern int unified;
void showchanges(struct side *a, struct side *b);
