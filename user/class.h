// class.h: classes of characters by their names, as in [[:alpha:]];
// lib_class.c.

#pragma once

#include <ctype.h>

typedef int classfn(int c);         // isalpha() and so on

// The class whose name is the n bytes at name; 0 if there is none.
classfn *charclass(const char *name, unsigned int n);
