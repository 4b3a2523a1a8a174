// utx_libc.c: the library's answers to random questions, as one sum for each
// group of functions. It is plain C and POSIX, without user.h: compiled on
// another system it must print the same, which tests/62-libc.t looks at.
//
//     utx_libc [-v] [group...]      -v: print the answers themselves, too

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 4000

static uint32_t state;
static uint64_t sum;
static int verbose;

static uint32_t
chance(uint32_t n)
{
    state = state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(state >> 4 ^ state >> 18) % n);
}

static void
answer(const char *s)
{
    const char *p;

    if (verbose)
        printf("    %s\n", s);
    for (p = s; *p; p++)
        sum = (sum ^ (unsigned char)*p) * 1099511628211ull;
    sum = (sum ^ '\n') * 1099511628211ull;
}

static void
answernumber(long long n)
{
    char text[32];

    snprintf(text, sizeof(text), "%lld", n);
    answer(text);
}

static int
sign(int n)
{
    return (n > 0) - (n < 0);
}

// A number of any size, often near a power of two.
static uint64_t
somenumber(void)
{
    uint64_t n = chance(1u << 28);

    n = n << 28 | chance(1u << 28);
    n = n << 8 | chance(256);
    n >>= chance(64);
    if (chance(8) == 0) {
        n = 1ull << chance(64);
        n += chance(3) - 1;
    }
    return chance(4) ? n : -n;
}

// Letters from a short set, so that they match now and then.
static void
sometext(char *s, uint32_t most, const char *set)
{
    uint32_t n = chance(most), len = strlen(set), i;

    for (i = 0; i < n; i++)
        s[i] = set[chance(len)];
    s[n] = 0;
}

// "%" with flags, a width and a precision that mean something to conv.
static char *
spec(char *f, const char *flags, int precision, const char *size, char conv)
{
    *f++ = '%';
    for (; *flags; flags++)
        if (chance(4) == 0)
            *f++ = *flags;
    if (chance(2))
        f += snprintf(f, 8, "%u", chance(40) + 1);
    if (precision && chance(2))
        f += snprintf(f, 8, chance(9) ? ".%u" : ".", chance(30));
    f += snprintf(f, 4, "%s", size);
    *f++ = conv;
    *f = 0;
    return f;
}

static void
printf_integers(void)
{
    static const char *const sizes[] = { "", "hh", "h", "ll", "j", "l", "z" };
    static const char convs[] = "diuxXo";
    uint32_t i, size, room, conv;
    char fmt[64], out[200];
    uint64_t v;
    int n;

    for (i = 0; i < ROUNDS; i++) {
        size = chance(7);
        conv = chance(6);
        v = somenumber();
        room = chance(3) ? sizeof(out) : chance(20);
        memset(out, '~', sizeof(out) - 1);
        out[sizeof(out) - 1] = 0;
        spec(fmt, conv < 2 ? "-0+ " : conv > 2 ? "-0#" : "-0", 1, sizes[size],
             convs[conv]);
        if (size == 3 || size == 4)
            n = snprintf(out, room, fmt, v);
        else if (size == 5 || size == 6)
            n = snprintf(out, room, fmt, (long)(int)(v & INT_MAX));
        else
            n = snprintf(out, room, fmt, (int)v);
        answer(fmt);
        answer(out);
        answernumber(n);
    }
}

static void
printf_strings(void)
{
    char fmt[64], more[64], text[64], out[300];
    int c, n, v, width, prec;
    uint32_t i;

    for (i = 0; i < ROUNDS; i++) {
        sometext(text, sizeof(text), "abc xyz%");
        spec(fmt, "-", 1, "", 's');
        spec(more, "-", 0, "", 'c');
        strcat(fmt, "|%%|");
        strcat(fmt, more);
        strcat(fmt, "|%*d|%.*s.");
        width = (int)chance(40) - 20;
        prec = (int)chance(30) - 5;
        c = 'a' + (int)chance(26);
        v = chance(1000);
        n = snprintf(out, sizeof(out), fmt, text, c, width, v, prec, text);
        answer(out);
        answernumber(n);
    }
}

