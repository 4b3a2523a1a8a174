// crash.c: what may a power cut leave? Rebuilds the disk from a recorded
// workload as it may lie after a cut at any moment, and checks each state.
//
//     crash [-n STATES] [-s SEED] [-d COUNT] [-o DIR] [-i]
//           BASE LOG WSEED PROCESSES STEPS
//
// BASE is the disk before, LOG what QEMU's blklogwrites noted of user/
// crashload's run with the last three as its arguments. A cut after write w
// leaves everything that came before the last FLUSH, and of the writes since
// any part: whole, not at all, or some of their sectors of 512 bytes. States
// are made so for moments all along the log; no two are the same image.
//
// Of each state, after its log has been replayed in memory, is asked:
//
//   tree       tools/fsck finds nothing: bitmaps, links, sizes, directories
//   whole      each process's names, types, links and sizes are those of its
//              model after some number j of its steps, all of them at once:
//              a call's change is there or not, and none without those
//              before it. Only a file that step j + 1 lengthens or shortens
//              may have got half-way, as such a call has many transactions
//   durable    j is no less than what fsync, sync or msync had returned for
//              when the cut came (see the marks in crashload.c)
//   own bytes  each byte of a file is one that the process wrote to that
//              place in that file, or a zero where it should be, since the
//              byte is part of the file; and no older than the last fsync,
//              sync or msync before the cut. So: no other file's bytes, no
//              old ones, data before the metadata that reaches it. Newer
//              ones than step j's are allowed, as overwriting in place is
//              not atomic
//
// -i ignores the last FLUSH before the cut, as a drive would that only says
// that it has flushed. Then states must fail, whichever of a commit's FLUSHes
// it was: that shows that the checks can. -d COUNT writes that many states to
// DIR, N.img and N.list, what there is in /w after the replay, for Teak to
// say the same. States that fail go there, too.
//
// Status 0: none has failed; 1: some have; 2: nothing could be checked.

#define _FILE_OFFSET_BITS 64
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../types.h"
#include "fscheck.h"
#include "../user/crashload.h"

#define MAXFOUND 400                // files and directories in /w
#define MAXFAILS 5                  // states shown
#define HASHSIZE (1 << 17)
#define MAXPASS  60
#define TRIES    8                  // for a state that was not seen yet
#define NFIXED   (3 + CL_FILLER)    // /w/s, /w/s/t, /w/x and its links
#define LOGMAGIC 0x6a736677736872ull
#define ISFLUSH  1

struct logsuper {
    unsigned long long magic, version, nentries;
    uint sectsize;
};

struct logentry {
    unsigned long long sector, nsectors, flags, length;
};

enum { LOG, HEADER, HOME, NKIND };  // what a FLUSH came after
static const char *const kindname[NKIND] = { "log", "header", "home" };

static struct write {               // nsectors 0: a FLUSH
    uint sector, nsectors;          // of the file system
    uint pick;                      // where its sectors are in picked[]
    uint kind;                      // of a FLUSH
    const uchar *data;
} *writes;
static uint nwrites, nsectors;

static uchar *base, *stable, *image;    // file systems
static uchar *disk;                     // base's whole disk
static size_t disksize, size;
static uchar *picked;               // sectors that the cut left

struct version {                    // of a file, after a step
    uint  step, size;
    uchar *data;
};

struct history {
    uint  n;
    struct version *v;
};

static struct load {                // one process
    struct cl_model *after;         // after[j]: after j steps
    struct cl_step *step;           // step[j] leads to after[j + 1]
    uint  *names;                   // sum of after[j]'s names
    struct history *file;           // by id
    uint  nmarks, durable;
    struct { uint write, steps; } *mark;
} load[CL_PROCS];
static uint nprocs, nsteps, wseed;

static struct found {
    uint  hash, inum, proc;         // proc: CL_PROCS for what is everybody's
    char  path[CL_PATH];
} found[MAXFOUND];
static uint nfound;

static char why[200];               // no step fits, in words
static uint nreplayed, checking, rng;
static FILE *report;                // stdout itself may be /dev/null

static uint
draw(uint n)
{
    rng = rng * 1664525 + 1013904223;
    return (rng >> 8) % n;
}

// The model.

static uint
path_hash(const char *path)
{
    uint h = 1;

    while (*path)
        h = (h ^ (uchar)*path++) * 0x01000193u;
    return h;
}

