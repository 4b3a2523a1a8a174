// getopt.h: options, which unistd.h has.

#pragma once

#include <unistd.h>