static void
scanf_items(void)
{
    char text[80], word[80], set[80], one[8];
    int a, b, at, n, i;
    unsigned u;
    short h;
    long long big;

    for (i = 0; i < ROUNDS; i++) {
        a = b = at = h = 0;
        u = 0;
        big = 0;
        memset(word, 0, sizeof(word));
        memset(set, 0, sizeof(set));
        memset(one, 0, sizeof(one));
        a = (int)somenumber();
        u = chance(70000);
        if (chance(2))
            snprintf(text, sizeof(text), "%d %x", a, u);
        else
            snprintf(text, sizeof(text), " %d,%#x", a, u);
        n = sscanf(text, "%d%*[ ,]%x%n", &a, &u, &at);
        snprintf(word, sizeof(word), "%d: %d %u %d", n, a, u, at);
        answer(word);
        sometext(text, 50, "12 0-a,ab]f 7\t");
        n = sscanf(text, "%i %3d%n", &a, &b, &at);
        snprintf(word, sizeof(word), "%d: %d %d %d", n, a, b, at);
        answer(word);
        n = sscanf(text, "%5s%[^]f]%c", word, set, one);
        answernumber(n);
        answer(n > 0 ? word : "");
        answer(n > 1 ? set : "");
        answer(n > 2 ? one : "");
        n = sscanf(text, "%[0-9 a-b],%hd,%lld%o", set, &h, &big, &u);
        answernumber(n);
        answer(n > 0 ? set : "");
        snprintf(word, sizeof(word), "%d %lld %u", n > 1 ? h : 0,
                 n > 2 ? big : 0, n > 3 ? u : 0);
        answer(word);
    }
}

static void
numbers(void)
{
    char text[80], out[80], *end;
    uint32_t i, base;
    long long v;

    for (i = 0; i < ROUNDS; i++) {
        base = chance(3) ? chance(36) + 1 : chance(2) ? 0 : 16;
        if (base == 1)
            base = 10;
        if (chance(2)) {
            v = somenumber();
            snprintf(text, sizeof(text), v & 1 ? "%lld" : " +%#llx.", v);
        } else {
            sometext(text, 30, "0123456789xXaAfFzZ-+ 0");
        }
        errno = 0;
        v = strtoll(text, &end, base);
        snprintf(out, sizeof(out), "%lld %d %d", v, (int)(end - text),
                 errno == ERANGE);
        answer(out);
        errno = 0;
        v = strtoull(text, &end, base);
        snprintf(out, sizeof(out), "%llu %d %d", v, (int)(end - text),
                 errno == ERANGE);
        answer(out);
        if (strlen(text) < 9)
            answernumber(atoi(text) + atol(text) + (int)strtol(text, 0, 0));
    }
}

static void
division(void)
{
    uint64_t a, b;
    long long c, d;
    uint32_t i;

    for (i = 0; i < ROUNDS * 4; i++) {
        a = somenumber();
        b = somenumber();
        if (b == 0)
            b = 1;
        c = a;
        d = b == (uint64_t)-1 ? 3 : (long long)b;
        answernumber(a / b);
        answernumber(a % b);
        answernumber(c / d);
        answernumber(c % d);
        answernumber(lldiv(c, d).rem);
        answernumber(div((int)c, 1 + (int)chance(1000)).quot);
    }
}

struct pair {
    int key, value;
    char pad;
};

static int
bykey(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;

    return x->key < y->key ? -1 : x->key > y->key;
}

static void
sorting(void)
{
    static struct pair p[600];
    struct pair want, *found;
    uint32_t round, i, n, range;

    for (round = 0; round < 100; round++) {
        n = chance(600);
        range = chance(2) ? 10 : 100000;
        for (i = 0; i < n; i++) {
            p[i].key = (int)chance(range) - 5;
            p[i].value = p[i].key * 3;
        }
        qsort(p, n, sizeof(p[0]), bykey);
        for (i = 0; i < n; i++)
            answernumber(p[i].key * 7 + p[i].value);
        for (i = 0; i < 20; i++) {
            want.key = (int)chance(range) - 5;
            found = bsearch(&want, p, n, sizeof(p[0]), bykey);
            answernumber(found ? found->value : -1);
        }
    }
}

