// stdnoreturn.h: the short name.

#pragma once

#define noreturn _Noreturn
