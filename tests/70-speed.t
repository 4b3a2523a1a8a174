#!/usr/bin/perl
# No row of tools/bench takes more instructions than tests/speed.table allows.
# Three are over it: that is to be mended, and must not get worse meanwhile.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Teak;
use Test::More;

my %TODO = (fstat => 330, read_4k => 1_800, read_64k_4k => 30_500);

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
        cmp_ok $got->{$row} // 'inf', '<=', $TODO{$row}, "$row: as it was"
            if $TODO{$row};
        local $TODO = $TODO{$row} ? 'over its target' : undef;
        cmp_ok $got->{$row} // 'inf', '<=', $most, "$row: within its target";
    }
}
diag $out if $status > 1;

done_testing;
