// find.h: what the parts of find share. find_eval.c evaluates tests and does
// actions, find_expr.c makes a tree of nodes of the expression, find.c walks.

#pragma once

#include "paths.h"

struct file {
    const char *path;
    struct stat st;
};

// A part of the expression, with the function that evaluates it: 1 true.
struct node {
    int (*eval)(struct node *n, struct file *f);
    struct node *left, *right;
    const char *text;
    char **argv;                    // -exec's command, 0-terminated
    int  sign;                      // '+' more than, '-' less than, 0 exactly
    uint value, unit;
    char **paths;                   // -exec ... {} +: those that wait
    uint npaths, bytes;
    struct node *nextbatch;         // all such nodes
};

typedef int evalfn(struct node *n, struct file *f);

// find.c
extern int depthfirst, pruned, status, mindepth, maxdepth;
extern uint now;
void failed(const char *path);
void conclude(void) NORETURN;       // runs the commands that wait, and exits

// find_expr.c: the expression at arg, -print added where it does nothing.
extern struct node *batches;
struct node *parse(char **words);

// find_eval.c: tests, actions, and what is made of them.
evalfn evalname, evaliname, evalpath, evaltype, evalsize, evalage, evallinks;
evalfn evalnewer, evalempty, constant;
evalfn prune, quit, print, delete, execute, executeall;
evalfn evalnot, evaland, evalor;
char *lower(const char *s);         // malloc'd
void flush(struct node *n);         // run the command with the paths that wait
