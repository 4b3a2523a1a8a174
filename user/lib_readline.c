// lib_readline.c: readline(), a line from a person at the console.
//
// The console is in raw mode meanwhile, and gets its mode back on every way
// out. Bytes are taken one by one, so that what is typed ahead stays there
// for the program that runs next. The screen is brought up to date when no
// more input waits, so that a pasted text is drawn once.
//
//     arrows ^B ^F ^P ^N Home End ^A ^E Alt-b Alt-f      move, history
//     Backspace ^H Delete ^D ^K ^U ^W Alt-d Alt-Backspace    take out
//     ^Y the last cut    ^T exchange    ^V the next key as it is
//     Alt-. the last word of the line before    ^R search    Tab complete
//     ^L clear    ^C give up    ^Z stop    ^D end of file

#include "lineedit.h"

#define KEYBYTES   16               // of one key; longer ones end there
#define ESCWAIT    (HZ / 2)         // ticks that a key's bytes may be apart
#define DRAWWAIT   1                // ticks without input before drawing
#define DRAWKEYS   256              // keys without drawing, at most
#define MINCOLS    4
#define LISTGAP    2

struct session {
    const char *prompt;
    struct edit e;
    struct drawing w;
    int out;                        // descriptor to draw on
    int mode;                       // the console's before
    int stale;                      // keys since the screen was right
    char in[KEYBYTES];              // bytes read, not yet a key
    uint nin, used;                 // used: those of the last key
    int eof;
    uint past;                      // line of the history on the screen
    struct bytes unfinished;        // the one that is in none of them
    int tabs;                       // Tabs in a row that changed nothing
};

const char **(*morewords)(void);

// ---- the screen ----

static void
put(struct session *r, const char *s)
{
    writeall(r->out, s, strlen(s));
}

// Without memory to draw, begin anew below.
static void
refresh(struct session *r, const char *prompt)
{
    struct bytes out = { 0, 0, 0 };

    if (draw(&r->w, &out, prompt, &r->e.line, r->e.at) < 0) {
        draw_forget(&r->w);
        put(r, "\r\n");
    } else {
        writeall(r->out, out.s, out.n);
    }
    free(out.s);
    r->stale = 0;
}

// Draw the line whole and leave it, to a fresh row.
static void
leave(struct session *r, const char *mark)
{
    r->e.at = r->e.line.n;
    refresh(r, r->prompt);
    put(r, mark);
    if (r->w.col > 0 || r->w.row == 0 || *mark)
        put(r, "\r\n");
    draw_forget(&r->w);
}

static uint
setting(const char *name, uint otherwise)
{
    const char *s = getenv(name);
    int n = s ? atoi(s) : 0;

    return n > 0 ? (uint)n : otherwise;
}

static void
screen_size(struct drawing *w)
{
    uint size = consctl(CONS_SIZE, 0);

    w->rows = setting("LINES", size >> 16);
    w->cols = setting("COLUMNS", size & 0xffff);
    if (w->rows < 2)
        w->rows = 2;
    if (w->cols < MINCOLS)
        w->cols = MINCOLS;
}

// ---- keys ----

// A byte more in r->in, or the end of input. A read that finds nothing is
// the ^D of a line typed ahead.
static void
take_byte(struct session *r)
{
    int n = read(0, r->in + r->nin, 1);

    if (n == 1) {
        r->nin++;
    } else if (n == 0) {
        r->in[r->nin++] = CTRL('D');
    } else {
        r->eof = 1;
    }
}

static int
input_waits(int ticks)
{
    return consctl(CONS_WAIT, ticks) != 0;
}

// The next key; its bytes are the first r->used of r->in until the next call.
// At the end of input, KEY_NONE with r->eof.
static int
next_key(struct session *r, const char *prompt)
{
    int key = KEY_MORE;

    memmove(r->in, r->in + r->used, r->nin - r->used);
    r->nin -= r->used;
    r->used = 0;
    r->stale++;
    while (key == KEY_MORE && !r->eof) {
        if (r->nin == 0) {
            if (r->stale > DRAWKEYS || !input_waits(DRAWWAIT))
                refresh(r, prompt);
            take_byte(r);
        } else if (r->nin < KEYBYTES && input_waits(ESCWAIT)) {
            take_byte(r);
        } else {
            return key_decode(r->in, r->nin, 1, &r->used);
        }
        if (r->nin > 0)
            key = key_decode(r->in, r->nin, 0, &r->used);
    }
    return r->eof ? KEY_NONE : key;
}

// ^V: the next byte is a character, whatever it is.
static void
insert_as_it_is(struct session *r)
{
    refresh(r, r->prompt);
    if (r->nin == r->used)
        take_byte(r);
    if (r->nin > r->used && r->in[r->used] &&
        edit_key(&r->e, KEY_TEXT, r->in + r->used, 1) < 0)
        put(r, "\a");
    if (r->nin > r->used)
        r->used++;
}

// ---- history ----

