// setjmp.h: jumps out of functions. No signals, so no masks of them.

#pragma once

typedef int jmp_buf[6];             // ebx esi edi ebp esp eip
typedef jmp_buf sigjmp_buf;

int  setjmp(jmp_buf where) __attribute__((returns_twice));
void longjmp(jmp_buf where, int value) __attribute__((noreturn));
#define setjmp(where)          setjmp(where)
#define sigsetjmp(where, mask) ((void)(mask), setjmp(where))
#define siglongjmp(where, v)   longjmp(where, v)
