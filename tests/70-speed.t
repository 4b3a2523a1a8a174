#!/usr/bin/perl
# No row of tools/bench takes more instructions than tests/speed.table allows,
# whichever gate its system calls come by. A row that does is counted twice
# more: the clock's interrupts count as well, and there are more of them in a
# boot that waits for a busy host's disk.
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

sub bench {
    my ($status, $out) = sh("tools/bench --instr --json $file @_");
    BAIL_OUT("tools/bench: $out") if !-e $file;
    my $got = JSON::PP->new->decode(slurp($file))->{instr};
    unlink $file;
    diag $out if $status > 1;
    return $got;
}

for my $gate (65, 64) {
    my @gate = $gate == 64 ? '--gate 64' : ();
    my $got = bench(@gate);
    for (@table) {
        my ($row, $most) = @$_;
      SKIP: {
            skip "$row needs build/insns.so", 1
                if $row =~ /^(boot_|spin_lock)/ && !-e "$BUILD/insns.so";
            for (1 .. 2) {
                last if ($got->{$row} // 'inf') <= $most;
                my $again = bench(@gate, $row)->{$row};
                $got->{$row} = $again if defined $again &&
                    $again < ($got->{$row} // 'inf');
            }
            cmp_ok $got->{$row} // 'inf', '<=', $most,
                "$row: within its target by int \$$gate";
        }
    }
}

done_testing;
