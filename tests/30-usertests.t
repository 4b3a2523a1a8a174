#!/usr/bin/perl
# usertests, whole and, on other machines, the quick part.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

for my $case (['whole, 2 CPUs', 'usertests', timeout => 400],
              ['quick, 1 CPU', 'usertests -q', cpus => 1, timeout => 200],
              ['quick, 4 CPUs', 'usertests -q', cpus => 4, timeout => 200],
              ['quick, 8 MB', 'usertests -q', mem => 8, timeout => 200]) {
    my ($name, $cmd, %opt) = @$case;
    my ($status, $out) = guest($cmd, %opt);
    is $status, 0, "$name: status";
    like $out, qr/^\d+ passed, 0 failed/m, "$name: summary"
        or diag join "\n", grep { /fail|panic|kill|broken|trap/i }
            split /\n/, $out;
}

my ($status, $out) = guest('usertests nosuchcase');
isnt $status, 0, 'a case that does not exist is an error';

done_testing;