// Alike whatever order the names come in.
static uint
name_sum(uint hash, uint type)
{
    uint h = (hash ^ type) * 0x9e3779b1u;

    return h ^ h >> 13;
}

static uint
model_names(const struct cl_model *m)
{
    char path[CL_PATH];
    uint sum = 0, i;

    for (i = 0; i < CL_NAMES; i++) {
        if (m->name[i].used) {
            cl_path(m, path, m->name[i].dir, 'a', m->name[i].number);
            sum += name_sum(path_hash(path), T_FILE);
        }
    }
    for (i = CL_SHARED; i < CL_DIRS; i++) {
        if (m->dir[i].used) {
            cl_path(m, path, m->dir[i].dir, 'A', m->dir[i].number);
            sum += name_sum(path_hash(path), T_DIR);
        }
    }
    return sum;
}

static void
add_version(struct load *l, const struct cl_model *m,
            const struct cl_step *s)
{
    const struct cl_file *f = &m->file[s->file];
    struct history *h = &l->file[f->id];
    struct version *v, *last;
    uint i;

    h->v = hfs_need(realloc(h->v, (h->n + 1) * sizeof *v));
    v = &h->v[h->n];
    v->step = m->steps;
    v->size = f->size;
    v->data = hfs_need(calloc(1, CL_MOST));
    last = h->n++ ? v - 1 : 0;
    if (last)
        memcpy(v->data, last->data,
               last->size < f->size ? last->size : f->size);
    if (s->kind == CL_WRITE || s->kind == CL_MAP)
        for (i = 0; i < s->len; i++)
            v->data[s->off + i] = cl_byte(m->proc, m->steps - 1, s->off + i);
}

static void
play(uint proc)
{
    struct load *l = &load[proc];
    struct cl_model m;
    struct cl_step s;
    uint j;

    l->after = hfs_need(calloc(nsteps + 1, sizeof m));
    l->step = hfs_need(calloc(nsteps, sizeof s));
    l->names = hfs_need(calloc(nsteps + 1, sizeof(uint)));
    l->file = hfs_need(calloc(nsteps, sizeof *l->file));
    cl_start(&m, wseed, proc);
    for (j = 0; ; j++) {
        l->after[j] = m;
        l->names[j] = model_names(&m);
        if (j == nsteps)
            break;
        cl_next(&m, &s);
        cl_apply(&m, &s);
        l->step[j] = s;
        if (s.kind == CL_CREATE || s.kind == CL_WRITE || s.kind == CL_MAP ||
            s.kind == CL_TRUNC)
            add_version(l, &m, &s);
    }
}

// The recording.

static void *
slurp(const char *name, size_t *n)
{
    FILE *f = fopen(name, "rb");
    void *p;

    if (f == 0 || fseeko(f, 0, SEEK_END) != 0)
        hfs_die("cannot open %s", name);
    *n = ftello(f);
    rewind(f);
    p = hfs_need(malloc(*n + 1));
    if (fread(p, 1, *n, f) != *n)
        hfs_die("cannot read %s", name);
    fclose(f);
    return p;
}

static void
read_base(const char *name)
{
    const char *fault;

    disk = slurp(name, &disksize);
    hfs_open(name, 0);
    if ((fault = hfs_find(-1)) != 0 || (fault = hfs_mount()) != 0)
        hfs_die("%s: %s", name, fault);
    size = (size_t)hfs.sb.nblocks * BSIZE;
    base = disk + hfs.offset;
    stable = hfs_need(malloc(size));
    image = hfs_need(malloc(size));
}

static void
find_marks(uint w)
{
    struct cl_mark k;
    struct load *l;
    uint i;

    for (i = 0; i + BSIZE / SECTSIZE <= writes[w].nsectors;
         i += BSIZE / SECTSIZE) {
        memcpy(&k, writes[w].data + i * SECTSIZE, sizeof k);
        if (k.magic != CL_MAGIC || k.seed != wseed || k.proc >= nprocs ||
            k.sum != cl_marksum(&k))
            continue;
        l = &load[k.proc];
        l->mark = hfs_need(realloc(l->mark, (l->nmarks + 1) * sizeof *l->mark));
        l->mark[l->nmarks].write = w;
        l->mark[l->nmarks++].steps = k.steps;
    }
}

