// lib_time.c: times as dates, in the calendar that has always been the
// Gregorian one, and back.

#include "user.h"

#define DAY     86400
#define MAXFIELD (24 * 7)           // of $TZ: a week of hours, as in POSIX
#define DATELEN 26                  // "Thu Jan  1 00:00:00 1970\n"

static char utc[] = "UTC";
static char zone[16] = "UTC";

char *tzname[2] = { zone, zone };
long timezone;
int daylight;

// Rounds down, below 0 too.
static long long
floordiv(long long n, int by)
{
    return n / by - (n % by < 0);
}

static int
isleap(long long year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// Days from 1970 to the first of a month, 0 to 11.
static long long
daysto(long long year, int month)
{
    static const short before[] = {
        0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
    };
    const long long to1970 = 1969 * 365 + 1969 / 4 - 1969 / 100 + 1969 / 400;
    long long y = year - 1;

    return y * 365 + floordiv(y, 4) - floordiv(y, 100) + floordiv(y, 400) -
        to1970 + before[month] + (month > 1 && isleap(year));
}

// Fills in tm for so many seconds since 1970.
static void
breakup(long long t, struct tm *tm)
{
    long long days = floordiv(t, DAY), year = 1970 + days / 366;
    int rest = t - days * DAY, month = 11;

    while (daysto(year, 0) > days)
        year--;
    while (daysto(year + 1, 0) <= days)
        year++;
    while (daysto(year, month) > days)
        month--;
    tm->tm_year = year - 1900;
    tm->tm_mon = month;
    tm->tm_mday = days - daysto(year, month) + 1;
    tm->tm_hour = rest / 3600;
    tm->tm_min = rest / 60 % 60;
    tm->tm_sec = rest % 60;
    tm->tm_yday = days - daysto(year, 0);
    tm->tm_wday = (days % 7 + 11) % 7;      // 1970 began on a Thursday
    tm->tm_isdst = 0;
}

// The fields may be out of their ranges, but for the sum.
static long long
sumup(const struct tm *tm)
{
    long long year = tm->tm_year + 1900LL + floordiv(tm->tm_mon, 12);
    int month = tm->tm_mon - floordiv(tm->tm_mon, 12) * 12;

    return (daysto(year, month) + tm->tm_mday - 1) * DAY +
        tm->tm_hour * 3600LL + tm->tm_min * 60LL + tm->tm_sec;
}

struct tm *
gmtime_r(const time_t *t, struct tm *tm)
{
    breakup(*t, tm);
    tm->tm_gmtoff = 0;
    tm->tm_zone = utc;
    return tm;
}

struct tm *
gmtime(const time_t *t)
{
    static struct tm tm;

    return gmtime_r(t, &tm);
}

struct tm *
localtime_r(const time_t *t, struct tm *tm)
{
    tzset();
    breakup((long long)*t - timezone, tm);
    tm->tm_gmtoff = -timezone;
    tm->tm_zone = zone;
    return tm;
}

struct tm *
localtime(const time_t *t)
{
    static struct tm tm;

    return localtime_r(t, &tm);
}

// What makes a time_t, and its fields put in order.
static time_t
settle(struct tm *tm, long long t, struct tm *(*fill)(const time_t *,
                                                      struct tm *))
{
    time_t result = t;

    if (result != t) {
        errno = EOVERFLOW;
        return -1;
    }
    fill(&result, tm);
    return result;
}

time_t
timegm(struct tm *tm)
{
    return settle(tm, sumup(tm), gmtime_r);
}

time_t
mktime(struct tm *tm)
{
    tzset();
    return settle(tm, sumup(tm) + timezone, localtime_r);
}

// [+-]hours[:minutes[:seconds]], in seconds; 0 if one of them cannot be.
static long
offset(const char *s)
{
    long sum = 0, unit = 3600, minus = *s == '-', n;
    char *end;

    if (*s == '-' || *s == '+')
        s++;
    for (; unit > 0 && isdigit(*s); unit /= 60, s = end + 1) {
        if ((n = strtol(s, &end, 10)) > MAXFIELD)
            return 0;
        sum += n * unit;
        if (*end != ':')
            break;
    }
    return minus ? -sum : sum;
}

void
tzset(void)
{
    const char *tz = getenv("TZ"), *s = tz ? tz : "";
    size_t n = *s == '<' ? strcspn(s, ">") : strcspn(s, "+-0123456789");
    const char *name = *s == '<' ? s + 1 : s;

    strlcpy(zone, utc, sizeof(zone));
    timezone = 0;
    if (n < 3 || s[n] == 0)
        return;
    if ((size_t)(s + n - name) < sizeof(zone))
        strlcpy(zone, name, s + n - name + 1);
    timezone = offset(s + n + (*s == '<'));
}

// A year of five digits has no room: then the text is empty.
char *
asctime_r(const struct tm *tm, char *buf)
{
    if (strftime(buf, DATELEN, "%a %b %e %H:%M:%S %Y\n", tm) == 0)
        buf[0] = 0;
    return buf;
}

char *
asctime(const struct tm *tm)
{
    static char buf[DATELEN];

    return asctime_r(tm, buf);
}

char *
ctime_r(const time_t *t, char *buf)
{
    struct tm tm;

    return asctime_r(localtime_r(t, &tm), buf);
}

char *
ctime(const time_t *t)
{
    return asctime(localtime(t));
}
