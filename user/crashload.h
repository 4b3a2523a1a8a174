// crashload.h: what a process of crashload does, step by step, from a seed.
//
// user/crashload.c does the steps, tools/crash.c only plays them: both have
// the same model of the process's files after each step. A step always
// succeeds, so the model needs no report from the program.
//
// Process p's files are a0, a1, ... and its directories A0, A1, ... (b and B
// for the second process). They lie in its own directories or in three that
// all share: /w, /w/s, /w/s/t. Every byte that a step writes follows from the
// process, the step and the offset; no byte of another step is likely to
// agree with a whole sector of it, and none is zero.

#define CL_DIRS   8                 // directories: CL_SHARED, then its own
#define CL_SHARED 3
#define CL_NAMES  12                // at once
#define CL_FILES  10
#define CL_NUMBER 10                // names in one directory
#define CL_MOST   (90 << 10)        // bytes of one file: into index blocks
#define CL_ALL    (280 << 10)       // bytes of all files of a process
#define CL_DEPTH  6
#define CL_PATH   64
#define CL_PROCS  8
#define CL_FILLER 250               // names in /w/s from the start
#define CL_MAGIC  0x6b72614d        // "Mark"

enum cl_kind {
    CL_CREATE, CL_WRITE, CL_TRUNC, CL_MAP, CL_LINK, CL_UNLINK, CL_RENAME,
    CL_MKDIR, CL_RMDIR, CL_MVDIR, CL_FSYNC, CL_SYNC
};

struct cl_entry {                   // a name, of a file or a directory
    uchar used, dir, number;
    uchar file;                     // names only: index of file[]
};

struct cl_file {
    uchar nlink;                    // 0: unused
    ushort id;                      // no other file ever has the same
    uint  size;
};

struct cl_model {
    uint  rng, steps;               // steps done
    uint  proc, nids;
    struct cl_entry dir[CL_DIRS], name[CL_NAMES];
    struct cl_file file[CL_FILES];
};

struct cl_step {
    enum cl_kind kind;
    uint  entry;                    // the name or directory that it is about
    uint  dir, number;              // a new name: where, which
    int   replaced;                 // by CL_RENAME: a name, or -1
    uint  file, slot;
    uint  off, len;                 // CL_TRUNC: off is the new size
    uint  how;                      // a number for the program's own choices
};

// What a process writes to /w/mark<p> when fsync, sync or msync have
// returned: its steps so far are on the disk.
struct cl_mark {
    uint  magic, seed, proc, steps, sum;
};

static uint
cl_marksum(const struct cl_mark *k)
{
    return ((k->seed * 31 + k->proc) * 31 + k->steps) ^ 0x5ca1ab1e;
}

static uint
cl_random(struct cl_model *m, uint n)
{
    m->rng = m->rng * 1664525 + 1013904223;
    return (m->rng >> 8) % n;
}

static uchar
cl_byte(uint proc, uint step, uint off)
{
    uint h = (proc << 16 ^ step) * 0x9e3779b1u ^ off * 0x85ebca77u;

    h = (h ^ h >> 15) * 0x2c1b3c6du;
    return h >> 20 | 1;
}

static void
cl_start(struct cl_model *m, uint seed, uint proc)
{
    uint i;

    memset(m, 0, sizeof *m);
    m->rng = seed * 2654435761u + proc * 40503;
    m->proc = proc;
    for (i = 0; i < CL_SHARED; i++)
        m->dir[i].used = 1;
}

// Choices. Each returns an index, or -1: there is none.

static int
cl_unused(const struct cl_entry *e, int n)
{
    int i;

    for (i = 0; i < n; i++)
        if (!e[i].used)
            return i;
    return -1;
}

static int
cl_pick(struct cl_model *m, const struct cl_entry *e, int from, int n)
{
    int i = from + cl_random(m, n - from), k;

    for (k = from; k < n; k++, i = i + 1 < n ? i + 1 : from)
        if (e[i].used)
            return i;
    return -1;
}

static int
cl_find(const struct cl_entry *e, int from, int n, uint dir, uint number)
{
    int i;

    for (i = from; i < n; i++)
        if (e[i].used && e[i].dir == dir && e[i].number == number)
            return i;
    return -1;
}

static int
cl_new_file(const struct cl_model *m)
{
    int i;

    for (i = 0; i < CL_FILES; i++)
        if (m->file[i].nlink == 0)
            return i;
    return -1;
}

