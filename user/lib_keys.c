// lib_keys.c: what the bytes from a terminal mean: characters in UTF-8, and
// the sequences that keys send:
//
//     ESC [ A            ESC O A         an arrow
//     ESC [ 3 ~          ESC [ 1 ; 5 C   by a number; with Ctrl (2: Shift)
//     ESC [ [ A                          a function key
//     ESC b                              with Alt

#include "keys.h"

#define SHIFTHELD 2                 // second number when only Shift is held
#define LONGEST  16                 // bytes of a sequence

static int
is_continued(char c)
{
    return (c & 0xc0) == 0x80;
}

// Bytes of a character that begins with c; 1 if none does.
static uint
announced(uchar c)
{
    return c < 0xc2 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 1;
}

uint
charlen(const char *s, uint n)
{
    uint len = announced(s[0]), i;

    for (i = 1; i < len; i++)
        if (i >= n || !is_continued(s[i]))
            return 1;
    return len;
}

// Characters that join the one before, and those as wide as two.
static const struct { uint first, last, width; } widths[] = {
    { 0x0300, 0x036f, 0 }, { 0x200b, 0x200f, 0 }, { 0x20d0, 0x20ff, 0 },
    { 0xfe00, 0xfe0f, 0 }, { 0xfe20, 0xfe2f, 0 },
    { 0x1100, 0x115f, 2 }, { 0x2e80, 0x303e, 2 }, { 0x3041, 0xa4cf, 2 },
    { 0xac00, 0xd7a3, 2 }, { 0xf900, 0xfaff, 2 }, { 0xfe30, 0xfe6f, 2 },
    { 0xff01, 0xff60, 2 }, { 0xffe0, 0xffe6, 2 }, { 0x1f300, 0x1f64f, 2 },
    { 0x1f900, 0x1f9ff, 2 }, { 0x20000, 0x3fffd, 2 },
};

uint
charwidth(const char *s, uint n)
{
    static const uchar mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    uint len = charlen(s, n), code = s[0] & mask[len], i;

    for (i = 1; i < len; i++)
        code = code << 6 | (s[i] & 0x3f);
    for (i = 0; len > 1 && i < sizeof(widths) / sizeof(widths[0]); i++)
        if (code >= widths[i].first && code <= widths[i].last)
            return widths[i].width;
    return 1;
}

static int
by_letter(char c, int far)
{
    switch (c) {
    case 'A': return KEY_UP;
    case 'B': return KEY_DOWN;
    case 'C': return far ? KEY_WORDRIGHT : KEY_RIGHT;
    case 'D': return far ? KEY_WORDLEFT : KEY_LEFT;
    case 'F': return far ? KEY_BOTTOM : KEY_END;
    case 'H': return far ? KEY_TOP : KEY_HOME;
    }
    return KEY_NONE;
}

static int
by_number(uint n)
{
    switch (n) {
    case 1: case 7: return KEY_HOME;
    case 4: case 8: return KEY_END;
    case 3: return KEY_DELETE;
    case 5: return KEY_PAGEUP;
    case 6: return KEY_PAGEDOWN;
    }
    return KEY_NONE;
}

// ESC [ numbers letter. A control character breaks it off.
static int
sequence(const char *s, uint n, uint *used)
{
    uint number[2] = { 0, 0 }, which = 0, i;

    if (n > 2 && s[2] == '[') {
        *used = n == 3 ? 3 : 4;
        return n == 3 ? KEY_MORE : KEY_NONE;
    }
    for (i = 2; i < n && i < LONGEST && s[i] >= ' ' && s[i] < '@'; i++) {
        if (s[i] == ';')
            which = 1;
        else if (s[i] >= '0' && s[i] <= '9')
            number[which] = number[which] * 10 + s[i] - '0';
    }
    *used = i;
    if (i == n && i < LONGEST)
        return KEY_MORE;
    if (i == LONGEST || s[i] < ' ')
        return KEY_NONE;
    *used = i + 1;
    return s[i] == '~' ? by_number(number[0])
                       : by_letter(s[i], number[1] > SHIFTHELD);
}

static int
escaped(const char *s, uint n, uint *used)
{
    *used = n;
    if (n == 1)
        return KEY_MORE;
    if (s[1] == '[')
        return sequence(s, n, used);
    if (s[1] == 'O' && n == 2)
        return KEY_MORE;
    *used = s[1] == 'O' ? 3 : s[1] >= ' ' || s[1] == '\b' ? 2 : 1;
    if (s[1] == 'O')
        return by_letter(s[2], 0);
    return *used == 1 ? ESC : ALT | s[1];
}

// Part of a character, which the next byte may complete?
static int
begins_char(const char *s, uint n)
{
    uint i;

    for (i = 1; i < n; i++)
        if (!is_continued(s[i]))
            return 0;
    return n < announced(s[0]);
}

int
key_decode(const char *s, uint n, int nomore, uint *used)
{
    int key;

    *used = 1;
    if (s[0] == ESC) {
        key = escaped(s, n, used);
        if (key == KEY_MORE && nomore)
            return n == 1 ? ESC : KEY_NONE;
        return key;
    }
    if ((uchar)s[0] < ' ' || s[0] == DEL)
        return s[0];
    if (!nomore && begins_char(s, n))
        return KEY_MORE;
    *used = charlen(s, n);
    return KEY_TEXT;
}