// Does the write commit a transaction?
static int
is_header(const struct write *w)
{
    struct loghead h;

    if (w->sector != hfs.sb.logstart * (BSIZE / SECTSIZE) ||
        w->nsectors != BSIZE / SECTSIZE)
        return 0;
    memcpy(&h, w->data, sizeof h);
    return h.magic == FSMAGIC && h.n > 0;
}

static void
add_write(unsigned long long first, uint n, const uchar *data)
{
    unsigned long long start = hfs.offset / SECTSIZE;
    struct write *w = &writes[nwrites];
    static uint kind;

    if (n && (first < start || first - start + n > size / SECTSIZE))
        return;                     // the swap partition
    *w = (struct write){ n ? first - start : 0, n, nsectors, kind, data };
    nsectors += n;
    if (n) {
        if (is_header(w))
            kind = HEADER;
        find_marks(nwrites);
    } else {
        kind = kind == HEADER ? HOME : LOG;
    }
    nwrites++;
}

static void
read_log(const char *name)
{
    struct logsuper s;
    struct logentry e;
    size_t n, at;
    uchar *log = slurp(name, &n);

    if (n < sizeof s)
        hfs_die("%s is empty", name);
    memcpy(&s, log, sizeof s);
    if (s.magic != LOGMAGIC || s.version != 1 || s.sectsize != SECTSIZE)
        hfs_die("%s is no log of writes", name);
    writes = hfs_need(calloc(s.nentries + 1, sizeof *writes));
    for (at = SECTSIZE; s.nentries > 0; s.nentries--) {
        memcpy(&e, log + at, sizeof e);
        at += SECTSIZE;
        if (at + e.nsectors * SECTSIZE > n)
            hfs_die("%s is cut short", name);
        if (e.nsectors || (e.flags & ISFLUSH))
            add_write(e.sector, e.nsectors, log + at);
        at += e.nsectors * SECTSIZE;
    }
    picked = hfs_need(malloc(nsectors + 1));
}

// What there is.

static const uchar *
content(const struct dinode *d, uint off)
{
    return (const uchar *)hfs_block(hfs_map(d, off / BSIZE)) + off % BSIZE;
}

static void walk_tree(uint inum, const char *path);

static void
add_found(const struct dirent *de, const char *above)
{
    struct found *f = &found[nfound++];
    uint type = hfs_inode(de->inum)->type, digit;

    if (nfound == MAXFOUND)
        hfs_die("more than %d files", MAXFOUND);
    snprintf(f->path, sizeof f->path, "%s/%.*s", above, DIRSIZ, de->name);
    f->hash = path_hash(f->path);
    f->inum = de->inum;
    f->proc = de->name[0] - (type == T_DIR ? 'A' : 'a');
    digit = de->name[1] - '0';
    if (f->proc >= nprocs || digit >= CL_NUMBER || de->name[2])
        f->proc = CL_PROCS;
    if (type == T_DIR)
        walk_tree(de->inum, f->path);
}

static void
walk_tree(uint inum, const char *path)
{
    const struct dinode *d = hfs_inode(inum);
    const struct dirent *de;
    char here[CL_PATH];
    uint i;

    strcpy(here, path);
    for (i = 2; i < d->size / sizeof *de; i++) {
        de = (const struct dirent *)content(d, i * sizeof *de);
        if (de->inum && (inum != ROOTINO || strcmp(de->name, "w") == 0))
            add_found(de, here);
    }
}

static const struct found *
find_path(const char *path)
{
    uint hash = path_hash(path), i;

    for (i = 0; i < nfound; i++)
        if (found[i].hash == hash && strcmp(found[i].path, path) == 0)
            return &found[i];
    return 0;
}

static void
list_found(FILE *f)
{
    const struct dinode *d;
    uint i, k, sum;

    for (i = 0; i < nfound; i++) {
        d = hfs_inode(found[i].inum);
        if (strcmp(found[i].path, "/w") == 0)
            continue;
        if (d->type == T_DIR) {
            fprintf(f, "= %s/\n", found[i].path);
            continue;
        }
        for (sum = k = 0; k < d->size; k++)
            sum = sum * 31 + *content(d, k);
        fprintf(f, "= %s %u %x\n", found[i].path, d->size, sum);
    }
}

// Does it fit?

