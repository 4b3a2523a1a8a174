// keys.h: what the keys of a terminal send, and its characters; lib_keys.c,
// lib_getkey.c.

#pragma once

#ifdef HOSTED
typedef unsigned int uint;
typedef unsigned char uchar;
#else
#include "user.h"
#endif

#define CTRL(c) ((c) & 0x1f)
#define ESC     0x1b
#define DEL     0x7f                // what the key Backspace sends

// UTF-8. charlen: bytes of the character at s, n > 0 bytes long at most; 1
// for a byte that begins none. charwidth: its columns, 0 to 2.
uint charlen(const char *s, uint n);
uint charwidth(const char *s, uint n);

// A control character is itself, and so is ESC alone. ALT is added to what
// comes with Alt; WORDLEFT is Left with Ctrl or Alt, TOP is Home with them.
enum {
    KEY_MORE = -1,                  // the sequence has not come whole
    KEY_TEXT = 0x100,               // a character to insert
    KEY_NONE,                       // a key without a meaning here
    KEY_UP, KEY_DOWN, KEY_LEFT, KEY_RIGHT, KEY_HOME, KEY_END, KEY_DELETE,
    KEY_PAGEUP, KEY_PAGEDOWN, KEY_WORDLEFT, KEY_WORDRIGHT, KEY_TOP, KEY_BOTTOM,
    ALT = 0x1000
};
// The first key in the n > 0 bytes at s, and how many they are. With nomore,
// what has come is all there is: never KEY_MORE.
int key_decode(const char *s, uint n, int nomore, uint *used);

// A key from the console in raw mode: a byte, KEY_TEXT for a character of
// several, or one of the above; NOKEY when none has come in so many ticks;
// ENDKEY when there is nobody to press one.
enum { NOKEY = -2, ENDKEY = -3 };
int getkey(int fd, int ticks);
