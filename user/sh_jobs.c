// sh_jobs.c: the processes that the shell has started.
//
// A job is a pipeline; while it runs it is in the list, in the foreground or
// not. Whatever waitpid() tells goes through note(), so a background job may
// end while another is waited for. Job numbers begin at 1; the newest job
// has the largest.
//
// At the prompt each job is a process group and has the console while it is
// in the foreground, so that ^C and ^Z are for it and not for the shell. It is
// ended and continued as a group, with what its processes have started.

#include "sh.h"

#define FORKTRIES 32                // how often, and ticks between, when there
#define FORKPAUSE (HZ / 4)          // is no room for a process
#define SIGTSTP   20
#define LOOKPAUSE (HZ / 10)         // ticks between looks for a ^C

struct proc {
    int pid, state, wstatus;
    char *name;
};

struct job {
    struct job *next;
    int  id;                        // 0 in the foreground
    int  told;                      // the state that was reported last
    int  nprocs;
    int  failed;                    // something could not be started
    struct proc *procs;
    char *text;
};

int jobcontrol, background;

static struct job *jobs;            // newest first
static int warned;                  // prompts until a warning is due again

// ---- the list ----

static char *
copied(const char *s, uint n)
{
    char *copy = must(malloc(n + 1));

    memcpy(copy, s, n);
    copy[n] = 0;
    return copy;
}

struct job *
newjob(const char *text, uint n)
{
    struct job *j = must(calloc(1, sizeof(*j)));

    j->text = copied(text, n);
    j->next = jobs;
    jobs = j;
    return j;
}

void
addproc(struct job *j, int pid, const char *name, uint n)
{
    struct proc *p;

    if (pid < 0) {
        j->failed = 1;
        return;
    }
    j->procs = must(realloc(j->procs, (j->nprocs + 1) * sizeof(*p)));
    p = &j->procs[j->nprocs++];
    p->pid = pid;
    p->state = RUNS;
    p->wstatus = 0;
    p->name = copied(name, n);
}

static void
dropjob(struct job *j)
{
    struct job **at;
    int i;

    for (at = &jobs; *at != j; at = &(*at)->next)
        ;
    *at = j->next;
    for (i = 0; i < j->nprocs; i++)
        free(j->procs[i].name);
    free(j->procs);
    free(j->text);
    free(j);
}

void
forget_jobs(void)
{
    while (jobs)
        dropjob(jobs);
}

int
jobgroup(struct job *j)
{
    return j->nprocs ? j->procs[0].pid : 0;
}

// RUNS if any process does, else STOPPED_ if any is.
static int
jobstate(struct job *j)
{
    int state = ENDED, i;

    for (i = 0; i < j->nprocs; i++)
        if (j->procs[i].state < state)
            state = j->procs[i].state;
    return state;
}

static int
jobstatus(struct job *j)
{
    struct proc *last;

    if (j->failed || j->nprocs == 0)
        return 1;
    last = &j->procs[j->nprocs - 1];
    return last->state == STOPPED_ ? 128 + SIGTSTP : exitcode(last->wstatus);
}

// ---- starting and waiting ----

// Under a fork bomb the shell answers late, but it answers, and ^C at once.
int
patient_fork(void)
{
    int pid, tries;

    for (tries = 0; (pid = fork()) < 0 && tries < FORKTRIES; tries++) {
        if (broken_off())
            break;
        sleep(FORKPAUSE);
    }
    if (pid < 0)
        complain_errno("fork");
    return pid;
}

// Puts pid, 0 for the caller, in a group, 0 for its own. Both the shell and its
// child do this, as nobody knows which runs first.
void
enter_group(int pid, int group, int foreground)
{
    if (!jobcontrol || pid < 0)
        return;
    setpgrp(pid, group);
    if (group == 0 && foreground)
        consctl(CONS_SETFG, pid ? pid : getpid());
}

static void
note(int pid, int wstatus)
{
    struct job *j;
    int i;

    for (j = jobs; j; j = j->next) {
        for (i = 0; i < j->nprocs; i++) {
            if (j->procs[i].pid != pid)
                continue;
            j->procs[i].wstatus = wstatus;
            j->procs[i].state = WIFSTOPPED(wstatus) ? STOPPED_ : ENDED;
            return;
        }
    }
}