// May byte `off` of a file that is at version k be this one?
static int
byte_fits(const struct history *h, uint k, uint durable, uint off, uchar byte)
{
    uint from = k, i;

    while (from > 0 && h->v[from - 1].size > off)
        from--;                     // since when it is part of the file
    while (from < k && h->v[from + 1].step <= durable)
        from++;
    for (i = from; i < h->n; i++) {
        if (i > k && (h->v[i].size + BSIZE - 1) / BSIZE <= off / BSIZE)
            break;                  // its block is another one from here on
        if (byte == (off < h->v[i].size ? h->v[i].data[off] : 0))
            return 1;
    }
    return 0;
}

static int
content_fits(const struct history *h, uint k, uint durable, uint inum)
{
    const struct dinode *d = hfs_inode(inum);
    uint off, n, i;
    const uchar *b;

    for (off = 0; off < d->size; off += BSIZE) {
        b = content(d, off);
        n = d->size - off < BSIZE ? d->size - off : BSIZE;
        if (memcmp(b, h->v[k].data + off, n) == 0)
            continue;
        for (i = 0; i < n; i++) {
            if (!byte_fits(h, k, durable, off + i, b[i])) {
                snprintf(why, sizeof why, "inode %u: byte %u is 0x%x", inum,
                         off + i, b[i]);
                return 0;
            }
        }
    }
    return 1;
}

// Is it on the way from size a to size b?
static int
between(uint n, uint a, uint b)
{
    return a < b ? a < n && n <= b : b <= n && n < a;
}

static int
file_fits(const struct load *l, uint j, uint slot, uint inum)
{
    const struct cl_file *f = &l->after[j].file[slot];
    const struct history *h = &l->file[f->id];
    const struct cl_step *s = &l->step[j];
    uint n = hfs_inode(inum)->size, next, k = 0;

    while (k + 1 < h->n && h->v[k + 1].step <= j)
        k++;
    if (n != f->size) {
        next = j < nsteps && s->file == slot &&
               (s->kind == CL_WRITE || s->kind == CL_TRUNC) ?
               l->after[j + 1].file[slot].size : f->size;
        if (!between(n, f->size, next)) {
            snprintf(why, sizeof why, "inode %u: %u bytes, not %u", inum, n,
                     f->size);
            return 0;
        }
        if (next > f->size)
            k++;
    }
    return content_fits(h, k, l->durable, inum);
}

static int
files_fit(const struct load *l, uint j)
{
    const struct cl_model *m = &l->after[j];
    uint inum[CL_FILES] = { 0 }, i, k;
    const struct found *f;
    char path[CL_PATH];

    for (i = 0; i < CL_NAMES; i++) {
        if (!m->name[i].used)
            continue;
        cl_path(m, path, m->name[i].dir, 'a', m->name[i].number);
        k = m->name[i].file;
        if ((f = find_path(path)) == 0 || (inum[k] && f->inum != inum[k])) {
            snprintf(why, sizeof why, "%s is another file", path);
            return 0;
        }
        inum[k] = f->inum;
    }
    for (i = 0; i < CL_FILES; i++) {
        for (k = 0; k < i; k++)
            if (inum[i] && inum[i] == inum[k])
                return 0;
        if (inum[i] && !file_fits(l, j, i, inum[i]))
            return 0;
    }
    return 1;
}

// After which of the steps does the process's part look like this?
static int
process_fits(uint proc)
{
    struct load *l = &load[proc];
    uint sum = 0, i, j;

    for (i = 0; i < nfound; i++)
        if (found[i].proc == proc)
            sum += name_sum(found[i].hash, hfs_inode(found[i].inum)->type);
    strcpy(why, "its names are those after no such step");
    for (j = l->durable; j <= nsteps; j++)
        if (l->names[j] == sum && files_fit(l, j))
            return 1;
    printf("process %u: %u of its steps are durable: %s\n", proc, l->durable,
           why);
    return 0;
}

static int
fixed_fits(void)
{
    uint i, n = 0;

    for (i = 0; i < nfound; i++)
        n += found[i].proc == CL_PROCS;
    if (n == 1 + NFIXED + nprocs)   // 1: /w itself
        return 1;
    printf("of what came before the processes %u names are there\n", n);
    return 0;
}

// 1: what a process had made durable when write w was under way is known.
static int
durable_at(uint proc, uint w)
{
    struct load *l = &load[proc];
    uint i;

    for (i = l->durable = 0; i < l->nmarks && l->mark[i].write <= w; i++)
        l->durable = l->mark[i].steps;
    return i > 0;
}

