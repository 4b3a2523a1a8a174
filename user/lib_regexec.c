// lib_regexec.c: finds a regular expression (regprog.h) in a text.
//
// All threads of the program walk over the text together, a character at a
// time. Two that meet at the same instruction have the same future, so the
// one with the better past goes on alone: the past is its captures, caps[2k]
// and caps[2k + 1] where group k began and ended, group 0 being the match.
// Better is what begins first, then what is longer, in the first part where
// the two differ; among equals the one that comes first, which had its loops
// turn as often as they could. No list is longer than the program, so time is
// bounded by the text's length times the program's.
//
// One character's threads are a `step`. Within a step each thread of the last
// one is followed through all instructions that take no character (closure),
// with a stack instead of recursion; it visits an instruction only once,
// which also ends empty loops.

#ifndef HOSTED
#include "user.h"
#endif
#include "regprog.h"

struct visit {
    int pc;                         // < 0: put caps[slot] back
    int slot, old;
};

struct step {
    uint n;
    uint *pcs;                      // threads that wait for a character
    int  *caps;                     // ncap for each instruction
};

struct work {
    int ncap;                       // that there is room for
    struct step a, b;
    struct visit *stack;
    uint *bystep, *bythread;        // who has reached each instruction last
    uint stepno, threadno;
    int *caps, *best;
};

// --- what the places in a text are ---

static int
is_word(const struct regtext *t, int pos)
{
    uchar c = pos >= 0 && pos < t->end ? t->s[pos] : 0;

    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_';
}

// Whether the assertion op holds at pos.
int
regholds(const struct regtext *t, int op, int pos)
{
    int lines = t->p->flags & REG_NEWLINE;
    int before = is_word(t, pos - 1), after = is_word(t, pos);

    switch (op) {
    case R_BOL:
        return (pos == 0 && !(t->flags & REG_NOTBOL)) ||
               (lines && pos > 0 && t->s[pos - 1] == '\n');
    case R_EOL:
        return (pos == t->end && !(t->flags & REG_NOTEOL)) ||
               (lines && pos < t->end && t->s[pos] == '\n');
    case R_BOT:    return pos == 0;
    case R_EOT:    return pos == t->end;
    case R_WORDB:  return before != after;
    case R_INWORD: return before == after;
    case R_WORDS:  return !before && after;
    default:       return before && !after;
    }
}

// Whether captures a are better than b. A group's begin is where what stands
// before it ended, which is to be long, too. Groups in loops are not looked
// at, nor what is behind a group that only one of the two has.
int
regbetter(const struct regtext *t, const int *a, const int *b)
{
    int i;

    if (a[0] != b[0])
        return a[0] < b[0];
    for (i = 1; i < t->ncap && i < 64; i++) {
        if (a[i] == b[i] || t->p->looped >> i / 2 & 1)
            continue;
        return a[i] >= 0 && b[i] >= 0 && a[i] > b[i];
    }
    return 0;
}

// --- one step ---

static void
keep(int *to, const int *from, int ncap)
{
    int i;

    for (i = 0; i < ncap; i++)
        to[i] = from[i];
}

// Whether the thread w->caps, the first of its kind or better than the one
// that is there, may go on at pc. If so, it is noted there.
static int
arrive(struct regtext *t, struct work *w, struct step *to, int pc)
{
    int *there = &to->caps[pc * t->ncap];

    if (w->bythread[pc] == w->threadno)
        return 0;
    w->bythread[pc] = w->threadno;
    if (w->bystep[pc] == w->stepno) {
        if (!regbetter(t, w->caps, there))
            return 0;
    } else {
        w->bystep[pc] = w->stepno;
        if (t->p->code[pc].op <= R_BACK || t->p->code[pc].op == R_MATCH)
            to->pcs[to->n++] = pc;
    }
    keep(there, w->caps, t->ncap);
    return 1;
}

// The thread w->caps, at pc and pos, and all that it splits into.
static void
closure(struct regtext *t, struct work *w, struct step *to, int pc, int pos)
{
    struct visit *top = w->stack;
    struct reginst *in;

    *top++ = (struct visit){ pc, 0, 0 };
    while (top > w->stack) {
        pc = (--top)->pc;
        if (pc < 0) {
            w->caps[top->slot] = top->old;
            continue;
        }
        if (!arrive(t, w, to, pc))
            continue;
        in = &t->p->code[pc];
        if (in->op <= R_BACK || in->op == R_MATCH)
            continue;
        if (in->op == R_SPLIT)
            (top++)->pc = pc + in->y;
        if (in->op == R_SPLIT || in->op == R_JUMP) {
            (top++)->pc = pc + in->x;
        } else if (in->op != R_SAVE) {
            if (regholds(t, in->op, pos))
                (top++)->pc = pc + 1;
        } else {
            if (in->x < t->ncap) {
                *top++ = (struct visit){ -1, in->x, w->caps[in->x] };
                w->caps[in->x] = pos;
            }
            (top++)->pc = pc + 1;
        }
    }
}

void
regmatched(struct regtext *t, int *caps, int pos)
{
    caps[1] = pos;
    if (t->best[0] < 0 || regbetter(t, caps, t->best))
        keep(t->best, caps, t->ncap);
}

