#!/usr/bin/perl
# The promise of docs/07-disk.md, in a thousand states that a power cut may
# leave of recorded workloads: the tree, whole calls, what fsync promised, no
# byte from elsewhere. Teak replays the log as the host does. With a FLUSH
# ignored states fail, so the checks can.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

for my $case ([1, '--cpus 2 --mem 64'], [2, '--cpus 1 --mem 12']) {
    my ($seed, $options) = @$case;
    my ($status, $out) = sh("tools/crash --build $BUILD --seed $seed $options "
                          . '--states 500 --boots 10');
    is $status, 0, "seed $seed $options" or diag $out;
    like $out, qr/^seed $seed: 500 states .*: 0 failed$/m, '500 states';
    my ($booted, $replayed) = $out =~ /^(\d+) booted, (\d+) of them replayed/m;
    is $booted, 10, 'Teak boots from ten of them';
    cmp_ok $replayed // 0, '>', 2, 'and replays a log';
}

my ($status, $out) = sh("tools/crash --build $BUILD --seed 3 --states 2000 "
                      . '--ignore-flush');
is $status, 1, 'a drive that ignores a FLUSH is found out' or diag $out;
for my $kind (qw(log header home)) {
    my ($failed) = $out =~ /^FLUSH of $kind ignored: (\d+) failed$/m;
    cmp_ok $failed // 0, '>', 0, "when it was that after the $kind";
}

done_testing;
