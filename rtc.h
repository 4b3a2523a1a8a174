// rtc.h: the battery clock, taken to run in UTC.

#pragma once

#include "types.h"

uint rtc_seconds(void);         // since 1970; polls up to some ms; boot time
