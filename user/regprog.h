// regprog.h: a compiled regular expression, for lib_regcomp.c, which makes
// it, and lib_regexec.c and lib_regback.c, which run it.
//
// It is a small program. A thread of it stands at an instruction and at a
// place in the text; SPLIT makes two of one. Jumps are relative, so that a
// part can be moved or copied as it is.

#ifndef REGPROG_H
#define REGPROG_H

#include "regex.h"
#include "../types.h"

enum regop {
    // These take a character.
    R_CHAR, R_ANY, R_SET,           // c; any; one of sets[x]
    R_BACK,                         // what group x matched, once more
    // These do not.
    R_SPLIT, R_JUMP,                // to x, else to y; to x
    R_SAVE,                         // caps[x] = here
    R_BOL, R_EOL, R_BOT, R_EOT,     // ^ $ \` \'
    R_WORDB, R_INWORD,              // \b \B
    R_WORDS, R_WORDE,               // \< \>
    R_MATCH
};

struct reginst {
    uchar op, c;
    int x, y;
};

struct regset {
    uint bits[8];
};

struct regprog {
    struct reginst *code;
    struct regset *sets;
    uint n, nsets, room, setroom;
    int  flags;                     // regcomp's
    uint backrefs;                  // bit k: the pattern says \k
    int  lastback;                  // the largest such k
    uint looped;                    // bit k: group k < 32 may match again
    int  nullable;                  // may match the empty text
    struct regset first;            // characters a match can begin with
    uchar fold[256];                // what R_CHAR compares: case is gone
    void *work;                     // regexec's memory, for next time
};

// A search: the text and what has been found in it.
struct regtext {
    struct regprog *p;
    const uchar *s;
    int start, end, flags;
    int any;                        // nobody asks where the match is
    int ncap;                       // captures that are kept track of, even
    int *best;                      // captures of the best match; [0] -1: none
};

static inline int
reghas(const struct regset *set, uchar c)
{
    return set->bits[c / 32] >> c % 32 & 1;
}

// Does an instruction that takes a character, other than R_BACK, take c?
static inline int
regtakes(const struct regprog *p, const struct reginst *in, uchar c)
{
    switch (in->op) {
    case R_CHAR: return p->fold[c] == in->c;
    case R_SET:  return reghas(&p->sets[in->x], c);
    case R_ANY:  return c != '\n' || !(p->flags & REG_NEWLINE);
    }
    return 0;
}

// Does the assertion op (^, \b ...) hold at pos?
int  regholds(const struct regtext *t, int op, int pos);
// Are the captures a of a better match than b?
int  regbetter(const struct regtext *t, const int *a, const int *b);
// A thread has come to the program's end at pos.
void regmatched(struct regtext *t, int *caps, int pos);
// The search where there are \1 to \9: 0, or -1 for lack of memory.
int  regback(struct regtext *t);

#endif
