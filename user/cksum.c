// cksum.c: the checksum that POSIX names, and the size.
//
// A CRC with the polynomial 0x04c11db7, highest bit first, over the bytes
// and then the size's own bytes, lowest first; the result is inverted.

#include "input.h"

const char help[] =
    "cksum [file...]\n"
    "Write a checksum, the size and the name of each file.";

#define POLYNOMIAL 0x04c11db7
#define CHUNK 8192

static uint shares[256];            // what each byte adds to a remainder

// The polynomial's multiple that a byte in front calls for.
static uint
share(uint byte)
{
    uint rest = byte << 24, bits = 8;

    while (bits-- > 0)
        rest = rest & 1u << 31 ? (rest << 1) ^ POLYNOMIAL : rest << 1;
    return rest;
}

static uint
step(uint crc, uchar c)
{
    return shares[(crc >> 24) ^ c] ^ (crc << 8);
}

static uint
add(uint crc, const uchar *p, int n)
{
    for (; n > 0; n--)
        crc = step(crc, *p++);
    return crc;
}

static int
sum(int fd, const char *name)
{
    static uchar buf[CHUNK];
    unsigned long long size = 0, rest;
    uint crc = 0;
    int n;

    for (; (n = read(fd, buf, CHUNK)) > 0; size += n)
        crc = add(crc, buf, n);
    if (n < 0) {
        warn("%s", name);
        return 1;
    }
    for (rest = size; rest > 0; rest >>= 8)
        crc = step(crc, rest & 255);
    printf("%u %llu%s%s\n", ~crc, size, fd ? " " : "", fd ? name : "");
    return 0;
}

int
main(int argc, char **argv)
{
    uint i;

    if (getopt(argc, argv, "") != -1)
        usage(0);
    for (i = 0; i < sizeof(shares) / sizeof(shares[0]); i++)
        shares[i] = share(i);
    return finish(eachfile(argv + optind, sum));
}
