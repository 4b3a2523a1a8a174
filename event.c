// event.c: the stream of events. Interface: event.h.
//
// One lock keeps the lines whole and in order. Bytes are sent by polling, as
// print.c does, so an event can be told from anywhere, and none is lost as long
// as somebody reads. When the line does not move for a long while, events are
// counted instead, and the first line after that tells how many.

#include "errno.h"
#include "lib.h"
#include "print.h"
#include "uart.h"
#include "kalloc.h"
#include "cpu.h"
#include "sched.h"
#include "proc.h"
#include "vm.h"
#include "ptable.h"
#include "copynow.h"
#include "event.h"

#define LONGWAIT 1000000            // polls of about 1 us
#define MARKMAX  128                // bytes of a mark

int events_on;

static struct {
    struct spinlock lock;           // guards all of this
    uint seq;                       // of the next line
    int  stuck;                     // the line does not move
    uint lost;                      // lines not, or not wholly, sent since
} ev = { .lock = SPINLOCK("events", RANK_EVENT) };

int
event_init(void)
{
    return uart_setup(COM2) ? 0 : -ENODEV;
}

// ---- lines ----

static void
put(int c)
{
    if (!ev.stuck)
        ev.stuck = !uart_send(COM2, c, LONGWAIT);
}

static void
head(void)
{
    print_to(put, "%u %u %u %d ", ev.seq++, ticks, mycpu()->id,
             myproc()->pid);
}

// Begin a line. The one that got stuck is ended first.
static void
begin(void)
{
    acquire(&ev.lock);
    if (ev.stuck && (ev.stuck = !uart_send(COM2, '\n', 0)) == 0) {
        head();
        print_to(put, "lost %u\n", ev.lost);
        ev.lost = ev.stuck ? ev.lost : 0;
    }
    head();
}

static void
end(void)
{
    put('\n');
    ev.lost += ev.stuck;
    release(&ev.lock);
}

void
event(const char *f, ...)
{
    __builtin_va_list ap;

    begin();
    __builtin_va_start(ap, f);
    vprint_to(put, f, ap);
    __builtin_va_end(ap);
    end();
}

// ---- what things are ----

uint
space_id(const struct aspace *as)
{
    return as ? V2P(as->pgdir) >> PGSHIFT : 0;
}

void
event_frame(struct page *pg)
{
    static const char *const kind[] = { "free", "kernel", "table", "user" };
    static const char *const dev[] = { "-", "fs", "swap" };

    begin();
    print_to(put, "frame %x %s %u %s %x %s%s%s%s%s",
             page_pa(pg) >> PGSHIFT, kind[pg->kind], pg->ref,
             dev[pg->dev], pg->dev ? pg->bno : 0,
             pg->dirty ? "d" : "", pg->reading ? "r" : "",
             pg->writing ? "w" : "", pg->logged ? "l" : "",
             pg->dirty | pg->reading | pg->writing | pg->logged ? "" : "-");
    end();
}

void
event_table(struct aspace *as, uint va)
{
    event("table %x %x %x", space_id(as), va & ~(BIGSIZE - 1),
          as->pgdir[PDX(va)] >> PGSHIFT);
}

#define LINEPTES 64                 // entries a line: interrupts are off

void
event_ptes(struct aspace *as, uint va, const pte_t *pte, uint n,
           const char *why)
{
    uint i, same;

    while (n > 0) {
        begin();
        print_to(put, "pte %x %x %s", space_id(as), va, why);
        for (i = 0; i < LINEPTES && n > 0; i++) {
            for (same = 1; same < n && pte[same] == pte[0]; same++)
                ;
            print_to(put, same > 1 ? " %x*%x" : " %x", pte[0], same);
            pte += same;
            va += same << PGSHIFT;
            n -= same;
        }
        end();
    }
}

void
event_proc(struct proc *p, const char *why)
{
    event("proc %d %d %s %x %s", p->pid, p->parent ? p->parent->pid : 0, why,
          space_id(p->as), p->name);
}

// ---- the device ----

int
event_write(uint uva, uint n)
{
    char text[MARKMAX + 1];
    uint i, got = copyin_now(text, uva, MIN(n, MARKMAX));

    if (got == 0)
        return -EAGAIN;
    for (i = 0; i < got && text[i] != '\n'; i++)
        if (text[i] == 0)
            text[i] = '.';
    text[i] = 0;
    EVENT(event("mark %s", text));
    return i < got ? i + 1 : got;
}
