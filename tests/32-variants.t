#!/usr/bin/perl
# The kernels that are built to find bugs, each for a while.
#
# CHAOS=1 waits at random where races could be. Only the kernel differs; QEMU
# loads it by itself, so that no image need be made.
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

done_testing;
