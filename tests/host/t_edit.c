// t_edit.c: a line edited by random keys is what a simple model says, and a
// terminal shows it.
//
// The model keeps an array of characters and moves in it one by one. The
// terminal is a few rows of cells; it goes to the next row with the character
// behind the last column or, as others do, at once. What it has to show is
// laid out anew each time, row by row.

#include "../../user/lib_keys.c"
#include "../../user/lib_edit.c"
#include "../../user/lib_draw.c"

#define check(c) \
    do { if (!(c)) { \
        fprintf(stderr, "%s:%d: %s (seed %d)\n", __FILE__, __LINE__, #c, \
                seed_now); \
        abort(); \
    } } while (0)
static int seed_now;

#define NROUNDS 200
#define NKEYS   400
#define MOST    600                 // characters of a line

static const char *const alphabet[] = {
    "a", "b", "c", "d", "Z", "7", "_", "-", "/", " ", " ", " ", "\t",
    "\303\244", "\342\202\254", "\360\237\230\200", "\344\270\255", "\314\201",
    "\001",
};
#define NCHARS (sizeof(alphabet) / sizeof(alphabet[0]))
#define WIDE1  15                   // of two columns
#define WIDE2  16
#define JOINER 17                   // of none

// ---- the model: numbers of characters in the alphabet ----

static int text[MOST], ntext, at, cutbuf[MOST * 2], ncut, cutting;

static int
m_joins(int i)
{
    return i < ntext && text[i] == JOINER;
}

static int
m_wordy(int i)
{
    char c = alphabet[text[i]][0];

    return strchr("abcdZ7_", c) || c & 0x80;
}

static int
m_blank(int i)
{
    return alphabet[text[i]][0] == ' ' || alphabet[text[i]][0] == '\t';
}

static int
m_next(int i)
{
    i += i < ntext;
    while (m_joins(i))
        i++;
    return i;
}

static int
m_last(int i)
{
    i -= i > 0;
    while (i > 0 && m_joins(i))
        i--;
    return i;
}

static int
m_back(int i, int (*in)(int))
{
    while (i > 0 && !in(i - 1))
        i--;
    while (i > 0 && in(i - 1))
        i--;
    return i;
}

static int
m_not_blank(int i)
{
    return !m_blank(i);
}

static int
m_forth(int i)
{
    while (i < ntext && !m_wordy(i))
        i++;
    while (i < ntext && m_wordy(i))
        i++;
    return i;
}

static void
m_insert(const int *what, int n)
{
    memmove(text + at + n, text + at, (ntext - at) * sizeof(int));
    memcpy(text + at, what, n * sizeof(int));
    ntext += n;
    at += n;
}

static void
m_delete(int from, int to)
{
    memmove(text + from, text + to, (ntext - to) * sizeof(int));
    ntext -= to - from;
    at = from;
}

static void
m_cut(int from, int to, int again)
{
    int n = to - from;

    cutting = again;
    if (n == 0)
        return;
    if (!again)
        ncut = 0;
    if (to == at) {
        memmove(cutbuf + n, cutbuf, ncut * sizeof(int));
        memcpy(cutbuf, text + from, n * sizeof(int));
    } else {
        memcpy(cutbuf + ncut, text + from, n * sizeof(int));
    }
    ncut += n;
    cutting = 1;
    m_delete(from, to);
}

static void
m_transpose(void)
{
    int mid = at < ntext ? at : m_last(at), first = m_last(mid);
    int end = m_next(mid), all[MOST], n = 0, i;

    if (mid == 0)
        return;
    for (i = mid; i < end; i++)
        all[n++] = text[i];
    for (i = first; i < mid; i++)
        all[n++] = text[i];
    memcpy(text + first, all, n * sizeof(int));
    at = end;
}