static int
recall(struct session *r, uint to)
{
    const char *line = history_line(to);

    if (to > history_count())
        return -1;
    if (r->past == history_count()) {
        r->unfinished.n = 0;
        if (bytes_insert(&r->unfinished, 0, r->e.line.s, r->e.line.n) < 0)
            return -1;
    }
    if (edit_set(&r->e, line ? line : r->unfinished.s) < 0)
        return -1;
    r->past = to;
    return 0;
}

// Alt-.: nothing if there is no line before.
static int
last_word(struct session *r)
{
    const char *line = history_line(history_count() - 1), *s, *end;

    if (line == 0)
        return 0;
    for (end = strchr(line, 0); end > line && isspace((uchar)end[-1]); end--)
        ;
    for (s = end; s > line && !isspace((uchar)s[-1]); s--)
        ;
    return edit_key(&r->e, KEY_TEXT, s, end - s);
}

static int
history_key(struct session *r, int key)
{
    switch (key) {
    case KEY_UP:
    case CTRL('P'):     return recall(r, r->past - 1);
    case KEY_DOWN:
    case CTRL('N'):     return recall(r, r->past + 1);
    case KEY_PAGEUP:
    case ALT | '<':     return recall(r, 0);
    case KEY_PAGEDOWN:
    case ALT | '>':     return recall(r, history_count());
    case ALT | '.':     return last_word(r) < 0 ? -1 : 0;
    }
    return 1;
}

// The newest line older than before that has the pattern. Returns whether
// there is one; it is then on the screen, the cursor where the pattern is.
static int
search_back(struct session *r, const char *pattern, uint before)
{
    const char *hit = 0;

    while (before > 0 && hit == 0)
        hit = strstr(history_line(--before), pattern);
    if (hit == 0 || recall(r, before) < 0)
        return 0;
    r->e.at = hit - history_line(before);
    return 1;
}

static int
search_prompt(struct bytes *b, const char *pattern, int found)
{
    b->n = 0;
    return bytes_add(b, found ? "(search)`" : "(not found)`") |
        bytes_add(b, pattern) | bytes_add(b, "': ");
}

// A key while searching; 0 if it ends the search.
static int
search_key(struct session *r, int key, struct bytes *pattern, int *found)
{
    uint count = history_count();

    if (key == CTRL('R')) {
        *found = pattern->n > 0 && search_back(r, pattern->s, r->past);
    } else if (key == KEY_TEXT) {
        if (bytes_insert(pattern, pattern->n, r->in, r->used) < 0)
            return 0;
        *found = search_back(r, pattern->s,
                             r->past < count ? r->past + 1 : count);
    } else if ((key == '\b' || key == DEL) && pattern->n > 0) {
        do
            bytes_remove(pattern, pattern->n - 1, pattern->n);
        while (pattern->n > 0 && (pattern->s[pattern->n] & 0xc0) == 0x80);
        *found = pattern->n == 0 || search_back(r, pattern->s, count);
    } else {
        return 0;
    }
    return 1;
}

// ^R. Returns the key that ended it, which is still to be obeyed; ^G and ^C
// give the line back that was there.
static int
search(struct session *r)
{
    struct bytes pattern = { 0, 0, 0 }, prompt = { 0, 0, 0 };
    int key = KEY_NONE, found = 1;

    if (recall(r, history_count()) < 0 || bytes_add(&pattern, "") < 0)
        return KEY_NONE;
    while (search_prompt(&prompt, pattern.s, found) == 0) {
        key = next_key(r, prompt.s);
        if (r->eof || !search_key(r, key, &pattern, &found))
            break;
    }
    if (key == CTRL('G') || key == CTRL('C')) {
        recall(r, history_count());
        key = KEY_NONE;
    }
    free(pattern.s);
    free(prompt.s);
    return key;
}

// ---- Tab ----

static uint
columns(const char *s)
{
    uint total = 0, n = strlen(s), i;

    for (i = 0; i < n; i += charlen(s + i, n - i))
        total += charwidth(s + i, n - i);
    return total;
}

static void
list_row(struct bytes *out, const struct completion *c, uint row,
         uint nrows, uint width)
{
    uint i, pad;

    for (i = row; i < c->n; i += nrows) {
        bytes_add(out, c->names[i]);
        if (i + nrows < c->n)
            for (pad = columns(c->names[i]); pad < width; pad++)
                bytes_add(out, " ");
    }
    bytes_add(out, "\r\n");
}

// Below the line, sorted downwards, as many columns as there is room for.
static void
list_names(struct session *r, const struct completion *c)
{
    struct bytes out = { 0, 0, 0 };
    uint at = r->e.at, width = 0, across, nrows, i;

    for (i = 0; i < c->n; i++)
        if (columns(c->names[i]) + LISTGAP > width)
            width = columns(c->names[i]) + LISTGAP;
    across = (r->w.cols - 1 + LISTGAP) / width;
    if (across == 0)
        across = 1;
    nrows = (c->n + across - 1) / across;
    leave(r, "");
    for (i = 0; i < nrows; i++)
        list_row(&out, c, i, nrows, width);
    writeall(r->out, out.s, out.n);
    free(out.s);
    r->e.at = at;
}

