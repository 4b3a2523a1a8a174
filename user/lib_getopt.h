// lib_getopt.h: what getopt() and getopt_long() share, lib_getopt.c.

#pragma once

#include "user.h"

// The next word that has options; 0 if there is none. It is argv[optind +
// __optpassed]: the words between are operands.
char *__optword(int argc, char *const argv[], const char *opts);
extern int __optpassed;
// That word and n - 1 behind it are done with: they go before the operands.
void __opttake(char *const argv[], int n);
// What --help does.
void __tellhelp(void) NORETURN;
