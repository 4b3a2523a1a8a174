// sh.h: what the parts of the shell share.
//
//     sh_mem.c      arenas, growing texts and lists
//     sh_lex.c      text to tokens and words       } no system calls: they
//     sh_parse.c    tokens to a tree               } run on the host, too
//     sh_arith.c    $((...))                       }
//     sh_var.c      variables, parameters, the environment
//     sh_expand.c   words to arguments
//     sh_glob.c     patterns to file names
//     sh_run.c      walks the tree
//     sh_exec.c     programs and redirections
//     sh_jobs.c     processes that are waited for
//     sh_builtin.c  built-in commands; also sh_set.c, sh_test.c, sh_printf.c
//     sh.c          where commands come from
//
// Memory. A command's tree lies in an arena of its own, freed when the
// command has run; functions keep theirs. All that expansion makes lies in
// the arena `scratch`, which each command takes back to where it found it.
// So nothing has to be freed when an error gives a command up half way.

#pragma once

#ifdef HOSTED
#include "../tests/host/shhost.h"
#else
#include "user.h"
#endif

#define NOTFOUND 127                // $? when there is no such command
#define NOTRUN   126                // $? when it cannot be run
#define MISUSED  2                  // $? after a mistake in the language
#define NREDIR   10                 // descriptors a redirection can name
#define MAXNEST  250                // commands inside commands, as parsed

// ---- sh_mem.c ----

struct block;
struct arena {
    struct block *top;
    uint used;                      // bytes of the top block
    int  refs;                      // 1 while it runs, 1 for each function
};
struct mark {
    struct block *top;
    uint used;
};

void *must(void *p);                // p, or the end: out of memory
void *take(struct arena *a, uint n);    // never 0; zeroed
char *keep(struct arena *a, const char *s, uint n);     // a copy, NUL added
struct mark mark(struct arena *a);
void release(struct arena *a, struct mark m);   // all taken since
struct arena *newarena(void);       // with one reference
void letgo(struct arena *a);        // gives one up; the last frees it

struct text {                       // a growing string, always with a NUL
    struct arena *arena;
    char *s;
    uint n, cap;
};
void add(struct text *t, const char *s, uint n);
void addc(struct text *t, char c);
void adds(struct text *t, const char *s);

struct list {                       // a growing list, always with a 0 behind
    char **v;                       // or 0 while it is empty
    uint n, cap;
};
void append(struct list *l, char *s);   // in scratch; s is not copied

extern struct arena scratch;

// ---- the tree ----

enum partkind { TEXT, PARAM, COMMAND, ARITH };

// A piece of a word. PARAM: ${text op arg}, op one of - = ? + % # (doubled:
// P for %%, H for ##) or L for ${#text}; 0 for none.
struct part {
    struct part *next;
    uchar kind, quoted, op, colon;
    char *text;
    struct word *arg;               // of op; of ARITH: the expression
    struct node *tree;              // of COMMAND
};

struct word {
    struct word *next;
    struct part *parts;
    char *name;                     // NAME=word before a command
};

// how: '<' '>' 'a' (>>) 'b' (<>) '&' (<& and >&) 'h' (here-document).
struct redir {
    struct redir *next;
    int  fd;                        // 0..9
    char how;
    struct word *target;            // of 'h': the body
    char *delimiter;                // of 'h'
    uchar quoted, tabs;             // its delimiter was quoted; <<-
    struct redir *pending;          // the next whose body is to come
};

struct arm {                        // of a case
    struct arm *next;
    struct word *patterns;
    struct node *body;
};

enum nodekind { SIMPLE, PIPE, AND, OR, NOT, LIST, BACKGROUND, SUBSHELL,
                GROUP, IF, WHILE, UNTIL, FOR, CASE, FUNCTION };

//              a            b           c          words     text
//   PIPE NOT   commands                                      source
//   AND OR     left         right
//   LIST       commands, joined by next
//   IF         condition    then        else
//   WHILE ...  condition    body
//   FOR                     body                   in ...    variable
//   CASE                                           subject
//   FUNCTION                body                             name
struct node {
    uchar kind;
    uchar allargs;                  // FOR without `in`
    uint line;
    uint from, to;                  // in the arena's source text
    struct node *next, *a, *b, *c;
    struct word *words, *assigns;
    struct redir *redirs;
    struct arm *arms;
    char *text;
    struct tree *tree;              // whose part it is
};

