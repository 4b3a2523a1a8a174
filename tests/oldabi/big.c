// big.c: a program as xv6 links it, at 0, whose data is most of an 8 MB
// machine's memory; exec must copy all of it. It checks every word and says
// "big: ok".

#define WORDS (7 << 18)
#define WORD  0x7eac0ffe

asm(".data; .globl words; words: .fill 7 << 18, 4, 0x7eac0ffe;"
    ".text; .globl exit; exit: movl $2, %eax; int $64; ret;"
    ".globl write; write: movl $16, %eax; int $64; ret");

extern const unsigned words[WORDS];
int write(int, const void *, int);
void exit(void) __attribute__((noreturn));

int
main(void)
{
    unsigned i;

    for (i = 0; i < WORDS; i++)
        if (words[i] != WORD) {
            write(1, "big: wrong\n", 11);
            exit();
        }
    write(1, "big: ok\n", 8);
    exit();
}
