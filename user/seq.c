// seq.c: counts.
//
// Numbers may have a decimal point: all are kept as whole numbers of the
// smallest unit that any of them has, so that nothing is ever rounded.

#include "input.h"

const char help[] =
    "seq [-w] [-s text] [first [step]] last\n"
    "Write the numbers from first (1) to last by step (1).\n"
    "  -s TEXT  between the numbers, not a newline\n"
    "  -w       all of one width, with zeroes in front";

#define MAXDECIMALS 9
#define MAXDIGITS   18              // of a number in its smallest unit

typedef long long llong;

struct decimal {
    llong value;
    int   decimals;                 // digits behind the point
};

static const char *between = "\n";
static int width;                   // 0: as wide as each is

// Digits behind the point beyond `most` are cut off; *rest says whether
// there were any.
static struct decimal
parse(const char *text, int most, int *rest)
{
    struct decimal d = { 0, 0 };
    const char *s = text + (*text == '-' || *text == '+');
    int digits = 0, point = 0;

    if (!isdigit(*s) && !(*s == '.' && isdigit(s[1])))
        errx(1, "%s: not a number", text);
    for (; isdigit(*s) || (*s == '.' && !point); s++) {
        if (*s == '.') {
            point = 1;
        } else if (d.decimals < most || !point) {
            d.value = d.value * 10 + *s - '0';
            d.decimals += point;
            digits += d.value > 0;
        } else {
            *rest |= *s != '0';
        }
        if (digits - d.decimals > MAXDIGITS - MAXDECIMALS)
            errx(1, "%s: too large a number", text);
    }
    if (*s)
        errx(1, "%s: not a number", text);
    if (*text == '-')
        d.value = -d.value;
    return d;
}

static void
scale(struct decimal *d, int decimals)
{
    for (; d->decimals < decimals; d->decimals++)
        d->value *= 10;
}

// Writes v with its point into buf; returns its length.
static int
format(char *buf, uint size, llong v, int decimals)
{
    char digits[24];
    int n, whole, zeroes;

    n = snprintf(digits, sizeof(digits), "%0*lld", decimals + 1,
                 v < 0 ? -v : v);
    whole = n - decimals;
    zeroes = width - n - (decimals > 0) - (v < 0);
    return snprintf(buf, size, "%s%.*s%.*s%s%s", v < 0 ? "-" : "",
                    zeroes > 0 ? zeroes : 0, "000000000000000000000000",
                    whole, digits, decimals ? "." : "", digits + whole);
}

static void
count(llong first, llong step, llong last, int decimals)
{
    const char *gap = "";
    char buf[64];
    llong v;

    for (v = first; step > 0 ? v <= last : v >= last; v += step) {
        output(gap, strlen(gap));
        output(buf, format(buf, sizeof(buf), v, decimals));
        gap = between;
    }
    if (*gap)
        output("\n", 1);
}

static int
larger(int a, int b)
{
    return a > b ? a : b;
}

// Options end where a number begins, even a negative one.
static int
options(int argc, char **argv)
{
    int c, equal = 0;

    while (optind < argc && !(argv[optind][0] == '-' &&
           (isdigit(argv[optind][1]) || argv[optind][1] == '.'))) {
        if ((c = getopt(argc, argv, "+s:w")) == -1)
            break;
        switch (c) {
        case 's': between = optarg; break;
        case 'w': equal = 1; break;
        default:  usage(0);
        }
    }
    return equal;
}

static struct decimal
parseexact(const char *text)
{
    int rest = 0;
    struct decimal d = parse(text, MAXDECIMALS, &rest);

    if (rest)
        errx(1, "%s: more than %d decimals", text, MAXDECIMALS);
    return d;
}

// The last number in units of the others: cut off on the side of the first.
static struct decimal
parselast(const char *text, int decimals, int down)
{
    int rest = 0;
    struct decimal d = parse(text, decimals, &rest);

    scale(&d, decimals);
    if (rest && (*text == '-') != down)
        d.value += down ? 1 : -1;
    return d;
}

int
main(int argc, char **argv)
{
    struct decimal first = { 1, 0 }, step = { 1, 0 }, last;
    int equal = options(argc, argv), n = argc - optind, decimals;
    char buf[64];

    if (n < 1 || n > 3)
        usage(0);
    if (n > 1)
        first = parseexact(argv[optind]);
    if (n > 2)
        step = parseexact(argv[optind + 1]);
    if (step.value == 0)
        errx(1, "%s: the step must not be zero", argv[optind + 1]);
    decimals = larger(first.decimals, step.decimals);
    scale(&first, decimals);
    scale(&step, decimals);
    last = parselast(argv[argc - 1], decimals, step.value < 0);
    if (equal)
        width = larger(format(buf, sizeof(buf), first.value, decimals),
                       format(buf, sizeof(buf), last.value, decimals));
    count(first.value, step.value, last.value, decimals);
    return finish(0);
}
