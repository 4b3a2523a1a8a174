// fuzz.h: what the parts of fuzz share (fuzz.c, fuzz_*.c).

#define WORKDIR  "/fuzz.d"          // each worker has a directory in it
#define MAXWORK  8
#define LOGBASE  0x60000000         // the workers' pages of the log
#define LOGCALLS 64
#define FOUND    77                 // exit status of who found something

// What a worker did last; read by the main process when something is wrong.
#define WHYMAX 160
struct flog {
    char why[WHYMAX + 40];
    volatile uint n;                // calls so far
    struct fcall {
        uint call, gate, arg[6], result;
    } calls[LOGCALLS];
};

extern struct flog *flog;           // this worker's
extern int verbose;
extern const char *doing;           // what is under way, for found()
extern uint ncalls;                 // for a worker to make
extern int lowpid;                  // who has it or a lower one is left alone

uint rnd(uint n);                   // 0 .. n - 1; n == 0: any number
void stir(uint x);                  // go on with other numbers
int  chance(uint n);                // once in n times
// Something is wrong: the worker tells and ends.
void found(const char *fmt, ...) PRINTF(1, 2) NORETURN;
// A file or tree is no more; nothing happens if there is none.
void remove_all(const char *path);
// Wait for this child; its status. One that does not end in time is killed,
// and *late set; who cannot be killed is a find.
int  join(int pid, uint ticks, int *late);

void fuzz_calls(void);
void fuzz_elf(void);
void fuzz_pairs(void);

// Pairs: fuzz_pairs.c, and the calls in fuzz_files.c and fuzz_procs.c. Both
// of a pair are of one group, whose objects are ready when they start.
enum { FILES, RECORDS, DIRS, PIPES, PROCS, MEMORY, NGROUP };
#define CUTS 1                      // cuts the file: who has it mapped may die
#define MAPS 2
#define RUNS 4                      // runs it: writes end half-way

struct op {
    const char *name;
    void (*fn)(void);
    uint group, flags;
};
#define OP(f, group, flags) { #f, f, group, flags }
extern const struct op fileops[], procops[];

// Shared by a pair and the worker that made it.
struct duel {
    volatile int victim;            // a process to be killed, or 0
    volatile uint records;          // appended to "log"
    volatile uint sum, added;       // sum is what was added
    volatile uint go;               // both start
    volatile uint flags;            // of either call
};
extern struct duel *duel;

#define MEMPAGES 12
#define RECORD   16                 // bytes, all the same
extern int filefd, logfd;           // "f"; "log" with O_APPEND
extern int ends[2];                 // of a pipe
extern uchar *mem;                  // each its own: byte i is i / 64, if 64
                                    // divides i
extern uchar prog[];                // content of "f": a program that, told
extern uint progsize;               // to "exit 7", does

#define E(e) (1ull << (e))
// The call's result; failing with an errno not in the set is a find.
int  expect(const char *what, int got, unsigned long long set);
int  await(int pid);                // wait for the child; its status
void pause(uint most);              // for a moment
