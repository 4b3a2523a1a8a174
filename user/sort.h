// sort.h: what sort's two parts share.

#pragma once

#include "input.h"

struct line {
    char *text;
    uint n;
    char *key;                      // where the first key is
    uint keyn;
};

// sort_key.c
void addkey(const char *spec);      // -k's argument; errx if it is none
void setorder(int letter);          // -b -d -f -h -i -n -r for all keys
void setseparator(const char *text);
void setstable(void);
void startkeys(void);               // after the last of these
void findkey(struct line *l);       // sets key and keyn
// < 0, 0, > 0; 0 only if the lines are as good as equal.
int  compare(const struct line *a, const struct line *b);
int  comparekeys(const struct line *a, const struct line *b);   // keys only
