// types.h: the short names for machine integers, used everywhere.

#pragma once

typedef unsigned char  uchar;
typedef unsigned short ushort;
typedef unsigned int   uint;
typedef unsigned long long uint64;
typedef __SIZE_TYPE__  size_t;      // whatever the compiler expects of memcpy
typedef uint pde_t;                 // page-directory entry, SDM 3A 4.3
typedef uint pte_t;                 // page-table entry
