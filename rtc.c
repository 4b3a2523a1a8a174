// rtc.c: the battery-backed clock (MC146818), which the PC's firmware sets up
// for binary-coded decimals and 24 hours.
//
// The clock changes its registers once a second, and a reader may meet it in
// the middle. When it says that no update is under way, none begins within
// the next 244 microseconds: time enough to read all.

#include "param.h"
#include "x86.h"
#include "rtc.h"
#include "sched.h"

#define INDEX     0x70              // bit 7 would hold NMIs back
#define DATA      0x71

enum { SECOND = 0, MINUTE = 2, HOUR = 4, DAY = 7, MONTH = 8, YEAR = 9 };
#define STATUSA   0x0a
#define A_UPDATE  0x80
#define FIRSTYEAR 1970              // two digits: 1970 to 2069

#define MAXPOLL   20000             // an update takes 2 ms

static uint start;                  // UTC when ticks was 0

static uint
cmos_read(uint reg)
{
    outb(INDEX, reg);
    return inb(DATA);
}

static uint
decimal(uint reg)
{
    uint v = cmos_read(reg);

    return (v >> 4) * 10 + (v & 0xf);
}

// Days since 1 January 1970. March is taken for the first month, so that the
// leap day is a year's last.
static uint
days_of(uint year, uint month, uint day)
{
    if (month <= 2) {
        year--;
        month += 12;
    }
    return year * 365 + year / 4 - year / 100 + year / 400 +
           (month * 153 - 457) / 5 + day - 719469;
}

void
rtc_init(void)
{
    uint year, days;
    int i;

    for (i = 0; i < MAXPOLL && (cmos_read(STATUSA) & A_UPDATE); i++)
        relax();
    year = decimal(YEAR);
    year += year < FIRSTYEAR % 100 ? 2000 : 1900;
    days = days_of(year, decimal(MONTH), decimal(DAY));
    start = ((days * 24 + decimal(HOUR)) * 60 + decimal(MINUTE)) * 60 +
            decimal(SECOND);
}

uint
rtc_seconds(void)
{
    return start + ticks / HZ;
}
