#!/usr/bin/perl
# usertests, whole and, on other machines, the quick part. They leave a sound
# file system behind.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $disk = scratch() . '/disk';
Image::copy($IMG, $disk);
for my $case (['whole, 2 CPUs', 'usertests', timeout => 400],
              ['quick, 1 CPU', 'usertests -q', cpus => 1, timeout => 200],
              ['quick, 4 CPUs, 8 MB', 'usertests -q', cpus => 4, mem => 8,
                  timeout => 300, image => $disk, keep => 1]) {
    my ($name, $cmd, %opt) = @$case;
    my ($status, $out) = guest($cmd, %opt);
    is $status, 0, "$name: status";
    like $out, qr/^\d+ passed, 0 failed/m, "$name: summary"
        or diag join "\n", grep { /fail|panic|kill|broken|trap/i }
            split /\n/, $out;
}

my ($sound, $said) = sh("$BUILD/fsck $disk");
is $sound, 0, 'fsck finds nothing after the tests' or diag $said;

# As somebody types it who has not asked for the tests' hooks.
my ($status, $out) = guest('usertests cow inject pointers pipe', timeout => 200,
                           args => 'test=off');
is $status, 0, 'without test=on: status';
like $out, qr/^# the kernel is not recounted: boot with test=on$/m,
    'why nothing is recounted';
like $out, qr/^ok pipe_end_of_file$/m, 'other cases run';
like $out, qr/^skip \w+: needs the boot argument test=on$/m,
    'those that need it are skipped';
like $out, qr/^\d+ passed, 0 failed, \d+ skipped$/m, 'without test=on: summary';

($status, $out) = guest('usertests nosuchcase');
isnt $status, 0, 'a case that does not exist is an error';

done_testing;