static void
offsetof_(const char *base, const char *at)
{
    answernumber(at ? at - base : -1);
}

static void
searching(void)
{
    char a[40], b[10], *word, *rest;
    uint32_t i;

    for (i = 0; i < ROUNDS; i++) {
        sometext(a, sizeof(a), "abAB, \x81");
        sometext(b, 5, "abA,");
        answernumber(strspn(a, b));
        answernumber(strcspn(a, b));
        offsetof_(a, strpbrk(a, b));
        offsetof_(a, strstr(a, b));
        offsetof_(a, strchr(a, *b));
        offsetof_(a, strrchr(a, *b));
        offsetof_(a, memchr(a, 'b', strlen(a)));
        answernumber(strnlen(a, chance(50)));
        answernumber(sign(strcmp(a, b)));
        answernumber(sign(strncmp(a, b, chance(4))));
        answernumber(sign(strcasecmp(a, b)));
        answernumber(sign(strncasecmp(a, b, chance(4))));
        answernumber(sign(memcmp(a, b, strlen(b) + 1)));
        answernumber(sign(strcoll(a, b)));
        for (word = strtok_r(a, ", ", &rest); word;
             word = strtok_r(0, ", ", &rest))
            answer(word);
    }
}

static void
copying(void)
{
    char a[200], b[50], out[60];
    uint32_t i, n, from;

    for (i = 0; i < ROUNDS; i++) {
        memset(a, 'q', sizeof(a) - 1);
        a[sizeof(a) - 1] = 0;
        sometext(a, 50, "klm");
        sometext(b, sizeof(b), "xyz");
        n = chance(40);
        strncat(a, b, n);
        strcat(a, b);
        answer(a);
        from = chance(10);
        memmove(a + chance(10), a + from, n);
        answer(a);
        memset(out, '.', sizeof(out));
        strncpy(out, b, n);
        out[sizeof(out) - 2] = out[sizeof(out) - 1] = 0;
        answer(out);
        answer(out + strlen(out) + 1);
        answernumber(strxfrm(out, b, sizeof(out)));
        answernumber(stpcpy(out, b) - out);
        memset(out, '-', n);
        answer(out);
        answernumber(memccpy(out, b, 'y', strlen(b)) != 0);
    }
}

