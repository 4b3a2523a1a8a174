#!/usr/bin/perl
# What needs no emulator: the layers, and the pure code on the host under
# the sanitizers.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my ($status, $out) = sh('make check');
is $status, 0, 'make check' or diag $out;

done_testing;
