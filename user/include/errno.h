// errno.h: why the last call failed.

#pragma once

#include "../../errno.h"

#define EDOM         33   // outside a function's domain
#define EILSEQ       84   // no character
#define ENOTSUP      95   // not supported
#define EWOULDBLOCK  EAGAIN

extern int errno;
#define errno errno
