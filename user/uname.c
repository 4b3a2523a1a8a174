// uname.c: says what system this is.

#include "user.h"

const char help[] = "uname [-asnrm]\n"
    "Print the system's name: -s name, -n host, -r release, -m machine, -a all.";

static const struct { char option; const char *value; } parts[] = {
    { 's', "Teak" }, { 'n', "teak" }, { 'r', "1" }, { 'm', "i686" },
};
#define NPARTS (sizeof(parts) / sizeof(parts[0]))

int
main(int argc, char **argv)
{
    uint wanted = 0, shown = 0, i;
    int c;

    while ((c = getopt(argc, argv, "asnrm")) != -1) {
        for (i = 0; i < NPARTS; i++)
            if (c == 'a' || c == parts[i].option)
                wanted |= 1u << i;
        if (c == '?')
            usage(NULL);
    }
    if (optind < argc)
        usage(NULL);
    if (wanted == 0)
        wanted = 1;
    for (i = 0; i < NPARTS; i++)
        if (wanted & 1u << i)
            printf("%s%s", shown++ ? " " : "", parts[i].value);
    printf("\n");
    return 0;
}
