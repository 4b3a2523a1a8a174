#!/usr/bin/perl
# Nothing became more than a tenth slower than tests/speed.table says, in
# instructions. After a change that is worth its price, or to hold a gain:
# tools/bench --instr --update tests/speed.table
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Teak;
use Test::More;

my $ROOM = 1.1;
my $SLACK = 5;              # instructions, for the rows of a few dozen
my $BOOT = 5_000_000;       # booting polls clocks and the disk, so its figure
                            # moves by a fifth; it is held to its target

my %held;
if (open my $h, '<', "$FindBin::Bin/speed.table") {
    %held = map { split } <$h>;
}
plan skip_all => 'no figures to hold' if !%held;

my $file = scratch() . '/speed.json';
my ($status, $out) = sh("tools/bench --instr --json $file");
my $got = do {
    open my $h, '<', $file or BAIL_OUT("tools/bench: $out");
    local $/;
    JSON::PP->new->decode(<$h>)->{instr};
};
for my $row (sort keys %held) {
  SKIP: {
        skip "$row needs build/insns.so", 1
            if $row =~ /^(boot_|spin_lock)/ && !-e "$BUILD/insns.so";
        cmp_ok $got->{$row} // 'inf', '<=',
            $row =~ /^boot_/ ? $BOOT : $held{$row} * $ROOM + $SLACK,
            "$row: as fast as ever";
    }
}
diag $out if $status > 1;

done_testing;
