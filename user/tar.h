// tar.h: what the parts of tar share: the archive's format, reading and
// writing it. tar.c has the rest.
//
// An archive is a row of blocks of 512 bytes. Each file has a header, then
// its content, filled up with zeroes; two blocks of zeroes end the archive.
// Numbers are octal text. This is POSIX's ustar; of what others add, long
// names are understood (GNU's type L, and path= in POSIX's type x).

#pragma once

#include "paths.h"

#define TBLOCK   512
#define NAMELEN  100
#define PREFLEN  155
#define MAXPATH  1024

struct header {
    char name[NAMELEN];
    char mode[8], uid[8], gid[8];
    char size[12], mtime[12];
    char sum[8];                    // of all bytes, these taken for blanks
    char type;
    char linkname[NAMELEN];
    char magic[6], version[2];      // "ustar", "00"
    char uname[32], gname[32];
    char major[8], minor[8];
    char prefix[PREFLEN];           // prefix/name, unless empty
    char pad[12];
};

// One member, as it was read.
struct member {
    char path[MAXPATH], link[MAXPATH];
    int  type;                      // '0' file, '1' link, '5' directory, ...
    uint size, mtime, major, minor;
};

extern int archive;                 // its descriptor
extern int verbose, status;
extern const char *archivename;

void failed(const char *path);
void tell(const char *path);        // -v, while files are read

// tar_write.c
visitfn addtree;
void endarchive(void);

// tar_read.c: each() is called for every member, and must read its content or
// skip() it.
void readarchive(void (*each)(struct member *m));
uint readcontent(char block[TBLOCK], uint left);    // how many bytes
void skip(const struct member *m);
