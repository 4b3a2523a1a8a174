#!/usr/bin/perl
# The C library answers thousands of random questions as the host's does: the
# same program, in plain C and POSIX, is compiled for both.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $dir = scratch();
my $cc = $ENV{HOSTCC} || 'cc';
my ($status, $out) = sh("$cc -D_GNU_SOURCE -w -O1 -o $dir/libc "
    . "$FindBin::Bin/../user/utx_libc.c && cd $dir && ./libc");
plan skip_all => "no C library to compare with: $out" if $status;
my %host = $out =~ /^(\w+) ([0-9a-f]+)$/mg;
cmp_ok scalar(keys %host), '>=', 13, 'the host answers' or diag $out;

($status, $out) = guest('utx_libc', timeout => 120);
is $status, 0, 'its status';
my %teak = $out =~ /^(\w+) ([0-9a-f]+)$/mg;
is $teak{$_}, $host{$_}, "$_ (compare: utx_libc -v $_)" for sort keys %host;

done_testing;