// The threads of from that take the character at pos become those of to.
static void
advance(struct regtext *t, struct work *w, struct step *from, struct step *to,
        int pos)
{
    struct reginst *in;
    uint i;
    int *caps;

    to->n = 0;
    w->stepno++;
    for (i = 0; i < from->n; i++) {
        in = &t->p->code[from->pcs[i]];
        caps = &from->caps[from->pcs[i] * t->ncap];
        if (in->op == R_MATCH)
            regmatched(t, caps, pos);
        else if (pos < t->end && regtakes(t->p, in, t->s[pos]) &&
                 (t->best[0] < 0 || caps[0] <= t->best[0])) {
            keep(w->caps, caps, t->ncap);
            w->threadno++;
            closure(t, w, to, from->pcs[i] + 1, pos + 1);
        }
    }
}

// --- the search ---

static void
begin_thread(struct regtext *t, struct work *w, struct step *to, int pos)
{
    int i;

    for (i = 0; i < t->ncap; i++)
        w->caps[i] = -1;
    w->threadno++;
    closure(t, w, to, 0, pos);
}

static int
may_begin(struct regtext *t, int pos)
{
    return t->p->nullable ||
           (pos < t->end && reghas(&t->p->first, t->s[pos]));
}

// Where the next match can begin, from pos on; end + 1 if nowhere.
static int
skip(struct regtext *t, int pos)
{
    struct regprog *p = t->p;

    if (p->code[1].op == R_BOL && !(p->flags & REG_NEWLINE) && pos > 0)
        return t->end + 1;
    while (pos <= t->end && !may_begin(t, pos))
        pos++;
    return pos;
}

static void
search(struct regtext *t, struct work *w)
{
    struct step *now = &w->a, *then = &w->b, *swap;
    int pos;

    now->n = 0;
    w->stepno++;
    for (pos = t->start; pos <= t->end; pos++) {
        if (now->n == 0) {
            if (t->best[0] >= 0 || (pos = skip(t, pos)) > t->end)
                return;
            w->stepno++;            // the marks are of another place
        }
        if (t->best[0] < 0 && may_begin(t, pos))
            begin_thread(t, w, now, pos);
        advance(t, w, now, then, pos);
        if (t->any && t->best[0] >= 0)
            return;
        swap = now;
        now = then;
        then = swap;
    }
}

// Memory for a search, in one piece, kept for the next.
static struct work *
workspace(struct regprog *p, int ncap)
{
    struct work *w = p->work;
    uint n = p->n, caps = n * ncap;
    uint ints = 2 * n + 2 * caps + 2 * n + 2 * ncap;
    int *next;

    if (w && w->ncap >= ncap)
        return w;
    free(w);
    p->work = 0;
    if (caps / n != (uint)ncap || caps > INT_MAX / 32)
        return 0;
    w = calloc(1, sizeof(*w) + ints * sizeof(int) +
                  (3 * n + 1) * sizeof(struct visit));
    if (w == 0)
        return 0;
    p->work = w;
    w->ncap = ncap;
    w->stack = (struct visit *)(w + 1);
    next = (int *)(w->stack + 3 * n + 1);
    w->a.caps = next;
    w->b.caps = w->a.caps + caps;
    w->caps = w->b.caps + caps;
    w->best = w->caps + ncap;
    w->a.pcs = (uint *)w->best + ncap;
    w->b.pcs = w->a.pcs + n;
    w->bystep = w->b.pcs + n;
    w->bythread = w->bystep + n;
    return w;
}

static void
tell(const regex_t *re, struct regtext *t, unsigned long nmatch,
     regmatch_t *pmatch)
{
    unsigned long i;
    int known;

    for (i = 0; i < nmatch; i++) {
        known = i <= re->re_nsub && 2 * i + 1 < (unsigned)t->ncap &&
                t->best[2 * i + 1] >= 0;
        pmatch[i].rm_so = known ? t->best[2 * i] : -1;
        pmatch[i].rm_eo = known ? t->best[2 * i + 1] : -1;
    }
}

int
regexec(const regex_t *re, const char *string, unsigned long nmatch,
        regmatch_t *pmatch, int flags)
{
    struct regprog *p = re->re_prog;
    struct regtext t = { .p = p, .s = (const uchar *)string, .flags = flags };
    struct work *w;
    uint groups;

    t.end = flags & REG_STARTEND ? pmatch[0].rm_eo : (int)strlen(string);
    t.start = flags & REG_STARTEND ? pmatch[0].rm_so : 0;
    if (p->flags & REG_NOSUB)
        nmatch = 0;
    groups = nmatch > re->re_nsub ? re->re_nsub + 1 : nmatch ? nmatch : 1;
    if (groups < (uint)p->lastback + 1)
        groups = p->lastback + 1;
    t.ncap = 2 * groups;
    t.any = nmatch == 0;
    if ((w = workspace(p, t.ncap)) == 0)
        return REG_ESPACE;
    t.best = w->best;
    t.best[0] = -1;
    if (p->backrefs == 0)
        search(&t, w);
    else if (regback(&t) < 0)
        return REG_ESPACE;
    if (t.best[0] < 0)
        return REG_NOMATCH;
    tell(re, &t, nmatch, pmatch);
    return 0;
}