static uint
cl_depth(const struct cl_model *m, uint dir)
{
    uint n = 0;

    for (; dir >= CL_SHARED; dir = m->dir[dir].dir)
        n++;
    return n;
}

static int
cl_under(const struct cl_model *m, uint dir, uint above)
{
    while (dir >= CL_SHARED && dir != above)
        dir = m->dir[dir].dir;
    return dir == above;
}

static int
cl_empty(const struct cl_model *m, uint dir)
{
    uint i;

    for (i = 0; i < CL_NAMES; i++)
        if (m->name[i].used && m->name[i].dir == dir)
            return 0;
    for (i = CL_SHARED; i < CL_DIRS; i++)
        if (m->dir[i].used && m->dir[i].dir == dir)
            return 0;
    return 1;
}

static uint
cl_total(const struct cl_model *m)
{
    uint i, n = 0;

    for (i = 0; i < CL_FILES; i++)
        n += m->file[i].nlink ? m->file[i].size : 0;
    return n;
}

// Filling in a step; 0 when it cannot be done now.

static void
cl_place(struct cl_model *m, struct cl_step *s)
{
    s->dir = cl_pick(m, m->dir, 0, CL_DIRS);
    s->number = cl_random(m, CL_NUMBER);
}

static int
cl_new_name(struct cl_model *m, struct cl_step *s)
{
    int slot = cl_unused(m->name, CL_NAMES);

    cl_place(m, s);
    s->slot = slot;
    return slot >= 0 &&
           cl_find(m->name, 0, CL_NAMES, s->dir, s->number) < 0;
}

static int
cl_old_name(struct cl_model *m, struct cl_step *s)
{
    int i = cl_pick(m, m->name, 0, CL_NAMES);

    if (i < 0)
        return 0;
    s->entry = i;
    s->file = m->name[i].file;
    return 1;
}

// Most often at the end; else within, across the end, or behind a gap.
static int
cl_extent(struct cl_model *m, struct cl_step *s)
{
    uint size = m->file[s->file].size, long_one = cl_random(m, 4) == 0;

    s->len = 1 + cl_random(m, long_one ? 48 << 10 : 5000);
    if (s->kind == CL_MAP) {
        if (size == 0)
            return 0;
        s->off = cl_random(m, size);
        s->len = s->len < size - s->off ? s->len : size - s->off;
        return 1;
    }
    if (cl_random(m, 2))
        s->off = size;
    else
        s->off = cl_random(m, size + (cl_random(m, 4) ? 1 : 20000));
    return s->off + s->len <= CL_MOST &&
           cl_total(m) - size + s->off + s->len <= CL_ALL;
}

static int
cl_new_size(struct cl_model *m, struct cl_step *s)
{
    uint size = m->file[s->file].size;

    if (cl_random(m, 3))
        s->off = cl_random(m, size + 1);
    else
        s->off = size + cl_random(m, 12000);
    return s->off <= CL_MOST && cl_total(m) - size + s->off <= CL_ALL;
}

static int
cl_new_dir(struct cl_model *m, struct cl_step *s)
{
    int slot = cl_unused(m->dir, CL_DIRS);

    cl_place(m, s);
    s->slot = slot;
    return slot >= 0 && cl_depth(m, s->dir) < CL_DEPTH &&
           cl_find(m->dir, CL_SHARED, CL_DIRS, s->dir, s->number) < 0;
}

static int
cl_old_dir(struct cl_model *m, struct cl_step *s)
{
    int i = cl_pick(m, m->dir, CL_SHARED, CL_DIRS);

    s->entry = i;
    return i >= 0;
}

static int
cl_move_dir(struct cl_model *m, struct cl_step *s)
{
    if (!cl_old_dir(m, s))
        return 0;
    cl_place(m, s);
    return cl_depth(m, s->dir) < CL_DEPTH / 2 &&
           !cl_under(m, s->dir, s->entry) &&
           cl_find(m->dir, CL_SHARED, CL_DIRS, s->dir, s->number) < 0;
}

static int
cl_move_name(struct cl_model *m, struct cl_step *s)
{
    if (!cl_old_name(m, s))
        return 0;
    cl_place(m, s);
    s->replaced = cl_find(m->name, 0, CL_NAMES, s->dir, s->number);
    return s->replaced < 0 || m->name[s->replaced].file != s->file;
}

