// lib_clock.c: what time it is, and waiting.

#include <sys/time.h>

#include "user.h"

#define USPERTICK (1000000 / HZ)
#define NSPERTICK (1000000000 / HZ)

time_t
time(time_t *t)
{
    struct timespec now;

    gettime(&now);
    if (t)
        *t = now.sec;
    return now.sec;
}

clock_t
clock(void)
{
    struct procinfo me;

    return myself(&me) < 0 ? -1 : (clock_t)(me.ticks * USPERTICK);
}

double
difftime(time_t a, time_t b)
{
    return (double)a - b;
}

int
clock_gettime(clockid_t which, struct timespec *ts)
{
    uint now;

    if (which == CLOCK_REALTIME)
        return gettime(ts);
    if (which != CLOCK_MONOTONIC) {
        errno = EINVAL;
        return -1;
    }
    now = uptime();
    ts->sec = now / HZ;
    ts->nsec = now % HZ * NSPERTICK;
    return 0;
}

int
timespec_get(struct timespec *ts, int base)
{
    return base == TIME_UTC && gettime(ts) == 0 ? base : 0;
}

int
gettimeofday(struct timeval *tv, void *zone)
{
    struct timespec now;

    (void)zone;
    if (gettime(&now) < 0)
        return -1;
    tv->tv_sec = now.sec;
    tv->tv_usec = now.nsec / 1000;
    return 0;
}

// Waits no less than asked for: in whole ticks, the one that runs now not
// counted.
static int
waitticks(uint ticks)
{
    return ticks == 0 ? 0 : sleep(ticks < INT_MAX ? ticks + 1 : INT_MAX);
}

int
usleep(unsigned int us)
{
    return waitticks(us / USPERTICK + (us % USPERTICK > 0));
}

int
nanosleep(const struct timespec *want, struct timespec *left)
{
    uint ticks = (want->nsec + NSPERTICK - 1) / NSPERTICK;

    if (want->nsec >= 1000000000) {
        errno = EINVAL;
        return -1;
    }
    if (left)
        left->sec = left->nsec = 0;
    ticks += want->sec < INT_MAX / HZ - 1 ? want->sec * HZ : INT_MAX - HZ;
    return waitticks(ticks);
}
