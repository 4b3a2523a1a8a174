// ed.h: the parts of ed. ed_text.c keeps the lines and reads and writes
// files, ed_match.c searches and substitutes, ed.c reads commands and obeys.
//
// A function that fails returns -1 when it has said why by fail().

#pragma once

#include <regex.h>
#include "../types.h"

// A line is never changed, only replaced, so that undo can keep the old one.
struct line {
    uint ref;                       // lists that it is in, 'x marks, lists of g
    int  chosen;                    // g is still to come to it
    uint n;
    char s[];                       // n bytes and a NUL
};

struct lines_list {
    struct line **line;             // line[0] is line 1
    uint n, room;
};

extern struct lines_list now;
extern uint dot;                    // the current line's number
extern int  modified;
extern const char *cmd;             // what is left of the command
extern int  failed;                 // some command has

int  fail(const char *why);
#define NOMEMORY "out of memory"

// --- ed_text.c ---

struct line *line_new(const char *s, uint n);   // 0: no memory
void line_drop(struct line *l);
// Replaces ndel lines behind line `after` by the n lines at l, which are then
// the list's.
int  splice(uint after, uint ndel, struct line **l, uint n);
void undo_begin(void);              // a command begins; undo comes back here
int  undo(void);
int  read_file(const char *name, uint after);   // also "!command"
int  write_file(const char *name, uint from, uint to, const char *mode);
extern int silent;                  // no byte counts

// --- ed_match.c ---

// A /pattern/ at cmd, whose first character is the delimiter.
regex_t *pattern(void);             // 0: failed
int  search(int backwards);         // a line's number; cmd at / or ?
int  matches(regex_t *re, const struct line *l);
int  substitute(uint from, uint to);    // cmd behind the s
int  print_suffix(int *how);        // p n l at cmd, then the end
enum { PRINT = 1, NUMBER = 2, LIST = 4 };
