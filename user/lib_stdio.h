// lib_stdio.h: a stream from within, for the library's own files.
//
//     reading    buf [ read | at ... end | ]        room and n are 0
//     writing    buf [ pending, n bytes | free ]    at and end are 0
//
// A stream is in one of these states, or in neither, with all four 0.
// The quick ways of getc and putc look only at at < end and n < room.

#pragma once

#include "user.h"

struct file {
    int    fd;                      // -1: a string, all of it in the buffer
    uchar *buf;
    uint   cap;
    uint   at, end;
    uint   n, room;                 // room: cap while no newline matters
    uchar  how;                     // _IOFBF, _IOLBF or _IONBF
    uchar  flags;
    uchar  one;                     // a buffer when there is no other
    int    error;                   // the errno of the last failure, or 0
    int    pid;                     // popen's child, or 0
    struct file *next;              // of all that are open
};

enum {
    S_READ = 1, S_WRITE = 2,        // what it is open for
    S_READY = 4,                    // how and buf are settled
    S_ASKED = 8,                    // how was set by setvbuf
    S_OURS = 16,                    // buf is malloc'd
    S_EOF = 32,
    S_APPEND = 64,                  // what is pending goes to the file's end
};

// Settles how f is buffered, and with what, before its first use.
void __ready(FILE *f);
// Notes the failure: always EOF.
int  __failed(FILE *f, int why);
// Writes out what is pending. 0 or EOF; what could not be written is lost.
int  __flush(FILE *f);
// Drops what was read ahead, moving the file's offset back over it.
void __unread(FILE *f);
// Makes f a writing (reading) stream. 0 or EOF.
int  __towrite(FILE *f);
int  __toread(FILE *f);
// Reads more when nothing is left. Bytes there now; 0: at the end, or failed.
uint __fill(FILE *f);
// Appends n bytes. 0 or EOF.
int  __put(FILE *f, const void *p, uint n);
// A stream on a descriptor, not in use yet; 0: out of memory.
FILE *__newstream(int fd, uint flags);
// Closes the descriptors of popen's streams, in a new child.
void __closepipes(void);
// S_READ, S_WRITE, S_APPEND for an fopen mode, and open()'s flags; 0: not a mode.
uint __mode(const char *mode, int *how);

// Where the formatter's characters go: to drain(), when buf is full and at
// the end; without drain, what does not fit is dropped.
struct out {
    char *buf;
    uint  n, cap;
    long long total;                // characters made so far
    void (*drain)(struct out *o);   // takes buf's n bytes
    int   fd;                       // for drain
    FILE *f;
    int   failed;
};
// Returns the total, or -1 with errno when it failed or is too large.
int __format(struct out *o, const char *fmt, va_list ap);
