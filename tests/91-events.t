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

# Runs a command in Teak with events. What the model found, and the output.
sub recounted {
    my ($cmd, %opt) = @_;
    my $file = scratch() . '/events';
    my ($status, $out) = guest($cmd, args => 'events=1', events => $file,
                               timeout => 300, %opt);
    is $status, 0, "$cmd, $opt{cpus} CPUs, $opt{mem} MB" or diag $out;
    ($status, my $found) = sh("node tests/web/recount.mjs $file");
    is $status, 0, 'the model reads the events' or diag $found;
    return $status ? {} : decode_json($found);
}

for ([1, 64], [4, 8]) {
    my ($cpus, $mem) = @$_;
    # What others touch last is over when the snapshot is made.
    my $m = recounted('usertests -q cow mmap swap; sync; sleep 1; '
                      . 'vmctl events off', cpus => $cpus, mem => $mem);
    is_deeply $m->{bad}, [], 'every line is understood';
    is $m->{missing} + $m->{counts}{lost}, 0, 'none is missing';
    ok $m->{snapshot}, 'they end with a snapshot';
    is_deeply $m->{differences}, [], 'which says what the model knows';
    is_deeply $m->{miscounted}, [], 'each reference has its owner';
    cmp_ok $m->{counts}{COW}, '>', 100, 'copy-on-write was among it';
    cmp_ok $m->{counts}{evictions}, '>', 50, 'and evictions' if $mem == 8;
}

my $m = recounted('oomdemo; vmctl events off', cpus => 1, mem => 8);
cmp_ok $m->{counts}{kills}, '==', 1, 'who dies for want of memory is told';
done_testing;
