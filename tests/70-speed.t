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
my $got = do {
    open my $h, '<', $file or BAIL_OUT("tools/bench: $out");
    local $/;
    JSON::PP->new->decode(<$h>)->{instr};
};
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
