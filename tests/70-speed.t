#!/usr/bin/perl
# No row of tools/bench takes more instructions than tests/speed.table allows.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Teak;
use Test::More;

my $file = scratch() . '/speed.json';
my ($status, $out) = sh("tools/bench --instr --json $file");
BAIL_OUT("tools/bench: $out") if !-e $file;
my $got = JSON::PP->new->decode(slurp($file))->{instr};
open my $table, '<', "$FindBin::Bin/speed.table" or BAIL_OUT("speed.table: $!");
while (<$table>) {
    my ($row, $most) = /^(\w+) ([1-9]\d*)/ or next;
  SKIP: {
        skip "$row needs build/insns.so", 1
            if $row =~ /^(boot_|spin_lock)/ && !-e "$BUILD/insns.so";
        cmp_ok $got->{$row} // 'inf', '<=', $most, "$row: within its target";
    }
}
diag $out if $status > 1;

done_testing;
