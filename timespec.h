// timespec.h: a moment, for the kernel and for <time.h>.

#pragma once

struct timespec {
    unsigned int sec, nsec;         // UTC since 1970
};
