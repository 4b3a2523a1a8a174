#!/usr/bin/perl
# Other machines than QEMU's "pc" with a disk on IDE: SATA disks on AHCI
# controllers, controllers without a driver, floppies, little memory; and
# other emulators, Bochs and v86.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

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
my $conf = put(scratch() . '/conf', "[inject-error]\nevent = \"read_aio\"\n"
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

# A drive that says nothing for a while: a time limit, a reset, and nothing
# is lost.
my $t = boot(machine => 'q35') or BAIL_OUT('q35: no prompt');
sub monitor {
    $t->send("\x01c");
    $t->expect(qr/\(qemu\) /);
    $t->send("$_[0]\n");
    $t->expect(qr/\(qemu\) /);
    $t->send("\x01c\n");
}
monitor('block_set_io_throttle ide0-hd0 0 0 50 0 0 0');
$t->send("cp README y; sync; echo done\n");
ok defined $t->expect(qr/ahci0\.\d: no answer; reset/),
    'AHCI: a silent drive is reset';
monitor('block_set_io_throttle ide0-hd0 0 0 0 0 0 0');
ok defined $t->expect(qr/(?<!echo )done\n/, 60), 'AHCI: and goes on';
$t->send("cmp README y; echo status \$?\n");
like $t->expect(qr/status \d+/), qr/status 0/, 'AHCI: with nothing lost';
$t->quit;

# Both kinds of controller in one machine, the system on either; and kinds
# that the firmware boots from and Teak does not.
my @SECOND = ('-drive', 'file=' . put(scratch() . '/empty', "\0" x 1048576)
    . ',format=raw,if=none,id=e', '-device', 'ahci,id=a');
($status, $out) = guest('cat README | wc',
    qemu => [@SECOND, '-device', 'ide-hd,bus=a.3,drive=e']);
like $out, qr/^ide0.*^ahci0\.3: .* 1 MB.*^\s*$sum /ms,
    'the system on IDE, another disk on AHCI' or diag $out;
($status, $out) = guest('cat README | wc', drive => 'file=%s,format=raw,'
    . 'if=none,id=d', qemu => [@SECOND, '-device',
    'ide-hd,bus=a.1,drive=d,bootindex=0', '-device',
    'ide-hd,bus=ide.0,drive=e']);
like $out, qr/^ide0.*^ahci0\.1: .*^\s*$sum /ms,
    'the system on AHCI, another disk on IDE' or diag $out;

my %UNDRIVEN = (
    'an NVMe'  => ['nvme,serial=1,drive=d'],
    'a virtio' => ['virtio-blk-pci,drive=d'],
    'a SCSI'   => ['lsi53c895a', 'scsi-hd,drive=d'],
);
for my $kind (sort keys %UNDRIVEN) {
    ($status, $out) = guest('echo here', drive => 'file=%s,format=raw,'
        . 'if=none,id=d', timeout => 20,
        qemu => [map { ('-device', $_) } @{$UNDRIVEN{$kind}}]);
    my $why = "disk: root disk is on $kind controller, for which there is no "
        . 'driver';
    like $out, qr/^$why$/m, "$kind controller is named" or diag $out;
}

# ---- small and old machines ----

# A floppy has no block numbers (no INT 13h extensions): cylinder, head and
# sector do. The root disk is another.
sub floppy {
    my ($length, %opt) = @_;
    my $floppy = scratch() . '/floppy';
    sh("head -c $length $IMG >$floppy");
    return boot(%opt, qemu => ['-drive', "file=$floppy,format=raw,if=floppy",
        '-boot', 'a']);
}
$t = floppy(1440 * 1024);
ok $t, 'the boot sector reads a floppy';
is $t && $t->command('cat README | wc | grep -c .'), '1', 'to the prompt';
$t = floppy(20 * 1024, noprompt => 1);
ok defined $t->expect(qr/Teak: no kernel on this disk/),
    'and says so when no kernel is on it';

for my $mem (1, 5) {
    $t = boot(mem => $mem, noprompt => 1);
    ok defined $t->expect(qr/Teak needs 6 MB of RAM/), "$mem MB are too few";
    $t->quit;
}
($status, $out) = guest('true', mem => 5, kernel => "$BUILD/kernel.elf");
like $out, qr/^Teak needs 6 MB of RAM$/m, '5 MB by Multiboot, too';
for my $cpus (1, 4) {
    ($status, $out) = guest('ls | wc && usertests -q cow; sh -c "exit 7"',
        mem => 6, cpus => $cpus);
    is $status, 7, "6 MB are enough, CPUs: $cpus" or diag $out;
    like $out, qr/\d passed, 0 failed/, 'and for usertests cow';
}

# Without ACPI the MP table tells of the CPUs, one for each socket.
($status, $out) = guest('echo here', machine => 'pc,acpi=off',
    qemu => ['-smp', '2,sockets=2']);
like $out, qr/^cpus: 2 of 2, APIC$/m, 'the MP table lists two CPUs';
like $out, qr/^here$/m, 'and they run';

# Entries of the MADT that are shorter than their type has to be say nothing,
# whatever follows them: here it would make APIC 4 of a CPU that is not there.
my $madt = scratch() . '/madt';
open my $h, '>:raw', $madt or die "$madt: $!\n";
print $h pack('V2', 0xfee00000, 1), pack('C*', 0, 2, 3, 4, 1, 0, 0, 2);
close $h or die "$madt: $!\n";
($status, $out) = guest('echo here', cpus => 1,
    qemu => ['-acpitable', "sig=APIC,data=$madt"]);
like $out, qr/^cpus: 1 of 1, APIC$/m, 'short entries add no CPU' or diag $out;
like $out, qr/^here$/m, 'nor do they harm';

# ---- other emulators, where they are installed ----

# The image with a command to run, on a private copy.
sub prepared {
    my $image = scratch() . '/other';
    Image::copy($IMG, $image);
    my $h = Image::open_image($image, '+<');
    Image::write_args($h, join ' ', 'test=on', Image::quote('run',
        'ls | wc; echo hello; usertests -q cow; usertests -q dir; '
        . 'usertests -q exec_forgets_a_pending_fpu_exception'));
    return $image;
}

# What is there after a run, in a file or as output.
sub ran {
    my ($name, $out) = @_;
    like $out, qr/^hello$/m, "$name: a command runs" or diag $out;
    my $passed = () = $out =~ /^\d+ passed, 0 failed/mg;
    is $passed, 3, "$name: usertests cow, dir, one of exec" or diag $out;
}

# A Pentium II of 1997 has no FXSAVE, and Bochs raises what is pending at FRSTOR.
my $BOCHSBIOS = '/usr/share/bochs';
SKIP: {
    my ($lacks) = sh('command -v bochs');
    my ($gui) = sh('ls /usr/lib/*/bochs/plugins/libbx_term_gui.so');
    skip 'no Bochs with its terminal display (tools/setup --all)', 2
        if $lacks || $gui || !-e "$BOCHSBIOS/VGABIOS-lgpl-latest";
    my $image = prepared();
    my $serial = put(scratch() . '/serial', '');
    my $rc = put(scratch() . '/bochsrc', <<END);
display_library: term
romimage: file=$BOCHSBIOS/BIOS-bochs-latest
vgaromimage: file=$BOCHSBIOS/VGABIOS-lgpl-latest
megs: 64
cpu: model=p2_klamath, ips=50000000
clock: sync=none
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=disk, path="$image", mode=flat, cylinders=0
boot: disk
com1: enabled=1, mode=file, dev=$serial
com2: enabled=0
log: /dev/null
panic: action=fatal
END
    my $go = put(scratch() . '/go', "c\n");
    my ($master, $slave) = Teak::pty();
    my $pid = fork // die "fork: $!\n";
    Teak::exec_on($slave, 'sh', '-c', 'TERM=vt100 exec timeout ' . patience(90)
        . " bochs -q -f $rc -rc $go") if $pid == 0;
    my $screen = '';
    1 while sysread $master, $screen, 65536;    # until it has ended
    waitpid $pid, 0;
    my $out = do { local (@ARGV, $/) = $serial; <> } // '';
    ran('Bochs', $out =~ tr/\r//dr);
}

my $SEABIOS = '/usr/share/seabios';
my $V86 = $ENV{TEAK_V86} || "$TOP/$BUILD/npm/node_modules/v86";
SKIP: {
    my ($lacks) = sh('command -v node');
    skip 'no Node with v86, or no SeaBIOS (tools/setup --all)', 2
        if $lacks || !-d $V86 || !-e "$SEABIOS/bios.bin";
    ($status, $out) = sh('timeout ' . patience(60) . " node tests/v86.mjs $V86"
        . " $SEABIOS/bios.bin $SEABIOS/vgabios-stdvga.bin " . prepared());
    ran('v86', $out =~ tr/\r//dr);
}

done_testing;
