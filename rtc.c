// rtc.c: the battery-backed clock (MC146818) and its CMOS memory.
//
// The clock changes its registers once a second, and a reader may meet it in
// the middle. So: wait until no update is under way, read all, read all
// again, and believe what was read twice the same.

#include <types.h>
#include <x86.h>
#include <lib.h>
#include <rtc.h>

#define INDEX     0x70              // bit 7 would hold NMIs back
#define DATA      0x71

enum { SEC = 0, MIN_ = 2, HOUR = 4, DAY = 7, MONTH = 8, YEAR = 9 };
#define STATUSA   0x0a
#define A_UPDATE  0x80
#define STATUSB   0x0b
#define B_24H     0x02
#define B_BINARY  0x04
#define CENTURY   0x32
#define HOUR_PM   0x80

#define MAXPOLL   20000             // an update takes 2 ms
#define MAXTRIES  10

struct moment {
    uchar sec, min, hour, day, month, year, century;
};

static uchar
cmos_read(uint reg)
{
    outb(INDEX, reg);
    return inb(DATA);
}

static void
read_once(struct moment *m)
{
    int i;

    for (i = 0; i < MAXPOLL && (cmos_read(STATUSA) & A_UPDATE); i++)
        relax();
    m->sec = cmos_read(SEC);
    m->min = cmos_read(MIN_);
    m->hour = cmos_read(HOUR);
    m->day = cmos_read(DAY);
    m->month = cmos_read(MONTH);
    m->year = cmos_read(YEAR);
    m->century = cmos_read(CENTURY);
}

static uint
value(uint raw)
{
    if (cmos_read(STATUSB) & B_BINARY)
        return raw;
    return (raw >> 4) * 10 + (raw & 0xf);
}

static uint
hour_of(uint raw)
{
    uint h = value(raw & ~HOUR_PM);

    if (cmos_read(STATUSB) & B_24H)
        return value(raw);
    return h % 12 + (raw & HOUR_PM ? 12 : 0);
}

static uint
year_of(const struct moment *m)
{
    uint century = value(m->century), year = value(m->year);

    if (century < 19 || century > 21)
        century = year < 70 ? 20 : 19;
    return century * 100 + year;
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

uint
rtc_seconds(void)
{
    struct moment m, again;
    int i;

    read_once(&m);
    for (i = 0; i < MAXTRIES; i++) {
        read_once(&again);
        if (memcmp(&m, &again, sizeof m) == 0)
            break;
        m = again;
    }
    return days_of(year_of(&m), value(m.month), value(m.day)) * 86400 +
           hour_of(m.hour) * 3600 + value(m.min) * 60 + value(m.sec);
}
