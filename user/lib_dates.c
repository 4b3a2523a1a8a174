// lib_dates.c: dates that people write.
//
// Each field is read by its digits, put into a struct tm, and checked by
// looking whether mktime() had to put it in order.

#include "dates.h"

// Reads exactly n digits; -1: there are not so many.
static int
field(const char **s, int n)
{
    int value = 0;

    for (; n > 0; n--, (*s)++) {
        if (!isdigit((uchar)**s))
            return -1;
        value = value * 10 + **s - '0';
    }
    return value;
}

static int
finish(struct tm *tm, time_t *t)
{
    struct tm given = *tm;

    if (given.tm_year < 70 || (*t = mktime(tm)) == (time_t)-1)
        return -1;
    return given.tm_mon == tm->tm_mon && given.tm_mday == tm->tm_mday &&
        given.tm_hour == tm->tm_hour && given.tm_min == tm->tm_min &&
        given.tm_sec == tm->tm_sec ? 0 : -1;
}

static int
seconds(const char *s, time_t *t)
{
    char *end;

    errno = 0;
    *t = strtol(s, &end, 10);
    return isdigit((uchar)*s) && *end == 0 && errno == 0 ? 0 : -1;
}

// HH:MM[:SS]
static int
clocktime(const char **s, struct tm *tm)
{
    tm->tm_sec = 0;
    tm->tm_hour = field(s, 2);
    if (*(*s)++ != ':')
        return -1;
    tm->tm_min = field(s, 2);
    if (**s == ':') {
        (*s)++;
        tm->tm_sec = field(s, 2);
    }
    return 0;
}

int
parsedate(const char *s, time_t *t)
{
    struct tm tm;

    if (*s == '@')
        return seconds(s + 1, t);
    *t = time(0);
    if (strcmp(s, "now") == 0)
        return 0;
    tm = *localtime(t);
    if (strlen(s) >= 10 && s[4] == '-' && s[7] == '-') {
        tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
        tm.tm_year = field(&s, 4) - 1900;
        s++;
        tm.tm_mon = field(&s, 2) - 1;
        s++;
        tm.tm_mday = field(&s, 2);
        if (*s == 0)
            return finish(&tm, t);
        if (*s != ' ' && *s != 'T')
            return -1;
        s++;
    }
    if (clocktime(&s, &tm) < 0 || *s)
        return -1;
    return finish(&tm, t);
}

int
parsestamp(const char *s, time_t *t)
{
    const char *dot = strchr(s, '.');
    uint n = dot ? (uint)(dot - s) : strlen(s);
    struct tm tm;
    int century, year;

    *t = time(0);
    tm = *localtime(t);
    if (n == 12) {
        century = field(&s, 2);
        tm.tm_year = century * 100 + field(&s, 2) - 1900;
    } else if (n == 10) {
        year = field(&s, 2);
        tm.tm_year = year < 69 ? year + 100 : year;
    } else if (n != 8) {
        return -1;
    }
    tm.tm_mon = field(&s, 2) - 1;
    tm.tm_mday = field(&s, 2);
    tm.tm_hour = field(&s, 2);
    tm.tm_min = field(&s, 2);
    tm.tm_sec = 0;
    if (dot && s == dot) {
        s++;
        tm.tm_sec = field(&s, 2);
    }
    return *s ? -1 : finish(&tm, t);
}