static int
state_fits(uint w)
{
    uint i, ok = 1, begun = 0;

    for (i = 0; i < hfs.sb.nblocks; i++)
        hfs.block[i] = image + (size_t)i * BSIZE;
    nreplayed += hfs_committed();
    if (hfs_replay(0) > 0)
        return 0;
    ck.problems = 0;
    check_all();
    nfound = 0;
    if (ck.problems)
        return 0;
    walk_tree(ROOTINO, "");
    for (i = 0; i < nprocs; i++) {
        if (durable_at(i, w)) {
            begun = 1;
            ok &= process_fits(i);
        }
    }
    return ok && (!begun || fixed_fits());
}

// Making states.

static void
apply_whole(uchar *fs, const struct write *w)
{
    memcpy(fs + (size_t)w->sector * SECTSIZE, w->data,
           (size_t)w->nsectors * SECTSIZE);
}

static void
apply_picked(uchar *fs, uint from, uint to)
{
    const struct write *w;
    uint i;

    memcpy(fs, stable, size);
    for (w = &writes[from]; w <= &writes[to]; w++)
        for (i = 0; i < w->nsectors; i++)
            if (picked[w->pick + i])
                memcpy(fs + (size_t)(w->sector + i) * SECTSIZE,
                       w->data + i * SECTSIZE, SECTSIZE);
}

static void
pick_write(const struct write *w, int keep)
{
    memset(picked + w->pick, keep, w->nsectors);
}

// Tear: the sectors up to some one, or any.
static void
pick_torn(const struct write *w)
{
    uint upto = draw(w->nsectors + 1), any = draw(2), i;

    for (i = 0; i < w->nsectors; i++)
        picked[w->pick + i] = any ? draw(2) : i < upto;
}

// What the cut leaves of writes from .. to.
static void
pick(uint from, uint to)
{
    uint mode = draw(6), one = from + draw(to - from + 1), i, odds;

    odds = 1 + draw(7);
    for (i = from; i <= to; i++) {
        if (mode <= 1)
            pick_write(&writes[i], 1);
        else if (mode == 2)
            pick_write(&writes[i], i != one);
        else if (mode == 3)
            pick_write(&writes[i], i == one);
        else if (draw(4) || mode == 4)
            pick_write(&writes[i], draw(8) < odds);
        else
            pick_torn(&writes[i]);
    }
    if (mode == 1)
        pick_torn(&writes[one]);
}

static int
is_new(void)
{
    static unsigned long long seen[HASHSIZE];
    unsigned long long h = 1, word;
    size_t i;

    for (i = 0; i < size; i += sizeof word) {
        memcpy(&word, image + i, sizeof word);
        word = (word ^ i * 0xc2b2ae3d27d4eb4full) * 0x9e3779b97f4a7c15ull;
        h += word ^ word >> 32;
    }
    for (i = (h >> 40) % HASHSIZE; seen[i]; i = (i + 1) % HASHSIZE)
        if (seen[i] == h)
            return 0;
    seen[i] = h;
    return 1;
}

// Where the writes begin of which a cut after w may lose some. *flush: the
// FLUSH that is ignored.
static uint
window(uint w, int ignore, uint *flush)
{
    uint i = w;

    while (i > 0 && writes[i - 1].nsectors)
        i--;
    *flush = i ? i - 1 : 0;
    if (ignore && i > 0)
        for (i--; i > 0 && writes[i - 1].nsectors; )
            i--;
    return i;
}

static void
save_state(const char *dir, uint k, uint from, uint w)
{
    char name[500];
    FILE *f;

    snprintf(name, sizeof name, "%s/%u.list", dir, k);
    f = hfs_need(fopen(name, "w"));
    list_found(f);
    fclose(f);
    snprintf(name, sizeof name, "%s/%u.img", dir, k);
    f = hfs_need(fopen(name, "wb"));
    apply_picked(image, from, w);
    if (fwrite(disk, 1, hfs.offset, f) != (size_t)hfs.offset ||
        fwrite(image, 1, size, f) != size ||
        fwrite(base + size, 1, disksize - hfs.offset - size, f) !=
        disksize - hfs.offset - size || fclose(f) != 0)
        hfs_die("cannot write %s", name);
}

static void
tell(uint k, uint from, uint w)
{
    uint i, n = 0, lost = 0;

    for (i = writes[from].pick; i < writes[w].pick + writes[w].nsectors; i++) {
        n++;
        lost += !picked[i];
    }
    fprintf(report, "state %u, after write %u of %u: %u of %u sectors since "
            "the last FLUSH are lost: FAILED\n", k, w, nwrites, lost, n);
}

