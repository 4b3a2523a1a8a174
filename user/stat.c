// stat.c: tells all that the file system knows of a file.

#include "paths.h"

const char help[] =
    "stat [-c format] file...\n"
    "Tell of files: size, blocks of 4096 bytes, type, inode, links, date.\n"
    "  -c  in this format: %n name, %s size, %b blocks, %B bytes of a block,\n"
    "      %F type, %i inode, %h links, %d device, %Y seconds, %y date";

static const char *
typename(int type)
{
    return type == T_DIR ? "directory" : type == T_FILE ? "regular file"
        : "character special file";
}

static const char *
date(uint mtime)
{
    static char text[40];
    time_t t = mtime;

    strftime(text, sizeof(text), "%F %T %z", localtime(&t));
    return text;
}

static void
field(int c, const char *path, const struct stat *st)
{
    switch (c) {
    case 'n': printf("%s", path); break;
    case 's': printf("%u", st->size); break;
    case 'b': printf("%u", st->blocks); break;
    case 'B': printf("4096"); break;
    case 'F': printf("%s", st->type == T_FILE && st->size == 0
                     ? "regular empty file" : typename(st->type)); break;
    case 'i': printf("%u", st->ino); break;
    case 'h': printf("%d", st->nlink); break;
    case 'd': printf("%d", st->dev); break;
    case 'Y': printf("%u", st->mtime); break;
    case 'y': printf("%s", date(st->mtime)); break;
    case '%': putchar('%'); break;
    case 0:   errx(1, "a %% ends the format");
    default:  errx(1, "%%%c: no such field", c);
    }
}

static void
show(const char *format, const char *path, const struct stat *st)
{
    const char *s;

    for (s = format; *s; s++) {
        if (*s == '%')
            field(*++s, path, st);
        else
            putchar(*s);
    }
    putchar('\n');
}

int
main(int argc, char **argv)
{
    const char *format =
        "  File: %n\n"
        "  Size: %s  Blocks: %b  Type: %F\n"
        " Inode: %i  Links: %h  Device: %d\n"
        "Modify: %y";
    struct stat st;
    int c, status = 0;

    while ((c = getopt(argc, argv, "c:")) != -1) {
        if (c != 'c')
            usage(0);
        format = optarg;
    }
    if (optind == argc)
        usage(0);
    for (; optind < argc; optind++) {
        if (stat(argv[optind], &st) == 0) {
            show(format, argv[optind], &st);
        } else {
            warn("%s", argv[optind]);
            status = 1;
        }
    }
    if (fflush(stdout) < 0)
        badwrite(1);
    return status;
}
