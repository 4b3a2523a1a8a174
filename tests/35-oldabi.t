#!/usr/bin/perl
# A program built for xv6 runs unchanged and gets xv6's results.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $dir = scratch();
my ($status, $out) = sh("cp -a $BUILD $dir/b && make BUILD=$dir/b "
    . "$dir/b/oldabi/oldabi $dir/b/oldabi/big && "
    . "cp $dir/b/oldabi/oldabi $dir/_oldabi && "
    . "make BUILD=$dir/b IMG=$dir/img "
    . "EXTRA='$dir/_oldabi $dir/b/oldabi/big'");
is $status, 0, 'it builds and is put into an image' or diag $out;

for my $case ([cpus => 1], [cpus => 4], [mem => 8]) {
    ($status, $out) = guest('oldabi a b', image => "$dir/img", @$case);
    is $status, 0, "@$case: its status";
    like $out, qr/^oldabi: ok$/m, "@$case: all checks hold" or diag $out;
    like $out, qr/^oldabi: from exec$/m, "@$case: what it started ran";
}

# exec copies a program that is larger than what is free, part by part into
# swap; nobody has to die for that, neither it nor who runs beside it.
($status, $out) = guest('pressure anon 3 12 & sleep 1; big; big; wait',
                        image => "$dir/img", mem => 8, cpus => 1);
is $status, 0, 'a big program beside others: status';
is scalar(() = $out =~ /^big: ok$/mg), 2, 'it ran' or diag $out;
unlike $out, qr/kill proc/, 'nobody was killed';

done_testing;
