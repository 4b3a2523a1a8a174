#!/usr/bin/perl
# No row of tools/bench takes more instructions than tests/speed.table allows,
# whichever gate its system calls come by.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Teak;
use Test::More;

my $file = scratch() . '/speed.json';
my @table = map { /^(\w+) ([1-9]\d*)/ ? [$1, $2] : () }
    split /\n/, slurp("$FindBin::Bin/speed.table");

for my $gate (65, 64) {
    my ($status, $out) =
        sh("tools/bench --instr --json $file" . ($gate == 64 && ' --gate 64'));
    BAIL_OUT("tools/bench: $out") if !-e $file;
    my $got = JSON::PP->new->decode(slurp($file))->{instr};
    unlink $file;
    for (@table) {
        my ($row, $most) = @$_;
      SKIP: {
            skip "$row needs build/insns.so", 1
                if $row =~ /^(boot_|spin_lock)/ && !-e "$BUILD/insns.so";
            cmp_ok $got->{$row} // 'inf', '<=', $most,
                "$row: within its target by int \$$gate";
        }
    }
    diag $out if $status > 1;
}

done_testing;