struct plan {
    uint states, dumps, ignore;
    const char *dir;
    uint done, failed, byflush[NKIND], dumped;
};

// One more state after write w, if there is one.
static void
one_state(struct plan *p, uint w)
{
    uint flush, from = window(w, p->ignore, &flush), tries, before, ok;

    for (tries = 0; tries < TRIES; tries++) {
        pick(from, w);
        apply_picked(image, from, w);
        if (is_new())
            break;
    }
    if (tries == TRIES)
        return;
    before = nreplayed;
    checking = ++p->done;
    ok = state_fits(w);
    checking = 0;
    if (!ok) {
        p->failed++;
        p->byflush[writes[flush].kind]++;
        if (!p->ignore)
            tell(p->done, from, w);
    }
    if (p->dir && ((!ok && !p->ignore) ||
        (p->dumped < p->dumps && (before != nreplayed || w % 4 == 0) &&
         p->done >= (unsigned long long)p->dumped * p->states / p->dumps))) {
        p->dumped += ok;
        save_state(p->dir, p->done, from, w);
    }
}

static void
all_states(struct plan *p)
{
    uint pass, i, n, w, at, from, flush, shift;

    for (pass = 0; pass < MAXPASS && p->done < p->states; pass++) {
        memcpy(stable, base, size);
        n = p->states - p->done;
        shift = draw(nwrites);
        for (i = at = 0; i < n; i++) {
            w = ((unsigned long long)i * nwrites + shift) / n;
            if (writes[w].nsectors == 0)
                continue;
            for (from = window(w, p->ignore, &flush); at < from; at++)
                apply_whole(stable, &writes[at]);
            one_state(p, w);
            if (p->failed == MAXFAILS && !p->ignore)
                return;
        }
    }
}

static void
last_words(void)
{
    if (checking)
        fprintf(stderr, "crash: while checking state %u\n", checking);
}

static void
usage(void)
{
    fprintf(stderr, "usage: crash [-n STATES] [-s SEED] [-d COUNT] [-o DIR] "
            "[-i]\n             BASE LOG WSEED PROCESSES STEPS\n");
    exit(2);
}

static void
options(struct plan *p, int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "n:s:d:o:i")) >= 0) {
        switch (c) {
        case 'n':
            p->states = strtoul(optarg, 0, 10);
            break;
        case 's':
            rng = strtoul(optarg, 0, 10);
            break;
        case 'd':
            p->dumps = strtoul(optarg, 0, 10);
            break;
        case 'o':
            p->dir = optarg;
            break;
        case 'i':
            p->ignore = 1;
            break;
        default:
            usage();
        }
    }
    if (argc - optind != 5 || p->states == 0 || p->states >= HASHSIZE / 2)
        usage();
    wseed = strtoul(argv[optind + 2], 0, 10);
    nprocs = strtoul(argv[optind + 3], 0, 10);
    nsteps = strtoul(argv[optind + 4], 0, 10);
    if (nprocs == 0 || nprocs > CL_PROCS || nsteps == 0)
        usage();
}

int
main(int argc, char **argv)
{
    struct plan p = { .states = 1000 };
    uint i;

    hfs.tool = "crash";
    hfs.failure = 2;
    options(&p, argc, argv);
    report = hfs_need(fdopen(dup(1), "w"));
    setvbuf(report, 0, _IOLBF, 0);
    if (p.ignore && freopen("/dev/null", "w", stdout) == 0)
        hfs_die("cannot open /dev/null");
    setvbuf(stdout, 0, _IOLBF, 0);
    atexit(last_words);
    for (i = 0; i < nprocs; i++)
        play(i);
    read_base(argv[optind]);
    read_log(argv[optind + 1]);
    for (i = 0; i < nprocs; i++)
        if (!durable_at(i, nwrites) || load[i].durable != nsteps)
            hfs_die("process %u has done %u of %u steps", i,
                     load[i].durable, nsteps);
    all_states(&p);
    fprintf(report, "%u states of %u writes, %u with a log to replay: %u "
            "failed\n", p.done, nwrites, nreplayed, p.failed);
    for (i = 0; p.ignore && i < NKIND; i++)
        fprintf(report, "FLUSH of %s ignored: %u failed\n", kindname[i],
                p.byflush[i]);
    return p.failed > 0 || p.done < p.states;
}
