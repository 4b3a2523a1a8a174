// bench.h: what the parts of bench share (bench.c, bench_*.c).
//
// A case makes ready, then takes samples until it has enough, then cleans up
// what it left in its directory:
//
//     while (again()) {
//         begin();
//         for (i = 0; i < n; i++)
//             getpid();
//         done(n);
//     }
//
// It runs in a process of its own, so that it finds the same small address
// space whichever cases ran before it. A call that fails ends the case.

struct bench {
    const char *name;
    void (*run)(uint arg);
    uint arg;
    uint flags;
};
#define NAMED 1                     // only when asked for by name
#define ENDBENCH { 0, 0, 0, 0 }

// One table a file, ended by ENDBENCH.
extern const struct bench bench_proc[], bench_mem[], bench_file[];
extern const struct bench bench_scale[];

int  again(void);                   // another sample is wanted
void begin(void);                   // time starts now
void done(uint ops);                 // it was for so many operations
uint ticks(void);                   // the time stamp's low half
void sample(uint ticks, uint ops);  // a sample measured otherwise
void skip(const char *why) NORETURN;

// The call succeeds, or the case ends; its value.
#define must(call) bench_must((int)(call), #call)
int bench_must(int got, const char *call);

// A child that runs fn(in, out) at the far ends of two pipes, and ends.
struct peer {
    int pid, in, out;               // in: what it writes
};
void peer_start(struct peer *p, void (*fn)(int in, int out));
void peer_stop(struct peer *p);     // closes both pipes and waits for it
void peer_echo(int in, int out);    // gives back every byte
uint roundtrips(struct peer *p, uint n);    // ticks for n bytes there and back

// What is read and written. A program's buffers seldom start with a page, so
// this one does not; aligned, it would cost less.
#define BENCHBUF 4096
extern char *const bench_buf, *const bench_page;    // bench_page: aligned

void reap(int n);                   // wait for n children, all in good health
void touch(char *p, uint npages);   // write to each
void fill(const char *name, uint nbytes);   // make a file
