// string.h: memory and strings of bytes, in the C locale.

#pragma once

#include <stddef.h>
#include <strings.h>

void *memset(void *p, int c, size_t n);
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memccpy(void *to, const void *from, int c, size_t n);
void *mempcpy(void *to, const void *from, size_t n);
int   memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *p, int c, size_t n);
void *memrchr(const void *p, int c, size_t n);
void *memmem(const void *p, size_t n, const void *what, size_t len);

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t most);
char *strcpy(char *to, const char *from);
char *strncpy(char *to, const char *from, size_t n);
char *stpcpy(char *to, const char *from);
char *strcat(char *to, const char *from);
char *strncat(char *to, const char *from, size_t n);
// To a buffer of n bytes, cut and terminated; the length wanted.
size_t strlcpy(char *to, const char *from, size_t n);
size_t strlcat(char *to, const char *from, size_t n);
char *strdup(const char *s);        // malloc'd, or 0
char *strndup(const char *s, size_t n);

int   strcmp(const char *a, const char *b);
int   strncmp(const char *a, const char *b, size_t n);
int   strcoll(const char *a, const char *b);
size_t strxfrm(char *to, const char *from, size_t n);

char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strchrnul(const char *s, int c);
char *strstr(const char *s, const char *sub);
char *strcasestr(const char *s, const char *sub);
char *strpbrk(const char *s, const char *set);
size_t strspn(const char *s, const char *set);
size_t strcspn(const char *s, const char *set);
char *strtok(char *s, const char *seps);
char *strtok_r(char *s, const char *seps, char **rest);
char *strsep(char **rest, const char *seps);

char *strerror(int e);
int   strerror_r(int e, char *buf, size_t n);