// Waits for news of any child; 0 if there is none to come.
static int
news(int options)
{
    int st, pid = waitpid(-1, &st, options | (jobcontrol ? WUNTRACED : 0));

    if (pid > 0)
        note(pid, st);
    return pid > 0;
}

// Like news(), but ^C ends it: nobody is in the foreground.
static int
news_or_break(void)
{
    int st, pid;

    if (!interactive)
        return news(0);
    while ((pid = waitpid(-1, &st, WNOHANG | WUNTRACED)) == 0) {
        check_break();
        sleep(LOOKPAUSE);
    }
    if (pid > 0)
        note(pid, st);
    return pid > 0;
}

// No child is left: what is not known to have ended has.
static void
lost(struct job *j)
{
    int i;

    for (i = 0; i < j->nprocs; i++)
        if (j->procs[i].state == RUNS)
            j->procs[i].state = ENDED;
}

static void
tell_deaths(struct job *j)
{
    int i, st;

    for (i = 0; i < j->nprocs; i++) {
        st = j->procs[i].wstatus;
        if (j->procs[i].state == ENDED && !WIFEXITED(st))
            complain("%s: %s", j->procs[i].name, signame(WTERMSIG(st)));
    }
}

static void
number_job(struct job *j)
{
    struct job *other;
    int largest = 0;

    for (other = jobs; other; other = other->next)
        if (other->id > largest)
            largest = other->id;
    if (j->id == 0)
        j->id = largest + 1;
    j->told = RUNS;
}

static void
show(struct job *j, int fd)
{
    struct proc *last = &j->procs[j->nprocs - 1];
    char what[32] = "Running";
    int state = jobstate(j);

    j->told = state;
    if (state == STOPPED_)
        strcpy(what, "Stopped");
    else if (state == ENDED && !WIFEXITED(last->wstatus))
        snprintf(what, sizeof(what), "%s", signame(WTERMSIG(last->wstatus)));
    else if (state == ENDED && jobstatus(j) != 0)
        snprintf(what, sizeof(what), "Exit %d", jobstatus(j));
    else if (state == ENDED)
        strcpy(what, "Done");
    dprintf(fd, "[%d]%s %s  %s\n", j->id, j == jobs ? "+" : "", what, j->text);
}

// A ^C that is typed before a job has the console kills nobody, so the shell
// does it. Later ones the console sends to the whole group.
void
end_if_broken(struct job *j)
{
    if (j->nprocs > 0 && broken_off())
        kill(-jobgroup(j));         // if all have ended, there is none
}

int
wait_job(struct job *j)
{
    int result;

    end_if_broken(j);
    while (jobstate(j) == RUNS)
        if (!news(0))
            lost(j);
    if (jobcontrol)
        consctl(CONS_SETFG, 0);
    result = jobstatus(j);
    tell_deaths(j);
    if (jobstate(j) == STOPPED_) {
        number_job(j);
        show(j, 2);
    } else {
        dropjob(j);
    }
    return result;
}

void
start_job(struct job *j)
{
    if (j->nprocs == 0) {
        dropjob(j);
        return;
    }
    background = j->procs[j->nprocs - 1].pid;
    number_job(j);
    if (interactive)
        dprintf(2, "[%d] %d\n", j->id, background);
}

void
report_jobs(void)
{
    struct job *j, *next;

    warned -= warned > 0;
    while (news(WNOHANG))
        ;
    for (j = jobs; j; j = next) {
        next = j->next;
        if (jobstate(j) != j->told)
            show(j, 2);
        if (jobstate(j) == ENDED)
            dropjob(j);
    }
}

// Leaving with stopped jobs takes to say so twice in a row.
int
may_exit(void)
{
    struct job *j;

    for (j = warned || !interactive ? 0 : jobs; j; j = j->next) {
        if (jobstate(j) != STOPPED_)
            continue;
        complain("there are stopped jobs; once more to leave them");
        warned = 2;
        return 0;
    }
    return 1;
}

