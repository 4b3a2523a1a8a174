#!/usr/bin/perl
# The same image boots on every machine of the matrix and runs a command.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my @MATRIX = (
    ['1 CPU',           cpus => 1],
    ['2 CPUs',          cpus => 2],
    ['4 CPUs',          cpus => 4],
    ['8 MB',            mem => 8],
    ['8 MB, 4 CPUs',    mem => 8, cpus => 4],
    ['64 MB',           mem => 64],
    ['3000 MB',         mem => 3000],
    ['no ACPI',         machine => 'pc,acpi=off'],
    ['no ACPI, 1 CPU',  machine => 'pc,acpi=off', cpus => 1],
    ['Pentium III',     cpu => 'pentium3'],
    ['every feature',   cpu => 'max'],
    ['Multiboot',       kernel => "$BUILD/kernel.elf"],
    ['Multiboot, 8 MB', kernel => "$BUILD/kernel.elf", mem => 8],
);

for my $case (@MATRIX) {
    my ($name, %opt) = @$case;
    my ($status, $out) = guest('echo here | cat && sh -c "exit 7"', %opt);
    is $status, 7, "$name: the command's status comes back";
    like $out, qr/^here$/m, "$name: its output too" or diag $out;
    unlike $out, qr/unknown argument/, "$name: no word is unknown";
}

# Quotes, backslashes, blanks and newlines survive on the way to the shell.
my ($status, $out) =
    guest(qq{echo "a  b" 'c"d' e\\\\f\necho g; sh -c 'exit 3'});
is $status, 3, 'a command of several lines';
like $out, qr/^a  b c"d e\\f\ng$/m, 'a command with all kinds of quotes';

($status, $out) = guest('echo $?', args => 'nonsense=1');
like $out, qr/unknown argument nonsense/, 'unknown boot arguments are reported';
is $status, 0, 'and ignored';

done_testing;
