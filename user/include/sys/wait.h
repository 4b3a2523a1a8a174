// sys/wait.h: how children end.

#pragma once

#include <sys/types.h>

#define WNOHANG   1
#define WUNTRACED 2

#define WIFEXITED(st)   (((st) & 127) == 0)
#define WEXITSTATUS(st) (((st) >> 8) & 255)
#define WTERMSIG(st)    ((st) & 127)
#define WIFSTOPPED(st)  (((st) & 255) == 127)
#define WSTOPSIG(st)    (((st) >> 8) & 255)
#define WIFSIGNALED(st) (!WIFEXITED(st) && !WIFSTOPPED(st))
#define WCOREDUMP(st)   0

pid_t wait(int *status);            // status may be 0
pid_t waitpid(pid_t pid, int *status, int options);
