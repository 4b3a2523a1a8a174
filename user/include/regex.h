// regex.h: regular expressions as POSIX names them; docs/man/7/regex.md says
// what an expression may hold.
//
// regcomp() returns 0 or one of the errors below, which regerror() puts in
// words. regexec() finds the leftmost longest match: 0, REG_NOMATCH or
// REG_ESPACE. A pattern without back-references takes time in proportion to
// the text's length times the pattern's, whatever the two are.

#ifndef REGEX_H
#define REGEX_H

typedef int regoff_t;

typedef struct {
    unsigned re_nsub;               // groups in the pattern
    struct regprog *re_prog;
} regex_t;

typedef struct {
    regoff_t rm_so, rm_eo;          // from the text's start; -1: no match
} regmatch_t;

// For regcomp.
#define REG_EXTENDED 1
#define REG_ICASE    2
#define REG_NOSUB    4              // pmatch will not be asked for
#define REG_NEWLINE  8              // ^ and $ at each line, . not over lines

// For regexec. REG_STARTEND: the text is string[0 .. pmatch[0].rm_eo), may
// hold NULs, and the search begins at pmatch[0].rm_so; what stands before
// that is looked at by ^, \b and \< only.
#define REG_NOTBOL   1
#define REG_NOTEOL   2
#define REG_STARTEND 4

#define REG_NOMATCH  1
#define REG_BADPAT   2
#define REG_ECOLLATE 3
#define REG_ECTYPE   4
#define REG_EESCAPE  5
#define REG_ESUBREG  6
#define REG_EBRACK   7
#define REG_EPAREN   8
#define REG_EBRACE   9
#define REG_BADBR    10
#define REG_ERANGE   11
#define REG_ESPACE   12
#define REG_BADRPT   13

#define RE_DUP_MAX   255            // the largest number in {m,n}

int regcomp(regex_t *re, const char *pattern, int flags);
int regexec(const regex_t *re, const char *string, unsigned long nmatch,
            regmatch_t *pmatch, int flags);
unsigned long regerror(int code, const regex_t *re, char *buf,
                       unsigned long size);
void regfree(regex_t *re);

#endif
