#!/usr/bin/perl
# No program gets ring 0 by any of the x86's doors, whatever the CPU has of
# them, on the first CPU or another.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

sub doors {
    my ($machine, $cpu, $cpus) = @_;
    my $name = "$machine, $cpu, cpus $cpus";
    my ($status, $out) = guest('usertests doors trap_forged_iret',
        machine => $machine, cpu => $cpu, cpus => $cpus);
    is $status, 0, "$name: status";
    like $out, qr/^\d+ passed, 0 failed/m, "$name: summary"
        or diag join "\n", grep { !/--kill proc/ } split /\n/, $out;
    unlike $out, qr/left out/, "$name: far returns too" if $cpu ne 'max';
}

for my $machine ('pc', 'q35') {
    for my $cpu ('pentium3', 'max') {
        doors($machine, $cpu, $_) for 1, 4;
    }
}
doors('pc', 'max,-smap', 2);    # where QEMU's far returns work

done_testing;
