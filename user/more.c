// more.c: shows text a screen at a time.
//
// The text is read as far as it is shown, and kept, so that one can go back. A
// line is as many rows of the screen as it needs; struct row says where each
// begins. Keys come from the console, also when the text comes from a pipe.
// When the output is no console everything passes through.

#include "input.h"
#include "keys.h"

const char help[] = "more [file...]\n"
    "Show text a screen at a time. Keys: space and b a screen on and back,\n"
    "Enter and k a line, /text searches, n searches on, g start, G end, q quits.";

#define ALLOC   256                 // rows: the table grows by a half
#define MAXFIND 128
#define TABSTOP 8

struct row {
    const char *line;               // the whole, malloc'd, shared by its rows
    uint start, end;                // bytes of it
};

static struct {
    struct row *rows;
    uint n, cap;
    struct lines in;
    int  ended;                     // nothing more to read
    uint size, seen;                // of the file, 0 if not known; bytes read
} text;

static const char *name;            // of the file being shown
static int keys;                    // descriptor of the console
static uint height, width;          // of the screen, in rows of text

// ---- the text ----

static void give_back(void);

static void
fail(const char *what)
{
    int reason = errno;

    give_back();
    errno = reason;
    err(1, "%s", what);
}

// How many bytes at s, of n > 0, belong together, and the columns they take.
static uint
piece(const char *s, uint n, uint col, uint *columns)
{
    uint used;

    *columns = 0;
    if (s[0] == ESC) {
        key_decode(s, n, 1, &used); // a colour looks like a key
        return used;
    }
    if (s[0] == '\t') {
        *columns = TABSTOP - col % TABSTOP;
        return 1;
    }
    *columns = (uchar)s[0] < ' ' ? 0 : charwidth(s, n);
    return charlen(s, n);
}

static void
add_row(const char *line, uint start, uint end)
{
    struct row *more;

    if (text.n == text.cap) {
        more = realloc(text.rows, (text.cap + text.cap / 2 + ALLOC) *
                       sizeof(*more));
        if (more == 0)
            fail("rows");
        text.rows = more;
        text.cap += text.cap / 2 + ALLOC;
    }
    text.rows[text.n++] = (struct row){ line, start, end };
}

static void
add_line(const char *line, uint n)
{
    uint start = 0, at, col = 0, columns, len;

    for (at = 0; at < n; at += len) {
        len = piece(line + at, n - at, col, &columns);
        if (col + columns > width) {
            add_row(line, start, at);
            start = at;
            col = 0;
        }
        col += columns;
    }
    add_row(line, start, n);
}

// Read until there are so many rows, or no more.
static void
want_rows(uint n)
{
    char *line, *copy;
    uint len;

    while (text.n < n && !text.ended) {
        if ((line = nextline(&text.in, &len)) == 0) {
            text.ended = 1;
            if ((errno = text.in.error) != 0)
                fail(name);
        } else if ((copy = malloc(len + 1)) == 0) {
            fail("text");
        } else {
            memcpy(copy, line, len);
            copy[len] = 0;
            add_line(copy, len);
            text.seen += len + 1;
        }
    }
}

// ---- the screen ----

static void
show_rows(uint from, uint to)
{
    const struct row *r;

    for (; from < to && from < text.n; from++) {
        r = &text.rows[from];
        printf("\r\033[K%.*s\033[m\n", (int)(r->end - r->start),
               r->line + r->start);
    }
}

// The last row: how far we are, and what keys to press.
static void
show_status(uint top, const char *message)
{
    uint done = text.seen, i;

    for (i = top + height; i < text.n; i++)
        done -= text.rows[i].end - text.rows[i].start + 1;
    printf("\r\033[K\033[7m");
    if (message)
        printf("%s", message);
    else if (text.ended && top + height >= text.n)
        printf("(END)");
    else if (text.size)
        printf("--More--(%u%%)", (uint)((unsigned long long)done * 100 /
                                        text.size));
    else
        printf("--More--");
    printf("\033[m");
    fflush(stdout);
}

static void
show_page(uint top)
{
    printf("\033[2J\033[H");
    show_rows(top, top + height);
}

static void
give_back(void)
{
    printf("\r\033[m\033[K");
    fflush(stdout);
    if (keys >= 0)
        consctl(CONS_MODE, CONS_COOKED);
}

// ---- searching ----

// The text to look for, typed behind a slash. 0: nothing was.
static int
ask(char *what)
{
    uint n = 0;
    int c;

    for (;;) {
        printf("\r\033[K/%.*s", (int)n, what);
        fflush(stdout);
        c = getkey(keys, INT_MAX);
        if (c == '\r' || c == '\n')
            break;
        if (c == CTRL('C') || c == ESC || c == ENDKEY)
            return 0;
        if ((c == '\b' || c == DEL) && n > 0)
            n--;
        else if (c >= ' ' && c < DEL && n < MAXFIND - 1)
            what[n++] = c;
    }
    if (n > 0)                      // else the same again
        what[n] = 0;
    return what[0] != 0;
}

