// bootarg.h: the boot arguments, one line of name=value words. A value may
// stand in double quotes, inside which \" and \\ stand for " and \.

#pragma once

#include "types.h"

void bootarg_init(const char *line);    // keeps a copy
// The value of name, of two the first: its length, or -1 when absent. Copies
// up to n - 1 bytes and a NUL.
int  bootarg(const char *name, char *buf, int n);
// The same as a decimal number, "on" and "off" being 1 and 0; def when absent
// or malformed.
int  bootarg_int(const char *name, int def);
// Say which words no one asked for. Called once, at the end of start-up.
void bootarg_report(void);
