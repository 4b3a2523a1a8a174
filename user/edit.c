// edit.c: a full-screen editor.
//
//     edit [+line] [file]
//
// What is typed is inserted; the last row names the keys. The terminal is
// edit_screen.c's affair, the text edit_text.c's, files edit_file.c's.

#include <stdlib.h>
#include <string.h>
#include "edit.h"
#include "keys.h"

const char help[] = "edit [+line] [file]\n"
    "Edit a file on the whole screen; ^S saves, ^Q quits.";

enum { MSGSIZE = 160, FAR = 8 };

static struct text text;
static struct disk disk;
static uint cur, goal = NONE;       // the cursor; the column it tries to keep
static uint top, left;              // what the screen's first cell shows
static uint mark = NONE;
static char *clip, *needle;         // cut or copied; searched for
static uint cliplen;
static int  cutting;                // the last key cut, too
static int  running = 1;
static char message[MSGSIZE];

static const char keys[] = "^S save ^Q quit ^F find ^R replace ^Z undo "
    "^Y redo ^K cut ^U paste ^G line";

static void
say(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(message, sizeof(message), fmt, ap);
    va_end(ap);
}

// --- drawing ---

static uint
lines_shown(void)
{
    return rows - 2;
}

static uint
back_lines(uint pos, uint n)
{
    for (pos = text_bol(&text, pos); n > 0 && pos > 0; n--)
        pos = text_bol(&text, pos - 1);
    return pos;
}

static uint
on_lines(uint pos, uint n)
{
    uint eol;

    for (pos = text_bol(&text, pos); n > 0; n--) {
        if ((eol = text_eol(&text, pos)) == text_len(&text))
            break;
        pos = eol + 1;
    }
    return pos;
}

// Moves top so that the cursor's line is shown: a little way by scrolling,
// else with the line in the middle.
static void
follow_line(void)
{
    uint line, topline, old, height = lines_shown();

    top = text_bol(&text, top < text_len(&text) ? top : text_len(&text));
    old = topline = text_line(&text, top);
    line = text_line(&text, cur);
    if (line >= topline && line < topline + height)
        return;
    if (line + FAR < topline || line > topline + height + FAR)
        top = back_lines(cur, height / 2);
    else
        top = back_lines(cur, line < topline ? 0 : height - 1);
    topline = text_line(&text, top);
    if (topline < old + height && old < topline + height)
        screen_scroll(topline - old);
}

// The columns at both sides may be marks.
static void
follow_column(uint col)
{
    if (col < cols - 1)
        left = 0;
    else if (col <= left || col >= left + cols - 1)
        left = col - cols / 2;
}

static void
draw_text(void)
{
    uint pos = top, i, from = mark < cur ? mark : cur, eol;
    uint to = mark == NONE ? from : mark < cur ? cur : mark;
    int more = 1;

    for (i = 0; i < lines_shown(); i++) {
        row_begin(i, left);
        if (more)
            row_text(&text, pos, from, to);
        row_end();
        eol = text_eol(&text, pos);
        more = more && eol < text_len(&text);
        pos = eol + 1;
    }
}

static void
draw_status(uint col)
{
    char where[64], line[MSGSIZE + 64];
    uint n, width = cols - 1;

    snprintf(where, sizeof(where), " line %u of %u, column %u ",
             text_line(&text, cur) + 1, text.newlines + 1, col + 1);
    snprintf(line, sizeof(line), " %s%s  %s", disk.path ? disk.path : "no name",
             text_changed(&text) ? " (changed)" : "", message);
    row_begin(rows - 2, 0);
    n = strlen(where) < width ? width - strlen(where) : 0;
    if (strlen(line) > n)
        line[n] = 0;
    row_string(line, REVERSE);
    for (n -= strlen(line); n > 0; n--)
        row_code(' ', REVERSE);
    row_string(where, REVERSE);
    row_end();
}

static void
draw_help(const char *s)
{
    row_begin(rows - 1, 0);
    row_string(s, PLAIN);
    row_end();
}

static void
draw(void)
{
    uint col = text_column(&text, cur), line;

    follow_line();
    follow_column(col);
    draw_text();
    draw_status(col);
    draw_help(keys);
    line = text_line(&text, cur) - text_line(&text, top);
    screen_show(line, col - left);
}

// --- questions ---

