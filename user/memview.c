// memview.c: a map of all frames of memory, and again and again.
//
// On the console it has the whole screen, in raw mode, and obeys keys; else, or
// with -1, it prints the map once.

#include "memview.h"
#include "keys.h"

const char help[] = "memview [-1] [-d seconds] [-f frame] [-p pid] [-z frames]\n"
    "Show whose each frame of memory is, and again every half second.\n"
    "  -1  print the map once, without colours\n"
    "  -f  begin at this frame, hexadecimal     -z  so many frames a cell\n"
    "  -p  show the frames of this process, all others as -\n"
    "Keys: q quits, + and - zoom, arrows move, p the next process, a all.";

#define MAXWAIT 1000                // seconds
#define MOSTPER (1u << 20)          // frames in a cell: all there can be
#define PLAINROWS 24                // where there is no screen
#define PLAINCOLS 80

static struct view view;

// ---- where the map is ----

static uint
shown_frames(const struct view *v)
{
    return v->width * v->height * v->per;
}

// The map begins at a full row, and not so late that rows stay empty.
static void
show_from(struct view *v, uint first)
{
    uint row = v->width * v->per, all = (v->top + row - 1) / row * row;

    if (shown_frames(v) >= all)
        first = 0;
    else if (first > all - shown_frames(v))
        first = all - shown_frames(v);
    v->first = first / row * row;
}

static void
scroll_to_cursor(struct view *v)
{
    uint row = v->width * v->per;

    if (v->cursor < v->first)
        show_from(v, v->cursor);
    else if (v->cursor >= v->first + shown_frames(v))
        show_from(v, v->cursor / row * row + row - shown_frames(v));
}

// As many frames a cell as bring all on the screen.
static uint
per_to_fit(const struct view *v)
{
    uint per = 1;

    while (v->width * v->height * per < v->top)
        per *= 2;
    return per;
}

// The frame under the cursor stays where it is, as well as it can.
static void
zoom(struct view *v, uint per)
{
    uint middle = v->height / 2 * v->width;

    v->per = per;
    v->cursor = v->cursor / per * per;
    show_from(v, v->cursor > middle * per ? v->cursor - middle * per : 0);
}

static void
move_cursor(struct view *v, int cells)
{
    uint last = (v->top - 1) / v->per * v->per, n = abs(cells) * v->per;

    if (cells < 0)
        v->cursor -= n < v->cursor ? n : v->cursor;
    else
        v->cursor = n < last - v->cursor ? v->cursor + n : last;
    scroll_to_cursor(v);
}

// ---- the screen and the keys ----

static uint
from_environment(const char *name, uint least, uint otherwise)
{
    const char *s = getenv(name);
    int n = s ? atoi(s) : 0;

    return n >= (int)least ? (uint)n : otherwise;
}

static void
take_screen(void)
{
    consctl(CONS_MODE, CONS_RAW);
    printf("\033[m\033[2J");
    forget_screen();
}

static void
give_screen(void)
{
    if (!view.full)
        return;
    printf("\033[m\033[%u;1H\n", view.rows);
    fflush(stdout);
    consctl(CONS_MODE, CONS_COOKED);
}

static void
stop_until_continued(void)
{
    give_screen();
    suspend(getpid(), 1);
    take_screen();
}

static void
obey(struct view *v, int key)
{
    int page = v->width * v->height;

    switch (key) {
    case KEY_LEFT:     move_cursor(v, -1); break;
    case KEY_RIGHT:    move_cursor(v, 1); break;
    case KEY_UP:       move_cursor(v, -v->width); break;
    case KEY_DOWN:     move_cursor(v, v->width); break;
    case KEY_PAGEUP:   move_cursor(v, -page); break;
    case KEY_PAGEDOWN: move_cursor(v, page); break;
    case KEY_HOME:     move_cursor(v, -(int)(v->cursor / v->per)); break;
    case KEY_END:      move_cursor(v, v->top / v->per); break;
    case '+': case '=': zoom(v, v->per > 1 ? v->per / 2 : 1); break;
    case '-':          zoom(v, v->per < per_to_fit(v) ? v->per * 2 : v->per);
                       break;
    case '0':          zoom(v, per_to_fit(v)); break;
    case 'p':          next_process(v); break;
    case 'a':          v->pid = 0; break;
    case CTRL('L'):    take_screen(); break;
    case CTRL('Z'):    stop_until_continued(); break;
    }
}

static int
quits(int key)
{
    return key == 'q' || key == CTRL('C') || key == CTRL('D') || key == ENDKEY;
}

static void
run(struct view *v, int ticks)
{
    int key;

    take_screen();
    atexit(give_screen);            // whatever ends it
    do {
        look_at_frames(v);
        draw_view(v);
        key = getkey(0, ticks);
        obey(v, key);
    } while (!quits(key));
}

// ---- the start ----

static uint
power_of_two(const char *s)
{
    uint n = number(s, 1, MOSTPER);

    if (n & (n - 1))
        errx(2, "%s: not a power of two", s);
    return n;
}

static uint
frame_number(const char *s, uint top)
{
    char *end;
    unsigned long n = strtoul(s, &end, 16);

    if (end == s || *end)
        errx(2, "%s: not a hexadecimal number", s);
    if (n >= top)
        errx(2, "%s: there is no frame from %x on", s, top);
    return n;
}

static void
choose_process(struct view *v, const char *s)
{
    int pid = number(s, 1, INT_MAX);

    v->pid = pid - 1;
    next_process(v);
    if (v->pid != pid)
        errx(1, "%d: no process that has pages", pid);
}

// Of a screen too small for the map there is only a part to be seen.
static void
measure_screen(struct view *v)
{
    int size = v->full ? consctl(CONS_SIZE, 0) : 0;

    v->rows = from_environment("LINES", 12, size > 0 ? size >> 16 : PLAINROWS);
    v->cols = from_environment("COLUMNS", 20,
                               size > 0 ? size & 0xffff : PLAINCOLS);
    lay_out(v);
    v->top = top_frame();
    v->per = per_to_fit(v);
}

int
main(int argc, char **argv)
{
    const char *first = 0, *pid = 0;
    int c, once = 0, ticks = HZ / 2;
    uint per = 0;

    while ((c = getopt(argc, argv, "1d:f:p:z:")) != -1)
        switch (c) {
        case '1': once = 1; break;
        case 'd': ticks = ticksof(optarg, MAXWAIT); break;
        case 'f': first = optarg; break;
        case 'p': pid = optarg; break;
        case 'z': per = power_of_two(optarg); break;
        default: usage(NULL);
        }
    if (optind < argc)
        usage(NULL);
    view.full = !once && isconsole(0) && isconsole(1);
    measure_screen(&view);
    if (first)
        view.cursor = frame_number(first, view.top);
    zoom(&view, per ? per : first ? 1 : view.per);
    show_from(&view, view.cursor);
    if (pid)
        choose_process(&view, pid);
    if (view.full) {
        run(&view, ticks);
        return 0;
    }
    look_at_frames(&view);
    print_view(&view);
    return 0;
}
