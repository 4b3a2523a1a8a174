// limits.h: how far the integers reach, and the system.

#pragma once

#define CHAR_BIT   8
#define MB_LEN_MAX 1
#define SCHAR_MAX  127
#define SCHAR_MIN  (-128)
#define UCHAR_MAX  255
#define CHAR_MAX   SCHAR_MAX
#define CHAR_MIN   SCHAR_MIN
#define SHRT_MAX   32767
#define SHRT_MIN   (-32768)
#define USHRT_MAX  65535
#define INT_MAX    0x7fffffff
#define INT_MIN    (-INT_MAX - 1)
#define UINT_MAX   0xffffffffu
#define LONG_MAX   0x7fffffffL
#define LONG_MIN   (-LONG_MAX - 1)
#define ULONG_MAX  0xffffffffUL
#define LLONG_MAX  0x7fffffffffffffffLL
#define LLONG_MIN  (-LLONG_MAX - 1)
#define ULLONG_MAX 0xffffffffffffffffULL
#define SSIZE_MAX  INT_MAX

#define NAME_MAX   14               // what is longer is cut
#define PATH_MAX   1024
#define PIPE_BUF   4096
#define ARG_MAX    131072
#define OPEN_MAX   128
#define LINE_MAX   2048
