// date.c: tells the date and the time.

#include "dates.h"

const char help[] =
    "date [-uIR] [-d date | -r file] [+format]\n"
    "Tell the date and the time.\n"
    "  -d  of this date: \"2026-01-31 12:00\", 2026-01-31, 12:00, @SECONDS\n"
    "  -r  when that file changed last   -u  UTC, not local time\n"
    "  -I  as 2026-01-31   -R  as in mail\n"
    "The format is strftime's: %Y year, %m month, %d day, %H hour, %M minute,\n"
    "%S second, %s seconds since 1970, %F %T all of these, %a %b names.";

#define SOMEBYTES 256

static void
print(const char *format, const struct tm *tm)
{
    uint size = SOMEBYTES + 8 * strlen(format);
    char *text = malloc(size);

    if (text == 0)
        err(1, "the text");
    if (strftime(text, size, format, tm) == 0 && *format)
        *text = 0;
    puts(*format ? text : "");
    free(text);
}

static void NORETURN
cannotset(const char *to)
{
    errx(1, "%s: the clock cannot be set: Teak takes the time from the "
         "machine at boot", to);
}

int
main(int argc, char **argv)
{
    const char *format = "%a %b %e %H:%M:%S %Z %Y";
    struct stat st;
    time_t t = time(0);
    int c, utc = 0;

    while ((c = getopt(argc, argv, "d:Ir:Rs:u")) != -1) {
        switch (c) {
        case 'd':
            if (parsedate(optarg, &t) < 0)
                errx(1, "%s: not a date, as 2026-01-31 12:00 or @SECONDS is",
                     optarg);
            break;
        case 'r':
            if (stat(optarg, &st) < 0)
                err(1, "%s", optarg);
            t = st.mtime;
            break;
        case 'I': format = "%F"; break;
        case 'R': format = "%a, %d %b %Y %H:%M:%S %z"; break;
        case 's': cannotset(optarg);
        case 'u': utc = 1; break;
        default:  usage(0);
        }
    }
    if (optind < argc && argv[optind][0] == '+')
        format = argv[optind++] + 1;
    if (optind < argc)
        cannotset(argv[optind]);
    print(format, utc ? gmtime(&t) : localtime(&t));
    if (fflush(stdout) < 0)
        badwrite(1);
    return 0;
}
