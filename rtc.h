// rtc.h: the battery clock, taken to run in UTC.

#pragma once

#include "types.h"

void rtc_init(void);            // polls up to some ms; boot time
uint rtc_seconds(void);         // since 1970
