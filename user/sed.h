// sed.h: a script as sed_parse.c leaves it and sed.c runs it.

#pragma once

#include <regex.h>
#include "input.h"

struct text {                       // a string of any bytes that grows
    char *s;
    uint n, cap;
};

struct re {                         // text 0: the one used last
    regex_t re;
    int compiled;
};

struct output {
    struct output *next;
    const char *name;
    FILE *f;
    int unended;                    // its last line lacks a newline
};

struct address {
    enum { A_NONE, A_LINE, A_LAST, A_RE, A_STEP, A_PLUS, A_MULTIPLE } kind;
    uint n, step;
    struct re *re;
};

// Pieces of s's replacement: text, and then a group (or -1).
struct piece {
    struct piece *next;
    struct text text;
    int group;
    int change;                     // \U \L \u \l \E that stands before it
};

struct command {
    struct address from, to;
    int  not;
    int  active;                    // inside its range,
    uint last;                      // which ends at this line, if counted
    char name;
    struct text text;               // a c i; label of b t T :; file of r
    uint target;                    // command to go on with: b t T {
    uint status;                    // q Q
    struct output *out;             // w, and s's flag w
    struct re *re;                  // s
    struct piece *pieces;
    int  global, print;
    uint number;
    uchar *map;                     // y
};

extern struct command *script;
extern uint nscript;
extern struct output *outputs;      // the first is the standard output
extern int extended, quiet;

void add(struct text *t, const char *s, uint n);
void parse(struct text *t);         // the whole script; errors end sed
