#!/usr/bin/perl
# Other machines than QEMU's "pc": a SATA disk on an AHCI controller.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

sub spew {
    my ($path, $text) = @_;
    open my $h, '>', $path or die "$path: $!\n";
    print $h $text;
    close $h or die "$path: $!\n";
    return $path;
}

my $README = do { local (@ARGV, $/) = "$TOP/README"; <> };
my $sum = () = $README =~ /\n/g;

# ---- AHCI ----

my @AHCI = (
    ['1 CPU',         cpus => 1],
    ['4 CPUs',        cpus => 4],
    ['the old PIC',   args => 'apic=off'],
    ['8 MB, swap',    mem => 8],
);

for my $case (@AHCI) {
    my ($name, %opt) = @$case;
    my ($status, $out) = guest('cp README x && sync && wc x; '
        . 'usertests -q file; pressure anon 12 && sh -c "exit 7"',
        machine => 'q35', %opt);
    is $status, 7, "AHCI, $name: commands run" or diag $out;
    like $out, qr/^ahci0\.\d+: .* DMA$/m, "AHCI, $name: and it is AHCI";
    like $out, qr/^\s*$sum /m, "AHCI, $name: a file is copied";
    like $out, qr/\d passed, 0 failed/, "AHCI, $name: usertests file";
}

# What is written is there after a restart.
my $disk = scratch() . '/disk';
Image::copy($IMG, $disk);
my ($status, $out) = guest('mkdir d && cp README d/a && sync',
    machine => 'q35', image => $disk, keep => 1);
is $status, 0, 'AHCI: a file is made' or diag $out;
($status, $out) = guest('cmp README d/a', machine => 'q35', image => $disk,
    keep => 1);
is $status, 0, 'AHCI: and read back after a restart' or diag $out;

# A block of /README that cannot be read: the emulator's disk says so, the
# program is told, and the rest runs.
sub readme_sector {
    my ($image, $n) = @_;
    my $want = substr $README, $n * 4096, 4096;
    open my $h, '<:raw', $image or die "$image: $!\n";
    for (my ($at, $block) = (0, ''); read $h, $block, 4096; $at += 8) {
        return $at if $block eq $want;
    }
    die "/README is not on the image as it is here\n";
}

Image::copy($IMG, $disk);
my $conf = spew(scratch() . '/conf', "[inject-error]\nevent = \"read_aio\"\n"
    . 'sector = "' . readme_sector($disk, 1) . "\"\n");
for my $machine ('q35', 'pc') {
    ($status, $out) = guest('cat README >x; echo status $?; cp /ls y && sync '
        . '&& cmp ls y && usertests -q stat_fields; head -n 1 README',
        machine => $machine, image => $disk, keep => 1,
        drive => "file=blkdebug:$conf:%s,format=raw,if=ide,index=0");
    like $out, qr/block \d+: read error/, "$machine: a bad sector is named";
    like $out, qr/^status [1-9]/m, "$machine: reading it fails" or diag $out;
    like $out, qr/1 passed, 0 failed/, "$machine: all else goes on";
    like $out, qr/^# Teak$/m, "$machine: and so do its neighbours";
}

done_testing;