// ---- built-in commands ----

static struct job *
job_of(int pid)
{
    struct job *j;
    int i;

    for (j = jobs; j; j = j->next)
        for (i = 0; i < j->nprocs; i++)
            if (j->procs[i].pid == pid)
                return j;
    return 0;
}

// %N, N (where no pid is meant), %% or %+ or 0 for the newest.
static struct job *
job_named(const char *name)
{
    const char *s = name && *name == '%' ? name + 1 : name;
    struct job *j;

    for (j = jobs; j; j = j->next)
        if (s == 0 || *s == 0 || *s == '%' || *s == '+' || atoi(s) == j->id)
            return j;
    complain("%s: no such job", name ? name : "%");
    return 0;
}

int
do_jobs(char **argv)
{
    struct job *j, *next;

    if (argv[1])
        return (j = job_named(argv[1])) ? show(j, 1), 0 : 1;
    while (news(WNOHANG))
        ;
    for (j = jobs; j; j = next) {
        next = j->next;
        show(j, 1);
        if (jobstate(j) == ENDED)
            dropjob(j);
    }
    return 0;
}

static void
resume(struct job *j)
{
    int i;

    for (i = 0; i < j->nprocs; i++)
        if (j->procs[i].state == STOPPED_)
            j->procs[i].state = RUNS;
    if (suspend(-jobgroup(j), 0) < 0)
        complain_errno("%s", j->text);
    j->told = RUNS;
}

static int
may_move(const char *command)
{
    if (!jobcontrol)
        complain("%s: no job control here", command);
    return jobcontrol;
}

int
do_fg(char **argv)
{
    struct job *j;

    if (!may_move("fg") || (j = job_named(argv[1])) == 0)
        return 1;
    consctl(CONS_SETFG, jobgroup(j));
    dprintf(1, "%s\n", j->text);    // whoever reads that may type ^C at once
    resume(j);
    return wait_job(j);
}

int
do_bg(char **argv)
{
    struct job *j;

    if (!may_move("bg") || (j = job_named(argv[1])) == 0)
        return 1;
    dprintf(1, "[%d] %s\n", j->id, j->text);
    resume(j);
    return 0;
}

// One pid or %job; its status.
static int
wait_one(const char *name)
{
    struct job *j;
    int result;

    if (name[0] != '%' && count(name) < 0) {
        complain("wait: %s: neither a process nor a job", name);
        return MISUSED;
    }
    j = name[0] == '%' ? job_named(name) : job_of(count(name));
    if (j == 0)
        return NOTFOUND;
    while (jobstate(j) == RUNS)
        if (!news_or_break())
            lost(j);
    result = jobstatus(j);
    if (jobstate(j) == ENDED)
        dropjob(j);
    return result;
}

// Without arguments: for all that run.
int
do_wait(char **argv)
{
    struct job *j, *next;
    int result = 0, i;

    for (i = 1; argv[i]; i++)
        result = wait_one(argv[i]);
    for (j = i > 1 ? 0 : jobs; j; j = next) {
        while (jobstate(j) == RUNS)
            if (!news_or_break())
                lost(j);
        next = j->next;
        if (jobstate(j) == ENDED)
            dropjob(j);
    }
    return result;
}

static char *
number_text(int n)
{
    char *buf = take(&scratch, 16);

    snprintf(buf, 16, "%d", n);
    return buf;
}

// kill's arguments with each %job replaced by its group, or by its processes
// where it has no group of its own; 0 if there is no such job.
char **
name_jobs(char **argv)
{
    struct list out = { 0, 0, 0 };
    struct job *j;
    int i, k;

    for (i = 0; argv[i]; i++) {
        if (argv[i][0] != '%') {
            append(&out, argv[i]);
            continue;
        }
        if ((j = job_named(argv[i])) == 0)
            return 0;
        if (jobcontrol && i == 1)
            append(&out, "--");     // -PID is no option
        if (jobcontrol)
            append(&out, number_text(-jobgroup(j)));
        for (k = 0; k < j->nprocs && !jobcontrol; k++)
            append(&out, number_text(j->procs[k].pid));
    }
    return out.v;
}