// The end of what is being typed, at the end of the last row.
static void
draw_prompt(const char *question, const char *answer, uint n)
{
    uint width = cols - 2, m = strlen(question);

    row_begin(rows - 1, 0);
    row_string(question, REVERSE);
    row_code(' ', PLAIN);
    if (m + n + 1 > width)
        answer += m + n + 1 - width;
    row_string(answer, PLAIN);
    row_end();
    m += 1 + strlen(answer);
    screen_show(rows - 1, m < width ? m : width);
}

// Adds or takes back a byte; 0 if the key means something else.
static int
edit_answer(char **s, uint *n, int key)
{
    char *bigger;

    if (key == DEL || key == '\b') {
        while (*n && ((*s)[--*n] & 0xc0) == 0x80)
            ;
    } else if (key == CTRL('u')) {
        *n = 0;
    } else if (key == '\t' || (key >= ' ' && key < 256)) {
        if ((bigger = realloc(*s, *n + 2)) == 0)
            return 1;
        *s = bigger;
        bigger[(*n)++] = key;
    } else {
        return 0;
    }
    (*s)[*n] = 0;
    return 1;
}

// What is typed, malloc'd; 0 if it is called off.
static char *
prompt(const char *question, const char *first)
{
    char *s = strdup(first);
    uint n = strlen(first);
    int key = 0;

    if (s == 0)
        say("out of memory");
    while (s) {
        if (!key_pending())
            draw_prompt(question, s, n);
        key = key_read();
        if (key == '\r' || key == '\n' || key == CTRL('f'))
            return s;
        if (!edit_answer(&s, &n, key) &&
            (key < 0 || key == ESC || key == CTRL('c') ||
             key == CTRL('g') || key == CTRL('q') || key == CTRL('x'))) {
            free(s);
            s = 0;
        }
    }
    return 0;
}

// One of the letters in choices; 0 if it is called off.
static int
choose(const char *question, const char *choices)
{
    uint n = strlen(question);
    int key;

    draw_help(question);
    screen_show(rows - 1, n < cols ? n : cols - 1);
    for (;;) {
        key = key_read();
        if (key < 0 || key == ESC || key == CTRL('c'))
            return 0;
        if (key > ' ' && key < 127 && strchr(choices, key | 0x20))
            return key | 0x20;
    }
}

// --- changing the text ---

static int
change(uint pos, uint ndel, const char *s, uint n)
{
    mark = NONE;
    if (text_replace(&text, pos, ndel, s, n) < 0) {
        say("out of memory: not done");
        return -1;
    }
    cur = pos + n;
    return 0;
}

static void
insert(int c)
{
    char byte = c;

    change(cur, 0, &byte, 1);
}

static void
erase(uint from, uint to)
{
    if (from < to)
        change(from, to - from, 0, 0);
}

// The marked part, else the cursor's line.
static void
selection(uint *from, uint *to)
{
    if (mark != NONE) {
        *from = mark < cur ? mark : cur;
        *to = mark < cur ? cur : mark;
        return;
    }
    *from = text_bol(&text, cur);
    *to = text_next(&text, text_eol(&text, cur));
}

// Puts it behind what the last keys have cut, if they have.
static int
copy(uint from, uint to)
{
    uint old = cutting ? cliplen : 0;
    char *s = realloc(clip, old + to - from + 1);

    if (s == 0) {
        say("out of memory: not done");
        return -1;
    }
    clip = s;
    text_copy(&text, from, to - from, clip + old);
    cliplen = old + to - from;
    return 0;
}

static void
cut(void)
{
    uint from, to;

    selection(&from, &to);
    if (copy(from, to) == 0)
        erase(from, to);
}

static void
copy_only(void)
{
    uint from, to;

    selection(&from, &to);
    if (copy(from, to) == 0)
        say("copied: ^U puts it in");
    mark = NONE;
}

static void
undo(uint (*back)(struct text *), uint count, const char *none)
{
    uint pos = back(&text);

    mark = NONE;
    if (pos == NONE)
        say("%s", count ? "out of memory: not done" : none);
    else
        cur = pos;
}

// --- searching ---

// Goes to the next place, perhaps from the start again.
static int
find(uint from)
{
    uint n = strlen(needle), pos = text_find(&text, from, needle, n);

    if (pos == NONE && (pos = text_find(&text, 0, needle, n)) != NONE)
        say("from the start again");
    if (pos == NONE) {
        say("not found: %s", needle);
        return -1;
    }
    cur = pos;
    return 0;
}