static void
m_key(int key, int c)
{
    int again = cutting;

    cutting = 0;
    switch (key) {
    case KEY_TEXT:      m_insert(&c, 1); break;
    case KEY_LEFT:      at = m_last(at); break;
    case KEY_RIGHT:     at = m_next(at); break;
    case KEY_HOME:      at = 0; break;
    case KEY_END:       at = ntext; break;
    case ALT | 'b':     at = m_back(at, m_wordy); break;
    case ALT | 'f':     at = m_forth(at); break;
    case DEL:           m_delete(m_last(at), at); break;
    case KEY_DELETE:    m_delete(at, m_next(at)); break;
    case CTRL('K'):     m_cut(at, ntext, again); break;
    case CTRL('U'):     m_cut(0, at, again); break;
    case CTRL('W'):     m_cut(m_back(at, m_not_blank), at, again); break;
    case ALT | 'd':     m_cut(at, m_forth(at), again); break;
    case ALT | DEL:     m_cut(m_back(at, m_wordy), at, again); break;
    case CTRL('Y'):     m_insert(cutbuf, ncut); break;
    case CTRL('T'):     m_transpose(); break;
    }
}

// ---- the terminal ----

#define MAXROWS 8
#define MAXCOLS 30
#define HALF    0xffff              // the right half of a wide character
#define MARK    0xe000              // rows that were there before

static uint rows, cols, cell[MAXROWS][MAXCOLS], row, col, marks;
static int waits, at_once;          // wrap is due; this kind has none

// A character's first and last byte; enough to know those here apart.
static uint
code_of(const char *s, uint n)
{
    return (uchar)s[0] | (n > 1) * (uchar)s[n - 1] << 8;
}

static void
t_down(void)
{
    uint i;

    if (++row < rows)
        return;
    row--;
    memmove(cell[0], cell[1], (rows - 1) * sizeof(cell[0]));
    for (i = 0; i < cols; i++)
        cell[row][i] = ' ';
}

static void
t_wrap(void)
{
    waits = 0;
    col = 0;
    t_down();
}

static void
t_put(uint code, uint width)
{
    if (width == 0)
        return;
    if (waits || col + width > cols)
        t_wrap();
    cell[row][col] = code;
    if (width == 2)
        cell[row][col + 1] = HALF;
    if (col + width < cols) {
        col += width;
        return;
    }
    col = cols - 1;
    waits = 1;
    if (at_once)
        t_wrap();
}

static void
t_erase(void)
{
    uint r, c;

    check(!waits);
    for (r = row; r < rows; r++)
        for (c = r == row ? col : 0; c < cols; c++)
            cell[r][c] = ' ';
}

// ESC [ n letter. The editor has to know where the edges are.
static uint
t_command(const char *s)
{
    char letter;
    uint n = 1, len;

    if (s[2] == 'J') {
        t_erase();
        return 3;
    }
    check(sscanf(s + 2, "%u%c", &n, &letter) == 2);
    len = strchr(s, letter) - s + 1;
    if (letter == 'm')
        return len;
    waits = 0;
    check(n > 0);
    check(letter != 'A' || row >= n);
    check(letter != 'B' || row + n < rows);
    check(letter != 'C' || col + n < cols);
    check(letter != 'D' || col >= n);
    row += letter == 'B' ? n : letter == 'A' ? -n : 0;
    col += letter == 'C' ? n : letter == 'D' ? -n : 0;
    return len;
}

static void
t_feed(const struct bytes *out)
{
    uint i, len;

    for (i = 0; i < out->n; i += len) {
        len = charlen(out->s + i, out->n - i);
        if (out->s[i] == ESC) {
            len = t_command(out->s + i);
        } else if (out->s[i] == '\r') {
            col = waits = 0;
        } else {
            check((uchar)out->s[i] >= ' ');
            t_put(code_of(out->s + i, len),
                  charwidth(out->s + i, out->n - i));
        }
    }
}

// ---- what it has to show ----

static uint want[MOST * 2][MAXCOLS], wrow, wcol, crow, ccol;

static void
w_put(uint code, uint width)
{
    if (wcol + width > cols) {
        wrow++;
        wcol = 0;
    }
    if (width)
        want[wrow][wcol] = code;
    if (width == 2)
        want[wrow][wcol + 1] = HALF;
    wcol += width;
    wrow += wcol / cols;
    wcol %= cols;
}

