// touch.c: sets when files changed last, and makes those that do not exist.

#include "dates.h"

const char help[] =
    "touch [-c] [-d date | -r file | -t stamp] file...\n"
    "Make files that do not exist, and set when they changed last: now.\n"
    "  -c  make none\n"
    "  -d  to this date: \"2026-01-31 12:00\", 2026-01-31, 12:00, @SECONDS\n"
    "  -r  to that file's date   -t  to [[CC]YY]MMDDhhmm[.ss]";

static int makenone;
static time_t when;

static int
touch(const char *path)
{
    int fd = open(path, O_RDONLY), result;

    if (fd < 0 && errno == ENOENT) {
        if (makenone)
            return 0;
        fd = open(path, O_WRONLY | O_CREATE);
    }
    if (fd < 0 || setmtime(fd, when) < 0) {
        warn("%s", path);
        if (fd >= 0)
            close(fd);
        return 1;
    }
    result = close(fd);
    if (result < 0)
        warn("%s", path);
    return result < 0;
}

static void
dateoption(int c)
{
    struct stat st;

    if (c == 'r') {
        if (stat(optarg, &st) < 0)
            err(1, "%s", optarg);
        when = st.mtime;
    } else if ((c == 'd' ? parsedate : parsestamp)(optarg, &when) < 0) {
        errx(1, "%s: not a date, as 2026-01-31 12:00 or @SECONDS is",
             optarg);
    }
}

int
main(int argc, char **argv)
{
    int status = 0, c;

    when = time(0);
    while ((c = getopt(argc, argv, "cmd:r:t:")) != -1) {
        switch (c) {
        case 'c': makenone = 1; break;
        case 'm': break;            // there is no other time
        case 'd':
        case 'r':
        case 't': dateoption(c); break;
        default:  usage(0);
        }
    }
    if (optind == argc)
        usage(0);
    while (optind < argc)
        status |= touch(argv[optind++]);
    return status;
}
