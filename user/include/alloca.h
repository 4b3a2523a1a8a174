// alloca.h: memory that goes when the function returns. Unchecked: of more
// than the stack has left the program dies.

#pragma once

#define alloca(n) __builtin_alloca(n)
