// param.h: the tunables, with their units.

#pragma once

#define NPROC      512              // processes (xv6's forktest wants < 1000)
#define NCPU       32               // CPUs: bits in a CPU mask
#define HZ         100              // clock ticks a second
#define KSTACKSIZE 8192             // bytes of a kernel stack
#define NOFILE     128              // descriptors a process
#define MAXREGIONS 1024             // regions of an address space
#define USTACKMAX  (1 << 20)        // bytes a user stack may grow to
#define USTACKGAP  (1 << 20)        // bytes of nothing below a user stack
#define ARGMAX     (128 << 10)      // bytes of exec arguments
#define PATHMAX    1024             // bytes of a path, NUL included
#define PIPESIZE   (16 << 10)       // bytes a pipe holds
#define FLUSHTICKS (5 * HZ)         // how often the flusher commits
#define MINCACHED  64               // cached blocks kept when swap is full
