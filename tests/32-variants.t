#!/usr/bin/perl
# The kernels that are built to find bugs, each for a while.
#
# CHAOS=1 waits at random where races could be. Only the kernel differs; QEMU
# loads it by itself, so that no image need be made. SANITIZE=1 checks for
# undefined behaviour, in kernel and programs, and for writes to what was freed
# (tests/host/t_frames.c sees those found).
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $dir = "$BUILD/chaos";
my ($status, $out) = sh("make CHAOS=1 BUILD=$dir $dir/kernel.elf");
is $status, 0, 'make CHAOS=1' or diag $out;
($status, $out) = sh("nm $dir/kernel.elf");
like $out, qr/ T chaos$/m, 'waits at random';
($status, $out) = sh("nm $BUILD/kernel.elf");
unlike $out, qr/ chaos$/m, 'and the ordinary kernel does not';

for my $case ([8, 'exerciser 5 200 4'],
              [512, 'exerciser 6 500 4'],
              [512, 'usertests -q cow exec_ kill mmap pipe tlb wait']) {
    my ($mem, $cmd) = @$case;
    ($status, $out) = guest($cmd, mem => $mem, cpus => 4, timeout => 120,
        kernel => "$dir/kernel.elf", args => "chaos.seed=$$");
    is $status, 0, "chaos.seed=$$, $mem MB, 4 CPUs: $cmd" or diag $out;
}

my $sum = 'utx sum 2147483647 1';
($status, $out) = guest($sum);
is $status, 0, 'an overflow goes unnoticed';

$dir = "$BUILD/sanitize";
($status, $out) = sh("make SANITIZE=1 BUILD=$dir IMG=$dir/teak.img");
is $status, 0, 'make SANITIZE=1' or diag $out;
($status, $out) = sh("nm -u $dir/kernel/*.o");
like $out, qr/ __ubsan_handle_$_/, "the kernel checks for $_"
    for qw(add_overflow out_of_bounds shift_out_of_bounds type_mismatch);
($status, $out) = guest($sum, image => "$dir/teak.img");
isnt $status, 0, 'ends the program here';
like $out, qr/^user.utx\.c:\d+: undefined: signed sum overflows$/m,
    'which says why';

for my $case ([8, 'exerciser 7 300 4'], [512, 'usertests -q']) {
    my ($mem, $cmd) = @$case;
    ($status, $out) = guest($cmd, mem => $mem, cpus => 4,
        image => "$dir/teak.img");
    is $status, 0, "SANITIZE=1, $mem MB, 4 CPUs: $cmd" or diag $out;
    unlike $out, qr/undefined: /, 'nothing undefined';
}

done_testing;
