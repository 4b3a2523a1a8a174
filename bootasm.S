// bootasm.S: from the BIOS to protected mode.
//
// The BIOS loads the disk's first sector to 0x7c00 and jumps there in real
// mode with the drive's number in %dl. That sector is stage 1: it loads
// sectors 1..15 behind itself, and no more. Stage 2, in those sectors, asks
// the BIOS everything only the BIOS knows, fetches the kernel's ELF file to
// 4 MB, and enters bootmain() in 32-bit mode.
//
//   0x01000   a sector of the kernel on its way from the disk
//   0x07000   stack, downward
//   0x07c00   stage 1, the partition table at +446
//   0x07e00   boot arguments (sector 1)
//   0x08000   stage 2 and bootmain.c (sectors 2..15)
//   0x400000  the kernel's ELF file
//
// Real mode reaches 1 MB only, so each sector is moved up by the BIOS's own
// block move. Every address below is under 64 KB and every segment register
// is zero.

#include "boot.h"

#define STACK     0x7000
#define MBR       0x7c00
#define MBRSIG    510
#define STAGE1MAX 440
#define LOADEND   16                    // stage 1 loads the sectors below it
#define BUFFER    0x1000                // of one sector
#define KERNTEMP  0x400000
#define MINEXTKB  4608                  // the firmware may keep some
#define TRIES     3
#define COM1      0x3f8
#define CODESEG   8                     // selectors in the loader's GDT
#define DATASEG   16
#define SMAP      0x534d4150            // "SMAP", E820's password

        .code16
        .section .stage1, "ax"
        .globl start
start:
        jmp 1f                          // some BIOSes write a floppy's
        .org 0x3e                       // geometry here: leave it room
1:      cli
        cld
        xorw %ax, %ax
        movw %ax, %ds
        movw %ax, %es
        movw %ax, %ss
        movw $STACK, %sp
        ljmp $0, $2f                    // a few come in at 07c0:0000
2:      sti
        movb %dl, drive

        movw $0x55aa, %bx               // does the drive take block numbers?
        movb $0x41, %ah
        int $0x13
        jc 1f
        cmpw $0xaa55, %bx
        je 2f
1:      movb $0x08, %ah                 // then its geometry; spoils %es
        movb drive, %dl
        int $0x13
        movw $nolba, %si
        jc fail
        andw $0x3f, %cx
        jz fail
        movw %cx, sectors
        movzbw %dh, %dx
        incw %dx
        movw %dx, heads
        xorw %ax, %ax
        movw %ax, %es
2:      call readsector
        addw $SECTSIZE, offset
        cmpw $LOADEND, block
        jb 2b
        movw $MBR + LOADSECT * SECTSIZE + 8, %ax
        jmp *%ax                        // stage2, past its two words

// Read the sector `block` to `offset`, by its number or by cylinder, head and
// sector, and count `block` up; again, after a reset, when the BIOS fails.
// Does not return when the disk will not.
readsector:
        movw $TRIES, %di
1:      movw $1, count                  // a failed try may have changed it
        movb $0x42, %ah
        movw $packet, %si
        cmpw $0, sectors
        je 2f
        movw block, %ax
        xorw %dx, %dx
        divw sectors
        movw %dx, %cx
        incw %cx                        // sectors count from 1
        xorw %dx, %dx
        divw heads
        movb %dl, %dh
        movb %al, %ch
        shlb $6, %ah                    // cylinder: bits 8 and 9
        orb %ah, %cl
        movw offset, %bx
        movw $0x0201, %ax
2:      movb drive, %dl
        int $0x13
        jnc 3f
        xorw %ax, %ax
        movb drive, %dl
        int $0x13
        decw %di
        jnz 1b
        movw $badread, %si
        jmp fail
3:      incw block
        ret

// Say the text at %si and stop. A key press starts the machine again.
fail:
        lodsb
        testb %al, %al
        jz 1f
        movb $0x0e, %ah
        movw $7, %bx
        int $0x10
        movw $COM1, %dx                 // nobody may be at the screen
        outb %al, %dx
        jmp fail
1:      xorw %ax, %ax
        int $0x16
        int $0x19
        jmp 1b

nolba:    .asciz "Teak: this disk has no geometry\r\n"
badread:  .asciz "Teak: disk read error\r\n"
        .globl drive
drive:    .byte 0

        .balign 4
sectors:  .word 0                       // a track; 0: by block number
heads:    .word 0
packet:   .byte 16, 0                   // INT 13h AH=42h's disk address packet
count:    .word 0
offset:   .word MBR + ARGSECT * SECTSIZE
          .word 0                       // its segment
block:    .long ARGSECT, 0

        .org STAGE1MAX                  // an error here: stage 1 is too long
        .org MBRSIG
        .word 0xaa55

        .section .stage2, "ax"
        .long BOOTMAGIC
nsect:    .long 0                       // the kernel file's, by mkimage
stage2:
        movb $0x88, %ah                 // KB above 1 MB, 64 MB at most
        int $0x15
        jc 1f
        cmpw $MINEXTKB, %ax
        movw $noram, %si
        jb fail
1:      call memorymap
        call loadkernel
        movw $0x2401, %ax               // open address line 20; last, since
        int $0x15                       // a block move may close it
        cli
        lgdt gdtr
        movl %cr0, %eax
        orb $1, %al
        movl %eax, %cr0
        ljmp $CODESEG, $protected

// The BIOS's list of memory ranges, one a call; %ebx says where it stands.
memorymap:
        movw $bootinfo + BI_E820, %di
        xorl %ebx, %ebx
1:      movl $0xe820, %eax
        movl $SMAP, %edx
        movl $E820SIZE, %ecx
        int $0x15
        jc 2f
        cmpl $SMAP, %eax
        jne 2f
        addw $E820SIZE, %di
        incl bootinfo + BI_NE820
        cmpl $NE820, bootinfo + BI_NE820
        jae 2f
        testl %ebx, %ebx
        jnz 1b
2:      ret

// Bring the kernel's file to KERNTEMP, a sector at a time.
loadkernel:
        movw $KERNSECT, block
        movw $BUFFER, offset
1:      call readsector
        movw $SECTSIZE / 2, %cx
        movw $moveto, %si
        movb $0x87, %ah
        int $0x15
        movw $nomove, %si
        jc fail
        addl $SECTSIZE, to + 2          // the next one goes behind it
        decl nsect
        jnz 1b
        ret

noram:    .asciz "Teak needs 6 MB of RAM\r\n"
nomove:   .asciz "Teak: the BIOS cannot move the kernel up\r\n"

// INT 15h AH=87h's table: a GDT the BIOS fills in, but for source and
// destination: base 0..15 and limit, rights and base 16..23.
        .balign 8
moveto:   .quad 0, 0
          .long BUFFER << 16 | 0xffff, 0x9300
to:       .long 0xffff, 0x9300 | KERNTEMP >> 16
          .quad 0, 0

gdt:      .quad 0
          .quad 0x00cf9b000000ffff      // code: all 4 GB from 0
          .quad 0x00cf93000000ffff      // data: the same
gdtr:     .word . - gdt - 1
          .long gdt

        .code32
protected:
        movw $DATASEG, %ax
        movw %ax, %ds
        movw %ax, %es
        movw %ax, %ss
        movl $STACK, %esp
        jmp bootmain
