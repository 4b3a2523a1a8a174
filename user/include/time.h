// time.h: dates. A time is the seconds since 1970 in UTC.
//
// Local time is UTC unless $TZ says "NAME[+-]hours[:minutes]": fixed, west
// of Greenwich positive, as in POSIX; a summer time in it is passed over.

#pragma once

#include <sys/types.h>
#include "../../timespec.h"

#define tv_sec  sec                 // the kernel's names, and POSIX's
#define tv_nsec nsec

#define CLOCKS_PER_SEC  1000000L
#define CLOCK_REALTIME  0
#define CLOCK_MONOTONIC 1           // to a hundredth of a second
#define TIME_UTC        1

typedef int clockid_t;

struct tm {
    int tm_sec, tm_min, tm_hour;
    int tm_mday, tm_mon, tm_year;   // 1..31, 0..11, since 1900
    int tm_wday, tm_yday;           // 0..6 from Sunday, 0..365
    int tm_isdst;
    long tm_gmtoff;                 // seconds east of Greenwich
    const char *tm_zone;
};

extern char *tzname[2];
extern long timezone;               // seconds west of Greenwich
extern int daylight;
void tzset(void);

time_t time(time_t *t);
clock_t clock(void);
double difftime(time_t a, time_t b);
int    clock_gettime(clockid_t clock, struct timespec *ts);
int    timespec_get(struct timespec *ts, int base);
int    nanosleep(const struct timespec *want, struct timespec *left);

struct tm *gmtime(const time_t *t);
struct tm *gmtime_r(const time_t *t, struct tm *tm);
struct tm *localtime(const time_t *t);
struct tm *localtime_r(const time_t *t, struct tm *tm);
time_t mktime(struct tm *tm);       // both put the fields in order
time_t timegm(struct tm *tm);
char  *asctime(const struct tm *tm);
char  *asctime_r(const struct tm *tm, char *buf);
char  *ctime(const time_t *t);
char  *ctime_r(const time_t *t, char *buf);
size_t strftime(char *buf, size_t n, const char *fmt, const struct tm *tm);
