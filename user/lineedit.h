// lineedit.h: the parts of the line editor, between themselves.
//
//     keys      lib_keys.c      bytes from the terminal -> keys (in keys.h)
//     edit      lib_edit.c      keys -> the line and the cursor in it
//     drawing   lib_draw.c      the line -> bytes for the terminal
//     history   lib_history.c   the lines before (in user.h)
//     complete  lib_complete.c  what Tab can mean
//     readline  lib_readline.c  all of these at work
//
// Keys, edit and drawing make no system call, so that the host can test
// them. Where memory runs out they say so and leave what there was.

#pragma once

#ifdef HOSTED
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#endif
#include "keys.h"

// A growing string; s is 0 or has n bytes and a NUL.
struct bytes {
    char *s;
    uint n, cap;
};
// Put n bytes at an offset; take those from one offset to another out. 0, or
// -1 if there is no memory: then nothing has changed.
int  bytes_insert(struct bytes *b, uint at, const char *s, uint n);
void bytes_remove(struct bytes *b, uint from, uint to);
int  bytes_add(struct bytes *b, const char *s);     // a string, at the end

struct edit {
    struct bytes line;
    uint at;                        // cursor, never inside a character
    struct bytes cut;               // what ^K ^U ^W took last
    int cutting;                    // the last key was one of them
};
// Obey a key: 1, or 0 if it edits nothing, -1 if there is no memory. For
// KEY_TEXT, its n bytes are at s.
int  edit_key(struct edit *e, int key, const char *s, uint n);
int  edit_set(struct edit *e, const char *line);    // cursor at its end
void edit_free(struct edit *e);

// What a terminal shows of a prompt and a line. A view is the part of both
// that fits the screen; row and col are the terminal's cursor in it.
struct drawing {
    uint rows, cols;                // of the screen
    struct bytes shown;             // the view drawn last
    uint row, col, top;             // top: first row of the view
};
// Add to out what makes the terminal show prompt and line, with the cursor
// at that offset of the line. -1: no memory.
int  draw(struct drawing *d, struct bytes *out, const char *prompt,
          const struct bytes *line, uint at);
void draw_forget(struct drawing *d);    // the terminal is at a fresh row

// Completion of the word that ends at the cursor. insert is what all
// candidates have in common beyond what is there, quoted, with what ends the
// word if there is only one; candidates are as a list shows them.
struct completion {
    struct bytes insert;
    char **names;                   // sorted, no two the same
    uint n;
};
int  complete(struct completion *c, const char *line, uint at);
void completion_free(struct completion *c);
