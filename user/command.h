// command.h: the shell's command language, as a tree.
//
//     list:      chains, each ended by ; or & or a newline
//     chain:     pipelines joined by && and ||
//     pipeline:  commands joined by |
//     command:   words and redirections, or a list in parentheses
//
// Words are kept as they were typed, quotes and all: $? must have its value
// at the time the command runs.

struct word {
    struct word *next;
    char *text;
};

struct redir {
    struct redir *next;
    int  fd;                        // what is redirected, 0..9
    char how;                       // '<' '>' 'a' append '&' duplicate
    char *target;                   // a raw word; a digit or - for '&'
};

struct cmd {
    struct cmd *next;               // what reads this one's output
    struct word *words;
    struct redir *redirs;
    struct chain *sub;              // ( list ) instead of words
    int  pid;                       // for who runs it
};

enum { ALWAYS, IFOK, IFFAILED };

struct pipeline {
    struct pipeline *next;
    struct cmd *cmds;
    int  when;                      // depending on the status so far
};

struct chain {
    struct chain *next;
    struct pipeline *pipes;
    int  background;
};

enum { PARSED, INCOMPLETE, WRONG }; // parse_line's results
// Parse from *at to the end of a line (or, inside quotes and parentheses
// and after && || |, to the end of a later one) and move *at behind it. The
// tree, 0 for a blank line, lasts until the next call of parse_line.
// INCOMPLETE: the text ends too early. WRONG: *near is the offending token.
int parse_line(const char **at, struct chain **tree, const char **near);
