// bootarg.c: finding words in the boot-argument line. Words are asked for by
// name and never listed in advance, so the names that nobody asked for are
// the unknown ones; bootarg_report() tells of them.

#include "lib.h"
#include "bootarg.h"
#include "print.h"

#define LINEMAX 512
#define NWORDS  32

static char line[LINEMAX];
static struct word {
    char *name, *value;             // value: 0 when there is no '='
    int asked;
} words[NWORDS];
static int nwords;

// Undo the quoting of one value in place. Returns what follows it.
static char *
unquote(char *s)
{
    char *out = s, *in = s;
    int quoted = *in == '"';

    in += quoted;
    while (*in && (quoted ? *in != '"' : *in != ' ')) {
        if (quoted && *in == '\\' && in[1])
            in++;
        *out++ = *in++;
    }
    if (*in)
        in++;
    *out = 0;
    return in;
}

void
bootarg_init(const char *text)
{
    char *s = line;

    strlcpy(line, text, sizeof line);
    for (nwords = 0; nwords < NWORDS; nwords++) {
        while (*s == ' ' || *s == '\n')
            s++;
        if (*s == 0)
            break;
        words[nwords] = (struct word){ s, 0, 0 };
        while (*s && *s != ' ' && *s != '=' && *s != '\n')
            s++;
        if (*s == '=') {
            *s++ = 0;
            words[nwords].value = s;
            s = unquote(s);
        } else if (*s)
            *s++ = 0;
    }
}

int
bootarg(const char *name, char *buf, int n)
{
    const char *value = 0;
    int i;

    for (i = nwords - 1; i >= 0; i--)
        if (strcmp(words[i].name, name) == 0) {
            words[i].asked = 1;
            value = words[i].value ? words[i].value : "";
        }
    return value ? (int)strlcpy(buf, value, n) : -1;
}

int
bootarg_int(const char *name, int def)
{
    char text[16], *s;
    uint v = 0;

    if (bootarg(name, text, sizeof text) <= 0)
        return def;
    if (strcmp(text, "on") == 0)
        return 1;
    if (strcmp(text, "off") == 0)
        return 0;
    for (s = text; *s >= '0' && *s <= '9'; s++)
        v = v * 10 + *s - '0';
    return *s ? def : (int)v;
}

void
bootarg_report(void)
{
    int i;

    for (i = 0; i < nwords; i++)
        if (!words[i].asked)
            cprintf("boot: unknown argument %s ignored\n", words[i].name);
}
