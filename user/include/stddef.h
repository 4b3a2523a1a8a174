// stddef.h: sizes, differences, offsets.

#pragma once

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
#ifndef __cplusplus
typedef __WCHAR_TYPE__ wchar_t;
#endif
typedef struct {
    long long whole __attribute__((aligned(8)));
} max_align_t;

#define NULL ((void *)0)
#define offsetof(type, field) __builtin_offsetof(type, field)