// Asks what to search for; nothing: the same as before.
static int
ask_needle(const char *verb)
{
    char question[64], *s;

    snprintf(question, sizeof(question), "%s%s%.30s%s:", verb,
             needle ? " [" : "", needle ? needle : "", needle ? "]" : "");
    if ((s = prompt(question, "")) == 0)
        return -1;
    if (*s) {
        free(needle);
        needle = s;
    } else {
        free(s);
    }
    return needle ? 0 : -1;
}

static void
search(void)
{
    if (ask_needle("Find") == 0)
        find(text_next(&text, cur));
}

// y n a q, and 0: stop here.
static int
ask_replace(int all)
{
    int key;

    if (all)
        return 'a';
    draw();
    key = choose("Replace this one? y(es) n(o) a(ll) q(uit)", "ynaq");
    return key == 'q' ? 0 : key;
}

// From the cursor to the text's end.
static void
replace_each(const char *by)
{
    uint n = strlen(needle), m = strlen(by), pos = cur, count = 0;
    int key = 0;

    while ((pos = text_find(&text, pos, needle, n)) != NONE) {
        cur = pos;
        if ((key = ask_replace(key == 'a')) == 0)
            break;
        if (key == 'n') {
            pos += n;
            continue;
        }
        if (change(pos, n, by, m) < 0)
            return;
        pos = cur;
        count++;
        if (key != 'a')
            text_break(&text);
    }
    if (pos == NONE && key == 0)
        say("not found: %s", needle);
    else
        say("%u replaced", count);
}

static void
replace(void)
{
    char *by;

    if (ask_needle("Replace") < 0 || (by = prompt("by:", "")) == 0)
        return;
    replace_each(by);
    free(by);
}

static void
go_to_line(void)
{
    char *s = prompt("Line:", "");
    int n = s ? atoi(s) : 0;

    if (n > 0)
        cur = text_goto(&text, n - 1);
    free(s);
}

// --- files ---

static int
ask_name(void)
{
    char *s = prompt("File name:", disk.path ? disk.path : "");

    if (s == 0 || *s == 0) {
        free(s);
        return -1;
    }
    if (disk.path == 0 || strcmp(s, disk.path) != 0)
        disk.exists = 0;
    free(disk.path);
    disk.path = s;
    return 0;
}

// 0 if all is on the disk.
static int
save(int newname)
{
    if ((newname || disk.path == 0) && ask_name() < 0) {
        say("not saved");
        return -1;
    }
    if (file_altered(&disk)) {
        say("%s", disk.exists ? "somebody else changed the file meanwhile" :
            "there is such a file already");
        draw();
        if (choose("Write over it? y(es) n(o)", "yn") != 'y') {
            say("not saved");
            return -1;
        }
    }
    if (file_save(&disk, &text) < 0) {
        say("NOT saved: %s", file_reason());
        return -1;
    }
    say("saved: %u bytes", text_len(&text));
    return 0;
}

static void
quit(void)
{
    int key = 'n';

    if (text_changed(&text))
        key = choose("Save the changes? y(es) n(o), or Escape to go on", "yn");
    if (key == 'n' || (key == 'y' && save(0) == 0))
        running = 0;
}

// --- moving ---

static void
vertical(int lines)
{
    uint bol = text_bol(&text, cur), to;

    if (goal == NONE)
        goal = text_column(&text, cur);
    to = lines < 0 ? back_lines(cur, -lines) : on_lines(cur, lines);
    if (to != bol)
        cur = text_place(&text, to, goal);
    else
        cur = lines < 0 ? to : text_eol(&text, to);
}

static void
page(int lines)
{
    top = lines < 0 ? back_lines(top, -lines) : on_lines(top, lines);
    vertical(lines);
}