static void
characters(void)
{
    int (*const kinds[])(int) = {
        isalnum, isalpha, isblank, iscntrl, isdigit, isgraph, islower,
        isprint, ispunct, isspace, isupper, isxdigit
    };
    uint32_t k;
    int c;

    for (c = -1; c < 256; c++) {
        for (k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
            answernumber(kinds[k](c) != 0);
        answernumber(toupper(c));
        answernumber(tolower(c));
    }
}

static void
dates(void)
{
    char out[400];
    struct tm tm;
    time_t t;
    int i;

    for (i = 0; i < ROUNDS; i++) {
        t = (int)(chance(1u << 28) << 4);
        t ^= chance(1u << 28);
        if (chance(4) == 0)
            t = t / 86400 * 86400 + (int)chance(3) - 1;
        gmtime_r(&t, &tm);
        strftime(out, sizeof(out), "%a %A %b %B %c %C %d %D %e %F %g %G %H %I "
                 "%j %m %M %p %r %R %S %T %u %U %V %w %W %x %X %y %Y %% %n%t",
                 &tm);
        answer(out);
        answer(asctime(&tm));
        answernumber(timegm(&tm) == t);
        answernumber(strftime(out, chance(40), "%A, %B", &tm));
        memset(&tm, 0, sizeof(tm));
        tm.tm_year = 70 + chance(60);
        tm.tm_mon = (int)chance(40) - 20;
        tm.tm_mday = (int)chance(100) - 50;
        tm.tm_hour = (int)chance(100) - 50;
        tm.tm_min = (int)chance(1000) - 500;
        tm.tm_sec = (int)chance(100000) - 50000;
        answernumber(timegm(&tm));
        strftime(out, sizeof(out), "%c %j", &tm);
        answer(out);
    }
}

static void
zones(void)
{
    static const char *const zone[] = {
        "UTC0", "EST5", "IST-5:30", "<-03>3", "NST3:30", "XYZ-14"
    };
    char out[80];
    struct tm tm;
    time_t t;
    int i;

    for (i = 0; i < 300; i++) {
        setenv("TZ", zone[i % 6], 1);
        tzset();
        t = (int)chance(1u << 28) * 4;
        localtime_r(&t, &tm);
        strftime(out, sizeof(out), "%c %z %Z", &tm);
        answer(out);
        answer(ctime(&t));
        answernumber(mktime(&tm) == t);
    }
    unsetenv("TZ");
}

// Random reading, writing and seeking in a file that is also buffered.
static void
streams(void)
{
    char buf[5000];
    uint32_t i, n, got;
    FILE *f = fopen("libc.tmp", "w+");

    if (f == 0) {
        answer("no file");
        return;
    }
    for (i = 0; i < ROUNDS / 2; i++) {
        fseek(f, chance(20000), SEEK_SET);
        n = chance(10) ? chance(200) : chance(sizeof(buf));
        switch (chance(7)) {
        case 0: case 1: case 2:
            memset(buf, 'a' + chance(26), n);
            buf[n / 2] = '\n';
            answernumber(fwrite(buf, 1, n, f));
            break;
        case 3:
            memset(buf, 0, sizeof(buf));
            got = fread(buf, 1, n, f);
            buf[n == sizeof(buf) ? n - 1 : n] = 0;
            answernumber(got);
            answer(buf);
            break;
        case 4:
            if (fgets(buf, n + 2, f))
                answer(buf);
            break;
        case 5:
            answernumber(getc(f));
            answernumber(ungetc('U', f));
            answernumber(getc(f));
            fseek(f, 3, SEEK_CUR);
            answernumber(getc(f));
            break;
        default:
            answernumber(fprintf(f, "%*u\n", (int)chance(300), i));
        }
        answernumber(ftell(f));
        answernumber(feof(f) != 0);
    }
    fclose(f);
    remove("libc.tmp");
}

static void
lines(void)
{
    FILE *f = fopen("libc.tmp", "w");
    char *line = 0;
    size_t room = 0;
    uint32_t i;
    int n;

    if (f == 0) {
        answer("no file");
        return;
    }
    for (i = 0; i < 300; i++)
        fprintf(f, "%*u\n", (int)chance(chance(20) ? 100 : 10000), i);
    fputs("the last", f);
    fclose(f);
    f = fopen("libc.tmp", "r");
    while ((n = getline(&line, &room, f)) > 0) {
        answernumber(n);
        answer(line);
    }
    answernumber(feof(f) != 0);
    rewind(f);
    while (fscanf(f, "%d", &n) == 1)
        answernumber(n);
    answernumber(ferror(f));
    fclose(f);
    free(line);
    remove("libc.tmp");
}

static const struct {
    const char *name;
    void (*run)(void);
} groups[] = {
    { "printf_integers", printf_integers },
    { "printf_strings", printf_strings },
    { "scanf_items", scanf_items }, { "numbers", numbers },
    { "division", division }, { "sorting", sorting },
    { "searching", searching }, { "copying", copying },
    { "characters", characters }, { "dates", dates }, { "zones", zones },
    { "streams", streams }, { "lines", lines },
};

static int
wanted(char **names, const char *name)
{
    int i;

    for (i = 0; names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return 1;
    return i == 0;
}

int
main(int argc, char **argv)
{
    uint32_t i;

    verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        if (!wanted(argv + 1 + verbose, groups[i].name))
            continue;
        state = i + 1;
        sum = 14695981039346656037ull;
        groups[i].run();
        printf("%s %llx\n", groups[i].name, (unsigned long long)sum);
    }
    return 0;
}