struct tree {                       // a whole command
    struct arena *arena;
    struct node *list;              // 0: a blank line
    char *source;
    const char *file;               // for messages; 0: none
};

// ---- sh_lex.c and sh_parse.c ----

enum { T_END = 256, T_NEWLINE, T_WORD, T_AND, T_OR, T_DSEMI, T_APPEND,
       T_HERE, T_HERETABS, T_DUPIN, T_DUPOUT, T_RDWR, T_CLOBBER };

struct input {
    struct input *under;            // what goes on when this one has ended
    const char *s, *end;
    const char *alias;              // name of the alias that this is
    uchar wall;                     // its end is the end: nothing goes on
};

struct parser {
    struct tree *tree;
    struct arena *arena;
    struct input *in, base;
    int (*more)(struct parser *p);  // sets base.s, base.end; 0: no more
    const char *(*alias)(const char *name);     // or 0
    void (*parsed)(void);           // called before a command runs, or 0
    const char *file;               // for messages; 0: none
    uint line;
    int  tok;                       // the token looked at; 0: none yet
    int  ionum;                     // digit before a redirection, or -1
    struct word *word;              // of T_WORD
    struct input *tokin;            // where it was found
    uint toksrc, tokend, lastend, tokline;
    struct text source;             // what the tree was made of
    struct redir *pending, **last;  // here-documents to read at the newline
    int  literal;                   // backslash and newline are themselves
    int  unseen;                    // what is read is not kept in source
    int  depth;                     // of nesting
    int  interrupted;               // more() was broken off: no message
    char *error;                    // the first mistake; 0: none
    uint errorline;
};

// Parses up to a newline that ends a command. 0: the text has ended. The
// tree has one reference. After a mistake p->error says which, and the tree
// is empty; nothing of the text is used any more.
struct tree *parse(struct parser *p);
void parse_text(struct parser *p, const char *s, uint n, const char *file);
void parse_error(struct parser *p, const char *fmt, ...) PRINTF(2, 3);

int  peekc(struct parser *p);       // the next byte, -1 at the end
int  nextc(struct parser *p);
int  rawc(struct parser *p);
int  look(struct parser *p);        // the next token's kind
void skip(struct parser *p);        // ... which is done with
void push_input(struct parser *p, const char *s, uint n, const char *alias);
const char *plainword(struct word *w);  // its text if nothing is quoted, or 0
int  isname(const char *s, uint n);
struct node *parse_until(struct parser *p, int tok);   // for $( and `
struct word *read_word(struct parser *p);
struct word *read_body(struct parser *p, char *s, uint n, int quoted);
void read_heredocs(struct parser *p);

// ---- sh_arith.c ----

// 0 if it can be evaluated; else *why says why not.
int arith(const char *s, long long *value, const char **why);
char *number64(char buf[24], long long v);

// ---- sh_var.c ----

struct params {
    char **v;
    int  n;
    char **base;                    // what to free, or 0
};
struct var {
    struct var *next;
    char *name, *value;             // value 0: not set
    uchar exported, readonly;
};

extern struct params params;        // $1 ...
extern char *arg0;                  // $0
void import_environment(void);
const char *getvar(const char *name);   // 0: not set
int  setvar(const char *name, const char *value);   // value 0: unset; -1
void exportvar(const char *name);
struct var *findvar(const char *name, int make);
struct var **allvars(uint *n);      // sorted, in scratch
char **environment(void);           // for execve, in scratch
void setparams(char **v, int n);    // copies
void freeparams(void);
struct saved *savedvars(void);      // a mark
int  savevar(const char *name);     // until restorevars
void restorevars(struct saved *to);
const char *ifs(void);

// ---- sh_expand.c and sh_glob.c ----

