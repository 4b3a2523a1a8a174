#!/usr/bin/perl
# Random calls, damaged programs, and pairs of calls at once (user/fuzz.c): no
# panic, no harm to the witness, nothing broken and nothing left behind, and
# afterwards a file system that fsck finds nothing wrong with. Once with a
# fixed seed and once with a new one, which is printed. tools/soak goes on.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $FIXED = 20260;

# Mode, seconds (in quiet), megabytes, CPUs.
my @LOADS = (
    ['calls',  6, 512, 4],
    ['elf',    4, 512, 4],
    ['pairs',  6, 512, 4],
    ['calls',  3,  16, 2],
    ['pairs',  3,  24, 2],
);

# One run; its figures.
sub fuzz {
    my ($mode, $seconds, $mem, $cpus, $seed) = @_;
    my $img = scratch() . '/fuzz.img';
    Image::copy($IMG, $img);
    my ($status, $out) = guest("fuzz -s $seed -t $seconds $mode",
        mem => $mem, cpus => $cpus, image => $img, keep => 1,
        timeout => 120 + 3 * $seconds);
    is $status, 0, "$mode, seed $seed, $mem MB, $cpus CPUs"
        or diag $out =~ s/^.*--kill proc .*\n//mgr;
    my ($fsck, $said) = sh("$BUILD/fsck $img");
    is $fsck, 0, 'and the file system is clean' or diag $said;
    return $out =~ /(\d+) batches, (\d+)/ ? $2 : 0;
}

for my $load (@LOADS) {
    my $seed = $load->[2] == 512 ? $FIXED : 1 + int rand 1e9;
    my $n = fuzz(@$load, $seed);
    diag "$load->[0]: seed $seed, $n";
    cmp_ok $n, '>', 0, 'some were made';
}

done_testing;
