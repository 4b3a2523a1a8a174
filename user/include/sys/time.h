// sys/time.h: the time in microseconds.

#pragma once

#include <time.h>

#define tv_usec usec

struct timeval {
    time_t      tv_sec;
    suseconds_t tv_usec;
};

int gettimeofday(struct timeval *tv, void *zone);