char **expand_words(struct word *w, int *n);    // fields, 0 last
char *expand_word(struct word *w);              // one, not split
char *expand_pattern(struct word *w);           // quoted bytes behind a \.
// Appends the names that match, sorted; how many.
uint glob(struct list *found, const char *pattern);

// ---- sh_run.c ----

enum { TESTED = 1, LAST = 2 };      // -e does not apply; this process ends

extern int status;                  // $?
extern int interactive;             // there is a prompt
extern int opt_e, opt_u, opt_x, opt_f;
extern int shellpid;
extern const char *curfile;         // for messages
extern uint curline;
extern char *exittrap;

void run(struct node *n, int how);
void run_text(const char *s, uint n, const char *file);
int  run_parser(struct parser *p);  // 0 at the end, else after a command
void run_prompting(struct parser *p);   // survives giveup()
void leave(int code) NORETURN;      // exit, with the EXIT trap
void complain(const char *fmt, ...) PRINTF(1, 2);   // "sh: file:line: ..."
void complain_errno(const char *fmt, ...) PRINTF(1, 2);
// Gives the command up: back to the prompt, or the end.
void fail(int code, const char *fmt, ...) PRINTF(2, 3) NORETURN;
void giveup(int code) NORETURN;
int  broken_off(void);              // ^C was typed since the line began
void check_break(void);             // ... gives the command up
void begin_breaks(void);            // a line begins
char *substitute(struct node *n);   // the output of $(...), in scratch
const char *findalias(const char *name);
void child_begins(void);            // in a child: no prompt, no trap
enum { GO, BREAK, CONTINUE, RETURN };
extern int going, goingcount;       // what break and the like have asked for
extern int loops, calls;            // how deep we are
struct function *findfunction(const char *name);
int  forget_function(const char *name);

// ---- sh_exec.c ----

int  redirect(struct redir *r);     // for good; -1
int  redirect_saving(struct redir *r);      // as much; undo_redirects(mark)
int  high(int fd);                  // moves it to a number that no redirection
                                    // can name; -1: there is none, fd is closed
int  redirects(void);               // a mark
void undo_redirects(int to);
void forget_redirects(void);        // close what was saved, undo nothing
void launch(char **argv) NORETURN;
char *findprogram(const char *name);    // in scratch, or 0
char *readfile(const char *path, uint *n);  // malloc'd; 0: errno

// ---- sh_jobs.c ----

enum { RUNS, STOPPED_, ENDED };
struct job;
extern int jobcontrol;
extern int background;              // $!
struct job *newjob(const char *text, uint n);
void addproc(struct job *j, int pid, const char *name, uint n);
int  jobgroup(struct job *j);       // of its first process; 0: none yet
void enter_group(int pid, int group, int foreground);
void end_if_broken(struct job *j);  // ^C came before it had the console
int  wait_job(struct job *j);       // in the foreground; its status
void start_job(struct job *j);      // in the background
void report_jobs(void);             // what has changed, before a prompt
int  may_exit(void);                // 0: stopped jobs, said so once
void forget_jobs(void);
int  patient_fork(void);            // -1: said so
char **name_jobs(char **argv);      // %1 for kill becomes pids; 0: none such
int  do_jobs(char **), do_fg(char **), do_bg(char **), do_wait(char **);

// ---- sh_builtin.c ... ----

// SPECIAL: its failure ends a script, its assignments stay, no function has
// its name. DASHES: a first argument "--" is left out.
enum { SPECIAL = 1, DASHES = 2 };

struct builtin {
    const char *name;
    int (*run)(char **argv);
    int flags;
    const char *help;
};
extern const struct builtin builtins[];
const struct builtin *findbuiltin(const char *name);
int set_options(const char *word);  // -e, +x: 0 if a letter is unknown
int do_test(char **argv);
int do_printf(char **argv);
int do_set(char **), do_shift(char **), do_export(char **),
    do_readonly(char **), do_unset(char **), do_local(char **),
    do_read(char **);
int out_flush(struct text *t);      // writes t to descriptor 1; 0 or 1
int count(const char *s);           // all of s, as a number from 0 on; or -1
char *working_dir(void);            // in scratch, or 0: errno
void adds_quoted(struct text *t, const char *s);    // as the shell reads it
