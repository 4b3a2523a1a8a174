// dates.h: dates that people write; lib_dates.c.

#pragma once

#include "user.h"

// Understands @SECONDS, now, YYYY-MM-DD, HH:MM[:SS], and a day and a time with
// a blank or a T between them; local time. 0, or -1: none of these.
int parsedate(const char *s, time_t *t);
// [[CC]YY]MMDDhhmm[.ss], as POSIX has it for touch -t.
int parsestamp(const char *s, time_t *t);