static void
w_char(int c)
{
    const char *s = alphabet[c];
    uint n = strlen(s);

    if (s[0] == '\t') {
        w_put(' ', 1);
    } else if (s[0] == 1) {
        w_put('^', 1);
        w_put('A', 1);
    } else {
        w_put(code_of(s, n), c == JOINER ? 0 : c == WIDE1 || c == WIDE2 ? 2 : 1);
    }
}

static void
lay_out(const char *prompt)
{
    uint i, j;

    for (i = 0; i < MOST * 2; i++)
        for (j = 0; j < cols; j++)
            want[i][j] = ' ';
    wrow = wcol = 0;
    for (; *prompt; prompt++)
        if (*prompt == ESC)
            prompt = strchr(prompt, 'm');
        else
            w_put(*prompt, 1);
    for (i = 0; i <= (uint)ntext; i++) {
        // A wide character that does not fit goes down, its cursor does not.
        if (i == (uint)at) {
            crow = wrow;
            ccol = wcol;
        }
        if (i < (uint)ntext)
            w_char(text[i]);
    }
}

static void
compare_screen(const struct drawing *w)
{
    uint first = row - w->row, r, c, shown = 0;

    check(!waits && row >= w->row && w->row == row - first && w->col == col);
    check(row - first + w->top == crow && col == ccol);
    if (w->top == 0 && wrow < rows)
        shown = wrow + 1;
    else
        shown = wrow + 1 - w->top < rows - 1 ? wrow + 1 - w->top : rows - 1;
    check(wrow < rows || shown == rows - 1);
    for (r = first; r < rows; r++)
        for (c = 0; c < cols; c++)
            check(cell[r][c] == (r - first < shown ?
                                 want[r - first + w->top][c] : ' '));
    // The rows above have moved up, and are whole.
    for (r = 0; r < first; r++)
        check(cell[r][0] == MARK + marks - first + r);
}

static void
start_screen(struct drawing *w)
{
    uint r, c;

    memset(w, 0, sizeof(*w));
    at_once = rand() % 2;
    w->rows = rows = 2 + rand() % (MAXROWS - 1);
    w->cols = cols = 4 + rand() % (MAXCOLS - 3);
    row = marks = rand() % rows;
    col = waits = 0;
    for (r = 0; r < rows; r++)
        for (c = 0; c < cols; c++)
            cell[r][c] = r < row ? MARK + r : ' ';
}

// ---- at random ----

static int
random_key(int *c)
{
    static const int keys[] = { KEY_LEFT, KEY_LEFT, KEY_LEFT, KEY_RIGHT,
        KEY_RIGHT, KEY_HOME, KEY_END, ALT | 'b', ALT | 'f', DEL, DEL,
        KEY_DELETE, KEY_DELETE, CTRL('K'), CTRL('U'), CTRL('W'), CTRL('W'),
        ALT | 'd', ALT | DEL, CTRL('Y'), CTRL('Y'), CTRL('T'), CTRL('T') };

    *c = rand() % NCHARS;
    if (rand() % 3 && ntext < MOST - 1)
        return KEY_TEXT;
    return keys[rand() % (sizeof(keys) / sizeof(keys[0]))];
}

static void
compare_line(const struct edit *e)
{
    char all[MOST * 4 + 1] = "";
    uint i, n = 0, cursor = 0;

    for (i = 0; i <= (uint)ntext; i++) {
        if (i == (uint)at)
            cursor = n;
        if (i < (uint)ntext)
            n += sprintf(all + n, "%s", alphabet[text[i]]);
    }
    check(e->line.n == n && e->at == cursor);
    check(n == 0 || memcmp(e->line.s, all, n + 1) == 0);
}

static void
show(struct drawing *w, const struct edit *e, const char *prompt)
{
    struct bytes out = { 0, 0, 0 };

    check(draw(w, &out, prompt, &e->line, e->at) == 0);
    t_feed(&out);
    free(out.s);
    lay_out(prompt);
    compare_screen(w);
}