// Before the first word of a line, Tab is what it is on paper, as in a
// pasted script; on an empty line it asks for all commands.
static int
indents(const struct edit *e)
{
    uint i;

    for (i = 0; i < e->at; i++)
        if (e->line.s[i] != ' ' && e->line.s[i] != '\t')
            return 0;
    return e->at > 0 || e->line.n > 0;
}

// A blank that ends the word may be there already: go behind that one.
static int
insert_word(struct edit *e, struct bytes *word)
{
    int blank = word->s[word->n - 1] == ' ' && e->at < e->line.n &&
        e->line.s[e->at] == ' ';
    int err = edit_key(e, KEY_TEXT, word->s, word->n - blank);

    if (err > 0)
        e->at += blank;
    return err;
}

static int
tab_key(struct session *r)
{
    struct completion c;
    int err;

    if (indents(&r->e))
        return edit_key(&r->e, KEY_TEXT, "\t", 1);
    err = complete(&c, r->e.line.s ? r->e.line.s : "", r->e.at);
    if (err == 0 && c.insert.n > 0)
        err = insert_word(&r->e, &c.insert);
    else if (err == 0 && c.n > 1 && r->tabs > 0)
        list_names(r, &c);
    else
        put(r, "\a");
    r->tabs = c.n > 1 ? r->tabs + 1 : 0;
    completion_free(&c);
    return err;
}

// ---- a line ----

enum { GO_ON, DONE, GIVEN_UP, ENDED };

static int
editing_key(struct session *r, int key)
{
    int err;

    if (key != '\t')
        r->tabs = 0;
    if (key == '\t')
        err = tab_key(r);
    else if ((err = history_key(r, key)) > 0)
        err = edit_key(&r->e, key, r->in, r->used);
    if (err < 0)
        put(r, "\a");
    return GO_ON;
}

// ^Z: the job that asks stops, and draws its line again when it goes on. At
// the shell's own prompt nobody is in the foreground, and nothing happens.
static void
stop(struct session *r)
{
    int group = consctl(CONS_GETFG, 0);
    uint at = r->e.at;

    if (group <= 0)
        return;
    leave(r, "^Z");
    consctl(CONS_MODE, r->mode);
    suspend(-group, 1);
    consctl(CONS_MODE, CONS_RAW);
    r->e.at = at;
}

static int
obey(struct session *r, int key)
{
    if (key == CTRL('R'))
        key = search(r);
    switch (key) {
    case '\r':
    case '\n':
        return DONE;
    case CTRL('C'):
        return GIVEN_UP;
    case CTRL('D'):
        return r->e.line.n ? editing_key(r, key) : ENDED;
    case CTRL('L'):
        put(r, "\033[H\033[2J");
        draw_forget(&r->w);
        return GO_ON;
    case CTRL('V'):
        insert_as_it_is(r);
        return GO_ON;
    case CTRL('Z'):
        stop(r);
        return GO_ON;
    }
    return editing_key(r, key);
}

// The line as a string of the caller's; 0 at the end of the file.
static char *
conclude(struct session *r, int how)
{
    char *line = r->e.line.s;

    leave(r, how == GIVEN_UP ? "^C" : "");
    errno = 0;
    if (how == DONE && line)
        r->e.line.s = 0;            // now the caller's
    else
        line = how == ENDED ? 0 : strdup("");
    if (how == GIVEN_UP && line)
        errno = EINTR;
    return line;
}

static char *
edit_line(struct session *r)
{
    int how = GO_ON;
    char *line;

    r->past = history_count();
    screen_size(&r->w);
    while (how == GO_ON) {
        how = obey(r, next_key(r, r->prompt));
        if (r->eof)
            how = ENDED;
    }
    line = conclude(r, how);
    edit_free(&r->e);
    free(r->unfinished.s);
    return line;
}

// Without a person: no further than the newline, for others read, too.
static char *
plain_line(void)
{
    struct bytes b = { 0, 0, 0 };
    char c = 0;
    int n, err = 0;

    while (err == 0 && (n = read(0, &c, 1)) == 1 && c != '\n')
        err = bytes_insert(&b, b.n, &c, 1);
    if (err == 0 && (b.n > 0 || (n == 1 && c == '\n')) &&
        bytes_insert(&b, b.n, "", 0) == 0)
        return b.s;
    free(b.s);
    if (err == 0 && n == 0)
        errno = 0;
    return 0;
}

// Of a prompt of several lines the last one is edited on.
char *
readline(const char *prompt)
{
    const char *last = strrchr(prompt, '\n');
    struct session r;
    char *line;

    fflush(stdout);
    memset(&r, 0, sizeof(r));
    if (!isconsole(0) || (r.mode = consctl(CONS_MODE, CONS_RAW)) < 0)
        return plain_line();
    r.out = isconsole(1) ? 1 : isconsole(2) ? 2 : 0;
    r.prompt = last ? last + 1 : prompt;
    writeall(r.out, prompt, r.prompt - prompt);
    line = edit_line(&r);
    consctl(CONS_MODE, r.mode);
    return line;
}
