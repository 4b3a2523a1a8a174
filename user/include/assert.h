// assert.h: what must be true; else a message and abort(). Included again
// after another #define of NDEBUG, it changes.

void __assertfailed(const char *text, const char *file, int line,
                    const char *function) __attribute__((noreturn));

#undef assert
#ifdef NDEBUG
#define assert(claim) ((void)0)
#else
#define assert(claim) \
    ((claim) ? (void)0 : __assertfailed(#claim, __FILE__, __LINE__, __func__))
#endif

#undef static_assert
#define static_assert _Static_assert