static int
is_word(uint pos)
{
    int c = text_at(&text, pos);

    return c >= 128 || c == '_' || (c >= '0' && c <= '9') ||
           ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static uint
word_left(uint pos)
{
    while (pos > 0 && !is_word(pos - 1))
        pos--;
    while (pos > 0 && is_word(pos - 1))
        pos--;
    return pos;
}

static uint
word_right(uint pos)
{
    uint len = text_len(&text);

    while (pos < len && is_word(pos))
        pos++;
    while (pos < len && !is_word(pos))
        pos++;
    return pos;
}

// 0 if the key does not move the cursor.
static int
move(int key)
{
    int height = lines_shown() - 1;

    switch (key) {
    case KEY_UP:    case CTRL('p'): vertical(-1); return 1;
    case KEY_DOWN:  case CTRL('n'): vertical(1); return 1;
    case KEY_PAGEUP:  page(-height); return 1;
    case KEY_PAGEDOWN:  page(height); return 1;
    }
    switch (key) {
    case KEY_LEFT:      cur = text_prev(&text, cur); break;
    case KEY_RIGHT:     cur = text_next(&text, cur); break;
    case KEY_HOME: case CTRL('a'): cur = text_bol(&text, cur); break;
    case KEY_END:  case CTRL('e'): cur = text_eol(&text, cur); break;
    case KEY_WORDLEFT:  cur = word_left(cur); break;
    case KEY_WORDRIGHT: cur = word_right(cur); break;
    case KEY_TOP:       cur = 0; break;
    case KEY_BOTTOM:    cur = text_len(&text); break;
    default:            return 0;
    }
    goal = NONE;
    return 1;
}

// --- keys ---

// Keys that change the text a little, and may be undone in one with others.
static int
type(int key)
{
    if (key == '\r' || key == '\n')
        insert('\n');
    else if (key == '\t' || (key >= ' ' && key < 256 && key != DEL))
        insert(key);
    else if (key == DEL || key == '\b')
        erase(text_prev(&text, cur), cur);
    else if (key == KEY_DELETE || key == CTRL('d'))
        erase(cur, text_next(&text, cur));
    else
        return 0;
    return 1;
}

static void
command(int key)
{
    switch (key) {
    case CTRL('s'): save(0); break;
    case CTRL('o'): save(1); break;
    case CTRL('q'): case CTRL('x'): quit(); break;
    case CTRL('f'): search(); break;
    case CTRL('r'): replace(); break;
    case CTRL('z'): undo(text_undo, text.done, "nothing to undo"); break;
    case CTRL('y'):
        undo(text_redo, text.nchanges - text.done, "nothing to redo");
        break;
    case CTRL('k'): cut(); break;
    case CTRL('c'): copy_only(); break;
    case CTRL('u'): case CTRL('v'): change(cur, 0, clip, cliplen); break;
    case CTRL('b'): mark = mark == NONE ? cur : NONE; break;
    case CTRL('g'): go_to_line(); break;
    case CTRL('l'): screen_clear(); break;
    case ESC: mark = NONE; break;
    default:
        if (key < ' ')
            say("^%c does nothing", key ^ 0x40);
    }
}

// A run of typing ends with a line; a run of the same kind goes on.
static void
obey(int key)
{
    static int lastkind;
    int kind = key >= ' ' && key < 256 && key != DEL ? ' ' : key;

    message[0] = 0;
    if (kind != lastkind)
        text_break(&text);
    lastkind = kind;
    if (move(key)) {
        cutting = 0;
        return;
    }
    goal = NONE;
    if (!type(key)) {
        text_break(&text);
        command(key);
        text_break(&text);
    }
    cutting = key == CTRL('k');
}

static void
arguments(int argc, char **argv)
{
    char *file;

    getopt(argc, argv, "");
    if (optind < argc && argv[optind][0] == '+' && argv[optind][1])
        cur = number(argv[optind++] + 1, 1, INT_MAX);
    file = optind < argc ? argv[optind++] : 0;
    if (optind < argc)
        usage(NULL);
    if (!isconsole(0) || !isconsole(1))
        errx(1, "works on the console only");
    if (file == 0)
        return;
    if ((disk.path = strdup(file)) == 0)
        err(1, "%s", file);
    if (file_load(&disk, &text) < 0)
        errx(1, "%s: %s", file, file_reason());
    if (!disk.exists)
        say("a new file");
}

int
main(int argc, char **argv)
{
    int key = 0;

    text_init(&text);
    arguments(argc, argv);
    if (cur)
        cur = text_goto(&text, cur - 1);
    if (screen_open() < 0)
        err(1, "the screen");
    while (running && key >= 0) {
        if (!key_pending())
            draw();
        if ((key = key_read()) >= 0)
            obey(key);
    }
    screen_close();
    return running;                 // the console came to its end
}
