// yes.c: writes a line again and again, until nobody reads it any more.

#include "input.h"

const char help[] =
    "yes [word...]\n"
    "Write the words, or y, line after line without end.";

#define CHUNK 8192

static uint
addword(char *to, const char *word, char behind)
{
    uint n = strlen(word);

    memcpy(to, word, n);
    to[n] = behind;
    return n + 1;
}

int
main(int argc, char **argv)
{
    uint room = 3, n = 0, one;
    char *text;
    int i;

    if (getopt(argc, argv, "") != -1)
        usage(0);
    for (i = optind; i < argc; i++)
        room += strlen(argv[i]) + 1;
    if ((text = malloc(room + CHUNK)) == 0)
        err(1, "yes");
    for (i = optind; i < argc; i++)
        n += addword(text + n, argv[i], i + 1 < argc ? ' ' : '\n');
    if (n == 0)
        n = addword(text, "y", '\n');
    for (one = n; n + one <= CHUNK; n += one)
        memcpy(text + n, text, one);
    while (writeall(1, text, n) == 0)
        ;
    badwrite(1);
}
