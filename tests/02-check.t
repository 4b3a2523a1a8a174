#!/usr/bin/perl
# What needs no emulator: the layers, the pure code on the host under the
# sanitizers, the static checks, how much code there is, and an image built
# without warnings; that one boots.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $built = "$BUILD/werror";
my ($status, $out) = sh("make BUILD=$BUILD check");
is $status, 0, 'make check' or diag $out;
unlike $out, qr/\bwarning: /, 'no warning, nor one from the linker';
cmp_ok -s "$built/boot.bin", '<=', 16 * 512, 'the loader fits';
cmp_ok -s "$built/kernel.bin", '<', 3 << 20, 'the kernel fits';
($status, $out) = sh("objdump -d $built/kernel.elf");
is $status, 0, 'the kernel disassembles';
unlike $out, qr/%xmm|%mm\d/, 'the kernel computes with integers only';
($status, $out) = guest('echo from $0', image => "$built/teak.img");
is $status, 0, 'the image boots';
like $out, qr/^from /m, 'and runs a program';

my $file = scratch() . '/twice.c';
open my $h, '>', $file or die;
print $h "// a comment\n", map { "    word$_(\"/*\");\n" } 1 .. 6, 9, 1 .. 6;
close $h;
($status, $out) = sh("tools/lines --most 13 --repeated 6 $file");
is $status, 0, 'thirteen lines, six of them again' or diag $out;
($status, $out) = sh("tools/lines --most 12 $file");
is $status, 1, 'too many lines are an error';
($status, $out) = sh("tools/lines --repeated 5 $file");
is $status, 1, 'and too many that repeat others';

open $h, '>', $file or die;
print $h "tlb.c:76:66: warning: use of uninitialized value ‘want[i]’ [x]\n";
close $h;
($status, $out) = sh("tools/lint $file");
is $status, 0, 'what is accepted is no error' or diag $out;
open $h, '>>', $file or die;
print $h "vm.c:7: cppcheck: nullPointer: Null pointer dereference: p\n";
close $h;
($status, $out) = sh("tools/lint $file");
is $status, 1, 'what is not, is';
is $out, "vm.c:7: cppcheck: nullPointer: Null pointer dereference: p\n",
    'and is shown';

done_testing;
