// lib_strftime.c: dates as text, in the C locale. Two letters may be made
// of others ("%D" is "%m/%d/%y"), so the formatter calls itself.

#include "user.h"

struct text {
    char *buf;
    size_t n, cap;                  // n counts on when cap is reached
};

static const char *const days[7] = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
    "Saturday"
};
static const char *const months[12] = {
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December"
};

static void expand(struct text *t, const char *fmt, const struct tm *tm);

static void
add(struct text *t, const char *s, size_t n)
{
    size_t room = t->n < t->cap ? t->cap - t->n : 0;

    memcpy(t->buf + (room ? t->n : 0), s, n < room ? n : room);
    t->n += n;
}

static void
addnumber(struct text *t, const char *fmt, long long v)
{
    char digits[32];

    snprintf(digits, sizeof(digits), fmt, v);
    add(t, digits, strlen(digits));
}

// One of n names, its first `most` letters.
static void
addname(struct text *t, const char *const *names, int n, int i, size_t most)
{
    const char *s = i >= 0 && i < n ? names[i] : "?";

    add(t, s, strnlen(s, most));
}

static int
weeksin(const struct tm *tm, long long year)
{
    // The weekday of January 1st, from the day at hand; 0 is Sunday.
    int first = ((tm->tm_wday - tm->tm_yday) % 7 + 7) % 7;
    int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return first == 4 || (first == 3 && leap) ? 53 : 52;
}

// ISO 8601: a week belongs to the year that has its Thursday.
static int
isoweek(const struct tm *tm, long long *year)
{
    int day = (tm->tm_wday + 6) % 7;        // 0: Monday
    int week = (tm->tm_yday - day + 10) / 7;
    struct tm last = *tm;

    *year = tm->tm_year + 1900LL;
    if (week < 1) {
        --*year;
        last.tm_mon = 11;
        last.tm_mday = 31;
        last.tm_year--;
        timegm(&last);
        return weeksin(&last, *year);
    }
    if (week > weeksin(tm, *year)) {
        ++*year;
        return 1;
    }
    return week;
}

static void
addiso(struct text *t, char c, const struct tm *tm)
{
    long long year;
    int week = isoweek(tm, &year);

    if (c == 'V')
        addnumber(t, "%02lld", week);
    else
        addnumber(t, c == 'G' ? "%lld" : "%02lld", c == 'G' ? year :
                  year % 100);
}

static void
addzone(struct text *t, const struct tm *tm)
{
    long minutes = labs(tm->tm_gmtoff) / 60;

    add(t, tm->tm_gmtoff < 0 ? "-" : "+", 1);
    addnumber(t, "%04lld", minutes / 60 * 100 + minutes % 60);
}

static void
addseconds(struct text *t, const struct tm *tm)
{
    struct tm copy = *tm;

    addnumber(t, "%lld", mktime(&copy));
}

// The letters that are one number. 0: none of them.
static int
numeric(struct text *t, char c, const struct tm *tm)
{
    long long year = tm->tm_year + 1900LL;
    int hour = tm->tm_hour % 12;

    switch (c) {
    case 'C': addnumber(t, "%02lld", year / 100); break;
    case 'd': addnumber(t, "%02lld", tm->tm_mday); break;
    case 'e': addnumber(t, "%2lld", tm->tm_mday); break;
    case 'H': addnumber(t, "%02lld", tm->tm_hour); break;
    case 'I': addnumber(t, "%02lld", hour ? hour : 12); break;
    case 'k': addnumber(t, "%2lld", tm->tm_hour); break;
    case 'l': addnumber(t, "%2lld", hour ? hour : 12); break;
    case 'j': addnumber(t, "%03lld", tm->tm_yday + 1); break;
    case 'm': addnumber(t, "%02lld", tm->tm_mon + 1); break;
    case 'M': addnumber(t, "%02lld", tm->tm_min); break;
    case 'S': addnumber(t, "%02lld", tm->tm_sec); break;
    case 'u': addnumber(t, "%lld", tm->tm_wday ? tm->tm_wday : 7); break;
    case 'U': addnumber(t, "%02lld", (tm->tm_yday + 7 - tm->tm_wday) / 7);
              break;
    case 'w': addnumber(t, "%lld", tm->tm_wday); break;
    case 'W': addnumber(t, "%02lld",
                        (tm->tm_yday + 7 - (tm->tm_wday + 6) % 7) / 7);
              break;
    case 'y': addnumber(t, "%02lld", year % 100); break;
    case 'Y': addnumber(t, "%lld", year); break;
    default:  return 0;
    }
    return 1;
}

static void
convert(struct text *t, char c, const struct tm *tm)
{
    switch (c) {
    case 'a': addname(t, days, 7, tm->tm_wday, 3); break;
    case 'A': addname(t, days, 7, tm->tm_wday, 9); break;
    case 'b': case 'h': addname(t, months, 12, tm->tm_mon, 3); break;
    case 'B': addname(t, months, 12, tm->tm_mon, 9); break;
    case 'c': expand(t, "%a %b %e %H:%M:%S %Y", tm); break;
    case 'D': case 'x': expand(t, "%m/%d/%y", tm); break;
    case 'F': expand(t, "%Y-%m-%d", tm); break;
    case 'G': case 'g': case 'V': addiso(t, c, tm); break;
    case 'n': add(t, "\n", 1); break;
    case 'p': add(t, tm->tm_hour < 12 ? "AM" : "PM", 2); break;
    case 'P': add(t, tm->tm_hour < 12 ? "am" : "pm", 2); break;
    case 'r': expand(t, "%I:%M:%S %p", tm); break;
    case 'R': expand(t, "%H:%M", tm); break;
    case 's': addseconds(t, tm); break;
    case 't': add(t, "\t", 1); break;
    case 'T': case 'X': expand(t, "%H:%M:%S", tm); break;
    case 'z': addzone(t, tm); break;
    case 'Z': add(t, tm->tm_zone, tm->tm_zone ? strlen(tm->tm_zone) : 0);
              break;
    case '%': add(t, "%", 1); break;
    default:
        if (!numeric(t, c, tm)) {
            add(t, "%", 1);
            add(t, &c, 1);
        }
    }
}

static void
expand(struct text *t, const char *fmt, const struct tm *tm)
{
    size_t plain;

    while (*fmt) {
        plain = strcspn(fmt, "%");
        add(t, fmt, plain);
        fmt += plain;
        if (*fmt == 0 || *++fmt == 0)
            return;
        if ((*fmt == 'E' || *fmt == 'O') && fmt[1])
            fmt++;
        convert(t, *fmt++, tm);
    }
}

size_t
strftime(char *buf, size_t n, const char *fmt, const struct tm *tm)
{
    struct text t = { buf, 0, n };

    expand(&t, fmt, tm);
    if (t.n >= n)
        return 0;
    buf[t.n] = 0;
    return t.n;
}
