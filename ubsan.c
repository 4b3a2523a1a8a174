// ubsan.c: what `make SANITIZE=1` calls when code does something undefined.
//
// The compiler puts a check before every operation that C leaves undefined
// for some operands, and a call of one of these functions where the check
// fails. The first argument describes the place; all descriptions but one
// begin with file and line, and we need no more. In the kernel that is a
// panic; in a program, for which this file is compiled again with -DPROGRAM,
// a line on descriptor 2 and the end. clang before 20 passes the arguments of
// such calls on the stack whatever -mregparm says.

#ifdef SANITIZE
#ifdef PROGRAM
#include "user/user.h"
#define undefined(...) (dprintf(2, __VA_ARGS__), abort())
#else
#include "print.h"
#define undefined(...) panic(__VA_ARGS__)
#endif

struct place {                      // as the compiler lays it out
    const char *file;
    int line, column;
};

#if defined(__clang__) && __clang_major__ < 20
#define HOWCALLED __attribute__((noreturn, regparm(0)))
#else
#define HOWCALLED __attribute__((noreturn))
#endif

#define HANDLER(name, what) \
    void __ubsan_handle_##name(const struct place *) HOWCALLED; \
    void \
    __ubsan_handle_##name(const struct place *at) \
    { \
        undefined("%s:%d: undefined: %s\n", at->file, at->line, what); \
    }

HANDLER(add_overflow_abort, "signed sum overflows")
HANDLER(sub_overflow_abort, "signed difference overflows")
HANDLER(mul_overflow_abort, "signed product overflows")
HANDLER(negate_overflow_abort, "negation overflows")
HANDLER(divrem_overflow_abort, "division by zero or overflow")
HANDLER(shift_out_of_bounds_abort, "shift too far, or of a negative")
HANDLER(out_of_bounds_abort, "index beyond the array")
HANDLER(pointer_overflow_abort, "pointer arithmetic wraps around")
HANDLER(type_mismatch_v1_abort, "null, misaligned or too small an object")
HANDLER(load_invalid_value_abort, "value outside its type")
HANDLER(vla_bound_not_positive_abort, "array of no or negative size")
HANDLER(nonnull_arg_abort, "null argument")
HANDLER(invalid_builtin_abort, "count of bits in zero")
HANDLER(builtin_unreachable, "unreachable code reached")
HANDLER(missing_return, "end of a function that returns a value")
#endif
