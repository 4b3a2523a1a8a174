// rtc.h: the battery clock, taken to run in UTC.

#pragma once

#include "types.h"

void rtc_init(void);            // before the first tick; polls for some ms
uint rtc_seconds(void);         // since 1970
