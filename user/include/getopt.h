// getopt.h: options with long names. They, too, may stand behind operands,
// if opts does not begin with a '+'.

#pragma once

#include <unistd.h>

#define no_argument       0
#define required_argument 1
#define optional_argument 2         // only behind a '='

struct option {
    const char *name;               // 0 ends the list
    int  has_arg;
    int *flag;                      // gets val, and getopt_long returns 0;
    int  val;                       // or, without flag, it returns val
};

// "--name", "--name=argument", "--name argument"; a name may be cut short
// where no other begins so. index, if there is one, gets its place in longs.
int getopt_long(int argc, char *const argv[], const char *opts,
                const struct option *longs, int *index);