static void
round_of(int seed)
{
    static const char *const prompts[] = { "$ ", "", "teak:/home$ ",
        "\033[32mgreen\033[0m> ", "a prompt wider than some screens: " };
    const char *prompt;
    struct drawing w;
    struct edit e;
    int i, key, c;

    srand(seed_now = seed);
    memset(&e, 0, sizeof(e));
    ntext = at = ncut = cutting = 0;
    start_screen(&w);
    prompt = prompts[rand() % 5];
    for (i = 0; i < NKEYS; i++) {
        key = random_key(&c);
        if (key == CTRL('Y') && ntext + ncut >= MOST)
            continue;
        m_key(key, c);
        check(edit_key(&e, key, alphabet[c], strlen(alphabet[c])) == 1);
        compare_line(&e);
        if (rand() % 3 == 0)
            show(&w, &e, prompt);
    }
    draw_forget(&w);
    edit_free(&e);
}

// ---- keys ----

static void
decodes(const char *s, int key, uint used)
{
    uint got, n;

    check(key_decode(s, strlen(s), 0, &got) == key && got == used);
    for (n = 1; n < used; n++)
        check(key_decode(s, n, 0, &got) == KEY_MORE);
}

static void
known_keys(void)
{
    uint used;

    decodes("a", KEY_TEXT, 1);
    decodes("\001b", CTRL('A'), 1);
    decodes("\177", DEL, 1);
    decodes("\033[Ax", KEY_UP, 3);
    decodes("\033OB", KEY_DOWN, 3);
    decodes("\033[3~", KEY_DELETE, 4);
    decodes("\033[1~", KEY_HOME, 4);
    decodes("\033[8~", KEY_END, 4);
    decodes("\033[1;5D", KEY_WORDLEFT, 6);
    decodes("\033[1;3C", KEY_WORDRIGHT, 6);
    decodes("\033[1;5H", KEY_TOP, 6);
    decodes("\033[1;5F", KEY_BOTTOM, 6);
    decodes("\033[1;2D", KEY_LEFT, 6);
    decodes("\033[15~", KEY_NONE, 5);
    decodes("\033[[A", KEY_NONE, 4);
    decodes("\033f", ALT | 'f', 2);
    decodes("\033\177", ALT | DEL, 2);
    decodes("\303\244x", KEY_TEXT, 2);
    decodes("\360\237\230\200", KEY_TEXT, 4);
    check(key_decode("\033", 1, 1, &used) == ESC && used == 1);
    check(key_decode("\033\033[A", 4, 0, &used) == ESC && used == 1);
    check(key_decode("\033\r", 2, 0, &used) == ESC && used == 1);
    check(key_decode("\033[1\003", 4, 0, &used) == KEY_NONE && used == 3);
    check(key_decode("\342\202", 2, 1, &used) == KEY_TEXT && used == 1);
    check(key_decode("\342x", 2, 0, &used) == KEY_TEXT && used == 1);
    check(key_decode("\377", 1, 0, &used) == KEY_TEXT && used == 1);
}

// Bytes that mean nothing together break nothing.
static void
garbage(int seed)
{
    struct bytes out = { 0, 0, 0 };
    struct drawing w;
    struct edit e;
    char in[16];
    uint i, n = 0, used;
    int key;

    srand(seed_now = seed);
    memset(&e, 0, sizeof(e));
    memset(&w, 0, sizeof(w));
    w.rows = 3;
    w.cols = 10;
    for (i = 0; i < 2000; i++) {
        in[n++] = rand() % 4 ? rand() : "\033[;\302\342\314\201"[rand() % 7];
        key = key_decode(in, n, n == sizeof(in), &used);
        check(used <= n && (used > 0 || key == KEY_MORE));
        if (key == KEY_MORE)
            continue;
        edit_key(&e, key, in, used);
        check(e.at <= e.line.n && (e.line.s == 0 || e.line.s[e.line.n] == 0));
        memmove(in, in + used, n - used);
        n -= used;
        check(draw(&w, &out, "$ ", &e.line, e.at) == 0);
        out.n = 0;
    }
    free(out.s);
    draw_forget(&w);
    edit_free(&e);
}

int
main(void)
{
    int seed;

    known_keys();
    for (seed = 1; seed <= NROUNDS; seed++)
        round_of(seed);
    for (seed = 1; seed <= NROUNDS / 20; seed++)
        garbage(seed);
    printf("t_edit: %d keys, the line and the screen as they should be\n",
           NROUNDS * NKEYS);
    return 0;
}
