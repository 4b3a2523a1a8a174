// grep.h: what grep's two parts share.

#pragma once

#include "input.h"
#include "paths.h"

// How patterns are meant; set before the first addpatterns().
extern int extended, fixed, icase, wholewords, wholelines;

// Adds the patterns in text, one in a line. Errors end the program.
void addpatterns(const char *text, uint n);

// The leftmost of the longest matches in line[from .. n): 1, and where it
// is; 0 if there is none.
int  findmatch(const char *line, uint n, uint from, uint *begin, uint *end);
