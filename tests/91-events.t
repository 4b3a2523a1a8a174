#!/usr/bin/perl
# The viewer's model against the kernel: what it knows from the events is what
# the snapshot at their end says, and each frame has as many owners as
# references.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Teak;
use Test::More;

my ($missing) = sh('command -v node');
plan skip_all => 'no node (tools/setup --web installs it)' if $missing;

my $file = scratch() . '/events';
# What others touch last is over when the last snapshot is made.
my ($status, $out) = guest('free; oomdemo; usertests -q cow mmap swap; sync; '
    . 'sleep 1; vmctl events off', args => 'events=1', events => $file,
    cpus => 4, mem => 8, timeout => 300);
is $status, 0, 'programs that do all there is, 4 CPUs, 8 MB' or diag $out;
($status, my $found) = sh("node tests/web/recount.mjs $file");
is $status, 0, 'the model reads the events' or BAIL_OUT($found);
my $m = decode_json($found);
is_deeply $m->{bad}, [], 'every line is understood';
is $m->{missing} + $m->{counts}{lost}, 0, 'none is missing';
ok $m->{snapshot}, 'they end with a snapshot';
is_deeply $m->{differences}, [], 'which says what the model knows';
is_deeply $m->{miscounted}, [], 'each reference has its owner';
my ($kb) = $out =~ /^memory +(\d+) total/m;
is $m->{frames} * 4, $kb, 'it knows where there is no memory';
cmp_ok $m->{counts}{COW}, '>', 100, 'copy-on-write was among it';
cmp_ok $m->{counts}{evictions}, '>', 50, 'and evictions';
is $m->{counts}{kills}, 1, 'who dies for want of memory is told';
done_testing;
