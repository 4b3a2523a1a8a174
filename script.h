// script.h: scripts, files that begin with a line "#!interpreter [argument]".

#pragma once

#include "types.h"
#include "param.h"

#define NESTED  4                   // scripts, each the one before's interpreter
#define LINEMAX 128                 // bytes of a first line, with its newline

struct inode;

struct script {
    char called[PATHMAX];           // the path that the caller of exec names
    char lines[NESTED + 1][LINEMAX];    // what the files begin with
    char *words[2 * NESTED + 3];    // called, then each script's argument, if
                                    // any, and interpreter
    uint nwords;                    // in place of argv[0]; 0: it stays
};

// The file to run for s->called, with a reference: that itself or, where it is
// a script, its interpreter. Then the words, last first, replace argv[0]; and
// they do for the first process, which has none. 0, or -errno as of exec(). May
// sleep.
int script_find(struct script *s, struct inode **);
