// info.h: structures by which the kernel tells a program about itself.
//
// Each begins with its own size in bytes, so that it can grow: a program
// looks at no field beyond the size it finds there.

#pragma once

#include "frameinfo.h"
#include "timespec.h"
#include "types.h"

// The cases of the page fault, in the order of every faults[] below: seven, and
// room for one more.
enum faultcase { ZERO, FILEPAGE, SWAPPED, COW, UPGRADE, SPURIOUS, BAD, NCASE = 8 };

enum regionkind { R_TEXT, R_DATA, R_STACK, R_HEAP, R_FILE, R_ANON };

struct regioninfo {
    uint size;
    uint start, end;          // user addresses, end exclusive
    uint prot, flags;         // PROT_*, MAP_SHARED or MAP_PRIVATE
    uint kind;                // enum regionkind
    uint off, ino;            // backing file: offset in bytes, inode; or 0
    uint resident, shared, dirty, swapped;   // pages
    char name[16];
};

enum procstate { EMBRYO, SLEEPING, RUNNABLE, RUNNING, ZOMBIE, STOPPED };

struct procinfo {
    uint size;
    int  pid, ppid, pgrp;
    int  state, cpu;          // enum procstate; the CPU it ran on last
    uint sz;                  // top of the heap, bytes
    uint resident, swapped;   // pages
    uint ticks;               // clock ticks spent running
    uint faults[NCASE];
    char name[16];
};

struct sysinfo {
    uint size;
    uint frames, free;        // all; those free, never used, kept for reuse
    uint kernel, pagetables, user, cached, dirty;
    uint slots, slotsfree;    // swap
    uint faults[NCASE];
    uint swapins, swapouts, diskreads, diskwrites;   // pages, blocks
    uint switches, uptime;    // context switches; ticks since boot
    uint ncpu, nproc;
    uint blocks, blocksfree;  // of 4096 bytes, for files and directories
    uint inodes, inodesfree;  // for files and directories other than /
};

// What the invariant checker found and counted (system call 46).
struct kcheckinfo {
    uint size;
    uint broken;              // invariants that do not hold; 0 is right
    uint free;                // frames free, or kept ready for reuse
    uint user;                // frames that a user page table names
    uint cachedonly;          // cached frames that no process maps
    uint pagetables, kernel;  // frames; kernel without what is kept ready
    uint procs, files, inodes, regions, pipes;   // objects in use
    uint slots;               // swap slots in use
};
