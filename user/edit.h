// edit.h: the parts of edit. edit_text.c keeps the text and what undo needs,
// edit_file.c reads and writes it, edit_screen.c is the terminal, edit.c
// knows what the keys do.

#pragma once

#include "../types.h"

#define NONE 0xffffffffu            // no place in the text

// --- edit_text.c: bytes, and what was done to them ---

// At pos, the first nold bytes became the nnew behind them.
struct change {
    uint pos, nold, nnew, room;
    uint group;                     // undone together with its neighbours
    char *bytes;
};

// The text is buf[0 .. gap) and buf[end .. size). Places are counted as if
// the gap were not there.
struct text {
    char *buf;
    uint size, gap, end;
    uint newlines;                  // in all of it
    uint knownpos, knownline;       // a place whose line number is known

    struct change *changes;
    uint nchanges, changeroom;
    uint done;                      // the rest has been undone
    uint saved;                     // done when it was saved; NONE: gone
    uint group;
    int  open;                      // the last change may be added to
};

void text_init(struct text *t);
void text_free(struct text *t);
// Takes malloc'd buf, of size bytes, the first n of them the text.
void text_load(struct text *t, char *buf, uint n, uint size);
uint text_len(const struct text *t);
int  text_at(const struct text *t, uint pos);       // -1: the end
void text_copy(const struct text *t, uint pos, uint n, char *to);

// Replaces ndel bytes at pos; may be undone. -1: no memory, nothing done.
int  text_replace(struct text *t, uint pos, uint ndel, const char *s, uint n);
void text_break(struct text *t);    // undo stops here
uint text_undo(struct text *t);     // the place; NONE: nothing, or no memory
uint text_redo(struct text *t);
void text_saved(struct text *t);
int  text_changed(const struct text *t);

uint text_bol(const struct text *t, uint pos);      // where pos's line begins
uint text_eol(const struct text *t, uint pos);      // and ends
uint text_line(struct text *t, uint pos);           // its number, from 0
uint text_goto(struct text *t, uint line);          // where a line begins
// A UTF-8 character or another byte.
uint text_charlen(const struct text *t, uint pos);
uint text_next(const struct text *t, uint pos);
uint text_prev(const struct text *t, uint pos);
// Columns on the screen: of the character at pos if it begins in col; before
// pos on its line; the place in the line at bol that is nearest to col.
uint text_width(const struct text *t, uint pos, uint col);
// text_walk() goes from pos to end as long as *col, which it counts on, does
// not pass most.
uint text_walk(const struct text *t, uint pos, uint end, uint *col, uint most);
uint text_column(const struct text *t, uint pos);
uint text_place(const struct text *t, uint bol, uint col);
// The next place from pos on where the n bytes at s are; NONE. Small letters
// find capitals, too, if there is no capital in s.
uint text_find(struct text *t, uint pos, const char *s, uint n);

// --- edit_file.c ---

struct disk {
    char *path;                     // 0: not yet named
    int  exists;
    uint ino, size, mtime;          // when it was read or written last
};

int  file_load(struct disk *d, struct text *t);     // 0, else a reason that
const char *file_reason(void);                      // this tells
int  file_altered(struct disk *d);  // by somebody else
int  file_save(struct disk *d, struct text *t);

// --- edit_screen.c ---

enum { PLAIN, REVERSE };

extern uint rows, cols;

int  screen_open(void);             // -1: no memory
void screen_close(void);
void screen_clear(void);            // the terminal's content is not known
int  key_read(void);                // a byte or keys.h's; -1 at the end
int  key_pending(void);             // more has come already

// A row is begun, gets characters, and is blank from there on.
void row_begin(uint row, uint skip);    // skip: columns left of the screen
void row_code(uint code, int attr);
void row_string(const char *s, int attr);   // ASCII
void row_text(const struct text *t, uint pos, uint from, uint to);
void row_end(void);
// Lines of the text have moved up by n (down if negative).
void screen_scroll(int n);
void screen_show(uint row, uint col);   // sends what differs; the cursor
