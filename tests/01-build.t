#!/usr/bin/perl
# The image builds without warnings by every compiler here and at every level
# of optimisation (02-check.t has gcc with the usual one), says what is wrong
# when it cannot, and is not rebuilt without cause.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $dir = scratch();

sub build {
    my ($name, $vars) = @_;
    return sh("make BUILD=$dir/$name $vars");
}

for my $case (['gcc-O0', 'CC=gcc OPT=-O0'], ['clang', 'CC=clang'],
              ['clang-O0', 'CC=clang OPT=-O0']) {
    my ($name, $vars) = @$case;
    my ($status, $out) = build($name, "$vars WERROR=1");
    is $status, 0, "$name builds without a warning" or diag $out;
    unlike $out, qr/warning/i, "$name: nor one from the linker";
    cmp_ok -s "$dir/$name/boot.bin", '<=', 16 * 512, "$name: the loader fits";
    cmp_ok -s "$dir/$name/kernel.bin", '<', 3 << 20, "$name: the kernel fits";
    ($status, $out) = guest('echo from $0', image => "$dir/$name/teak.img");
    is $status, 0, "$name boots";
    like $out, qr/^from /m, "$name runs a program";
    ($status, $out) = sh("objdump -d $dir/$name/kernel.elf");
    is $status, 0, "$name: the kernel disassembles";
    unlike $out, qr/%xmm|%mm\d/, "$name: it computes with integers only";
}

my $GCC = 'CC=gcc OPT=-O0 WERROR=1';
my ($status, $out) = build('gcc-O0', $GCC);
is $out, '', 'a second make has nothing to do';

($status, $out) = sh("touch $dir/old; make -n BUILD=$dir/gcc-O0 $GCC "
                   . "-W fsformat.h $dir/gcc-O0/kernel.bin");
like $out, qr/fs\.o/, 'a changed header recompiles who includes it';
unlike $out, qr/bootasm\.o/, 'and nobody else';

open my $h, '>', "$dir/_echo";
print $h "not a program\n";
close $h;
($status, $out) = build('gcc-O0', "$GCC EXTRA='$dir/_echo $dir/old'");
is $status, 0, 'EXTRA adds files' or diag $out;
($status, $out) = guest('cat echo; ls -1', image => "$dir/gcc-O0/teak.img");
like $out, qr/^not a program$/m, 'replacing ours, without the leading _';
like $out, qr/^old$/m, 'and beside ours';

open $h, '>', "$dir/big";
seek $h, 3 << 20, 0;
print $h "x";
close $h;
($status, $out) = sh("tools/mkimage $dir/x.img $dir/gcc-O0/boot.bin $dir/big "
                   . "$dir/gcc-O0/fs.img");
isnt $status, 0, 'a kernel above 3 MB is refused';
like $out, qr/3 MB/, 'with the reason';

done_testing;
