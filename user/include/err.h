// err.h: complaints, "program: text: reason" to descriptor 2; the x forms
// leave out the reason, err and errx exit with status.

#pragma once

#include <stdarg.h>

#define __PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

void warn(const char *fmt, ...) __PRINTF(1, 2);
void warnx(const char *fmt, ...) __PRINTF(1, 2);
void err(int status, const char *fmt, ...)
    __PRINTF(2, 3) __attribute__((noreturn));
void errx(int status, const char *fmt, ...)
    __PRINTF(2, 3) __attribute__((noreturn));
void vwarn(const char *fmt, va_list ap) __PRINTF(1, 0);
void vwarnx(const char *fmt, va_list ap) __PRINTF(1, 0);
void verr(int status, const char *fmt, va_list ap)
    __PRINTF(2, 0) __attribute__((noreturn));
void verrx(int status, const char *fmt, va_list ap)
    __PRINTF(2, 0) __attribute__((noreturn));
