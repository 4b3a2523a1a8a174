// script.c: which program runs a file. Interface: script.h.
//
// A script's first line has one or two words, the second being all of the rest
// of the line. Each script that leads to the next adds its words to a list, so
// that "#!/sh -x y" in a file `a` that is called with the argument z becomes
//
//     words   a | -x y | /sh          argv   /sh | -x y | a | z
//
// Scripts are only read here, and may be written as soon as that is done: the
// interpreter opens its script itself.

#include "errno.h"
#include "stat.h"
#include "lib.h"
#include "fs.h"
#include "path.h"
#include "proc.h"
#include "script.h"

#define ISBLANK(c) ((c) == ' ' || (c) == '\t')

// The beginning of a plain file, at most LINEMAX bytes. How many, or -errno.
static int
read_head(struct inode *ip, char *line)
{
    struct stat st;
    int err, n;

    if ((err = ilock(ip)) < 0)
        return err;
    stati(ip, &st);
    iunlock(ip);
    n = st.type == T_FILE ? MIN(st.size, LINEMAX) : 0;
    err = readi_exact(ip, line, 0, n);
    return err < 0 ? err : n;
}

// The n bytes that were read, of which the first line becomes words. That ends
// with a newline or with the file. A control character in it, such as a
// carriage return, is a mistake.
static int
split_line(struct script *sc, char *line, int n)
{
    char *s = line + 2, *end, *arg;         // behind #!

    for (end = s; end < line + n && ((uchar)*end >= ' ' || *end == '\t'); )
        end++;
    if (end < line + n ? *end != '\n' : n == LINEMAX)
        return -ENOEXEC;
    while (end > s && ISBLANK(end[-1]))
        end--;
    *end = 0;
    while (ISBLANK(*s))
        s++;
    for (arg = s; *arg && !ISBLANK(*arg); )
        arg++;
    if (arg == s)
        return -ENOEXEC;            // no interpreter
    if (*arg) {
        *arg++ = 0;
        while (ISBLANK(*arg))
            arg++;
        sc->words[sc->nwords++] = arg;
    }
    sc->words[sc->nwords++] = s;
    return 0;
}

int
script_find(struct script *sc, struct inode **ip)
{
    char *path = sc->called, *line;
    int i, n, err;

    sc->words[0] = path;
    sc->nwords = 1;
    for (i = 0; i <= NESTED; i++) {
        if ((err = path_find(myproc()->cwd, path, 0, ip)) < 0)
            return err;
        line = sc->lines[i];
        n = read_head(*ip, line);
        if (n >= 0 && (n < 2 || line[0] != '#' || line[1] != '!')) {
            if (i == 0 && myproc()->as)
                sc->nwords = 0;
            return 0;
        }
        iput(*ip);
        if (n < 0 || (n = split_line(sc, line, n)) < 0)
            return n;
        path = sc->words[sc->nwords - 1];
    }
    return -ELOOP;
}