// The first row at or below `from` whose line holds the text; -1: none.
static int
find(const char *what, uint from)
{
    for (;; from++) {
        want_rows(from + 1);
        if (from >= text.n)
            return -1;
        if (text.rows[from].start == 0 && strstr(text.rows[from].line, what))
            return from;
    }
}

// ---- keys ----

// The farthest that the first row shown may be.
static uint
last_top(void)
{
    return text.n > height ? text.n - height : 0;
}

// Where to, from row top? -1: quit. *message: what to say instead.
static int
obey(int key, int top, const char **message)
{
    static char what[MAXFIND];
    int to = top;

    switch (key) {
    case 'q': case 'Q': case CTRL('C'): case ENDKEY:
        return -1;
    case ' ': case 'f': case KEY_PAGEDOWN:
        return text.ended && top >= (int)last_top() ? -1 : top + (int)height;
    case '\r': case '\n': case 'j': case KEY_DOWN:
        return text.ended && top >= (int)last_top() ? -1 : top + 1;
    case 'b': case KEY_PAGEUP:
        to = top - (int)height;
        break;
    case 'k': case KEY_UP:
        to = top - 1;
        break;
    case 'g': case KEY_HOME: case KEY_TOP:
        return 0;
    case 'G': case KEY_END: case KEY_BOTTOM:
        want_rows(-1u);
        return last_top();
    case '/':
        if (!ask(what))
            break;
        // fall through
    case 'n':
        if (what[0] && (to = find(what, top + 1)) < 0) {
            *message = "not found";
            to = top;
        }
        break;
    case CTRL('Z'):
        give_back();
        suspend(getpid(), 1);
        consctl(CONS_MODE, CONS_RAW);
        show_page(top);
        break;
    }
    return to < 0 ? 0 : to;
}

// Show from row `to` what is not there yet; where we are then.
static uint
go(uint top, uint to)
{
    want_rows(to + height + 1);     // one more: is this the end?
    to = to < last_top() ? to : last_top();
    if (to >= top && to - top < height) {
        printf("\r\033[K");
        show_rows(top + height, to + height);
    } else {
        show_page(to);
    }
    return to;
}

static int
browse(void)
{
    const char *message = 0;
    uint top = 0;
    int to;

    want_rows(height + 1);
    show_rows(0, height);
    if (text.ended && text.n <= height)
        return 1;                   // all of it
    consctl(CONS_MODE, CONS_RAW);
    for (;;) {
        show_status(top, message);
        message = 0;
        if ((to = obey(getkey(keys, INT_MAX), top, &message)) < 0)
            break;
        top = go(top, to);
    }
    give_back();
    return text.ended && top >= last_top();
}

static void
forget(void)
{
    uint i;

    for (i = 0; i < text.n; i++)
        if (text.rows[i].start == 0)
            free((void *)text.rows[i].line);
    text.n = text.ended = text.seen = 0;
    closelines(&text.in);
}

// ---- files ----

// 0 when the user wants no more.
static int
show(int fd)
{
    struct stat st;
    int on;

    if (!isconsole(1)) {
        if (copyfd(fd, 1) < 0)
            err(1, "%s", strcmp(copyfailed, "read") == 0 ? name : copyfailed);
        return 1;
    }
    text.size = fstat(fd, &st) == 0 && st.type == T_FILE ? st.size : 0;
    openlines(&text.in, fd);
    on = browse();
    forget();
    return on;
}

static uint
from_env(const char *name, uint def)
{
    const char *s = getenv(name);
    int n = s ? atoi(s) : 0;

    return n > 1 ? (uint)n : def;
}

int
main(int argc, char **argv)
{
    uint size = consctl(CONS_SIZE, 0);
    int status = 0, fd, on = 1;

    if (getopt(argc, argv, "") != -1)
        usage(NULL);
    height = from_env("LINES", size >> 16) - 1;
    width = from_env("COLUMNS", size & 0xffff);
    keys = isconsole(1) ? open("/console", O_RDONLY) : -1;
    if (isconsole(1) && keys < 0)
        err(1, "/console");
    if (optind == argc) {
        if (isconsole(0) && isconsole(1))
            usage(NULL);            // keys and text at once
        name = "input";
        show(0);
    }
    for (; optind < argc && on; optind++) {
        name = argv[optind];
        if ((fd = openinput(name)) < 0) {
            warn("%s", name);
            status = 1;
            continue;
        }
        on = show(fd);
        if (fd != 0)
            close(fd);
    }
    return status;
}