static int
cl_try(struct cl_model *m, struct cl_step *s)
{
    switch (s->kind) {
    case CL_CREATE:
        s->file = cl_new_file(m);
        return cl_new_name(m, s) && (int)s->file >= 0;
    case CL_WRITE:
    case CL_MAP:
        return cl_old_name(m, s) && cl_extent(m, s);
    case CL_TRUNC:
        return cl_old_name(m, s) && cl_new_size(m, s);
    case CL_LINK:
        return cl_old_name(m, s) && cl_new_name(m, s);
    case CL_UNLINK:
    case CL_FSYNC:
        return cl_old_name(m, s);
    case CL_RENAME:
        return cl_move_name(m, s);
    case CL_MKDIR:
        return cl_new_dir(m, s);
    case CL_RMDIR:
        return cl_old_dir(m, s) && cl_empty(m, s->entry);
    case CL_MVDIR:
        return cl_move_dir(m, s);
    case CL_SYNC:
        break;
    }
    return 1;
}

// Choose the next step.
static void
cl_next(struct cl_model *m, struct cl_step *s)
{
    static const uchar often[] = {
        CL_CREATE, CL_CREATE, CL_CREATE, CL_WRITE, CL_WRITE, CL_WRITE,
        CL_WRITE, CL_WRITE, CL_WRITE, CL_WRITE, CL_TRUNC, CL_TRUNC, CL_MAP,
        CL_MAP, CL_LINK, CL_UNLINK, CL_UNLINK, CL_RENAME, CL_RENAME,
        CL_RENAME, CL_MKDIR, CL_MKDIR, CL_RMDIR, CL_MVDIR, CL_FSYNC,
        CL_FSYNC, CL_SYNC
    };

    do {
        memset(s, 0, sizeof *s);
        s->replaced = -1;
        s->kind = often[cl_random(m, sizeof often)];
    } while (!cl_try(m, s));
    s->how = cl_random(m, 1 << 16);
}

static void
cl_drop_name(struct cl_model *m, uint i)
{
    m->name[i].used = 0;
    m->file[m->name[i].file].nlink--;
}

static void
cl_add_name(struct cl_model *m, const struct cl_step *s, uint slot)
{
    m->name[slot] = (struct cl_entry){ 1, s->dir, s->number, s->file };
    m->file[s->file].nlink++;
}

static void
cl_apply(struct cl_model *m, const struct cl_step *s)
{
    struct cl_file *f = &m->file[s->file];

    m->steps++;
    switch (s->kind) {
    case CL_CREATE:
        *f = (struct cl_file){ 0, m->nids++, 0 };
        cl_add_name(m, s, s->slot);
        break;
    case CL_WRITE:
        if (f->size < s->off + s->len)
            f->size = s->off + s->len;
        break;
    case CL_TRUNC:
        f->size = s->off;
        break;
    case CL_LINK:
        cl_add_name(m, s, s->slot);
        break;
    case CL_UNLINK:
        cl_drop_name(m, s->entry);
        break;
    case CL_RENAME:
        if (s->replaced >= 0)
            cl_drop_name(m, s->replaced);
        cl_drop_name(m, s->entry);
        cl_add_name(m, s, s->entry);
        break;
    case CL_MKDIR:
        m->dir[s->slot] = (struct cl_entry){ 1, s->dir, s->number, 0 };
        break;
    case CL_RMDIR:
        m->dir[s->entry].used = 0;
        break;
    case CL_MVDIR:
        m->dir[s->entry].dir = s->dir;
        m->dir[s->entry].number = s->number;
        break;
    case CL_MAP:
    case CL_FSYNC:
    case CL_SYNC:
        break;
    }
}

// Paths. Append what follows from the entry's number to its directory's path.
static uint
cl_path(const struct cl_model *m, char *path, uint dir, int letter,
        uint number)
{
    static const char *const shared[] = { "/w", "/w/s", "/w/s/t" };
    uint n;

    if (dir < CL_SHARED) {
        n = strlen(shared[dir]);
        memcpy(path, shared[dir], n);
    } else {
        n = cl_path(m, path, m->dir[dir].dir, 'A', m->dir[dir].number);
    }
    path[n++] = '/';
    path[n++] = letter + m->proc;
    path[n++] = '0' + number;
    path[n] = 0;
    return n;
}
