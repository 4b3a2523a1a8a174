#!/usr/bin/perl
# What the disk promises: files survive a reboot; the tree is consistent after
# power is cut in the middle of work, and after the log has been replayed (and
# after usertests: see 30-usertests.t).
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $disk = scratch() . '/disk';
Image::copy($IMG, $disk);

sub fsck_ok {
    my ($image, $when) = @_;
    my ($status, $out) = sh("$BUILD/fsck $image");
    is $status, 0, "fsck finds nothing $when" or diag $out;
}

fsck_ok($disk, 'in a new image');

my ($status, $out) = guest(
    'mkdir d; mkdir d/e; echo hello >d/e/f; cp usertests d; '
    . 'ln d/usertests g; mv d/e/f h; rm d/e; echo more >>h',
    image => $disk, keep => 1);
is $status, 0, 'files are made' or diag $out;
fsck_ok($disk, 'after that');
is Image::read_args(Image::open_image($disk, '<')), '',
    'the boot arguments are as before';

($status, $out) = guest('cat h; cmp g usertests && cmp d/usertests usertests',
                        image => $disk, keep => 1);
is $status, 0, 'they are there after a reboot' or diag $out;
like $out, qr/^hello\nmore$/m, 'with what was written';

# Power cut: the emulator is killed while programs write.
for my $seconds (0.5, 1.2, 2) {
    my $t = boot(image => $disk, keep => 1) or last;
    $t->send('stressfs & mkdir x; cp usertests x1; cp g x2; '
           . "mv x1 x3; rm x2; mkdir x/y; cp g x/z; stressfs\n");
    select undef, undef, undef, $seconds;
    $t->quit;
    $t = boot(image => $disk, keep => 1) or last;      # replays the log
    is $t->command('cat h'), "hello\nmore", 'old files outlive a power cut';
    $t->command('sync');
    $t->send("poweroff\n");
    is $t->ended, 0, 'power off';
    fsck_ok($disk, "after power was cut at $seconds s");
}

# Breaking something by hand must be seen.
sub damage {
    my ($at, $bytes) = @_;
    my $bad = scratch() . '/bad';
    Image::copy($disk, $bad);
    open my $h, '+<:raw', $bad or die;
    Image::put($h, (4 << 20) + $at, $bytes);
    close $h;
    return sh("$BUILD/fsck $bad");
}

($status) = damage(0, "\0" x 64);
isnt $status, 0, 'fsck notices a superblock that is gone';

open my $h, '<:raw', $disk;
seek $h, 4 << 20, 0;
read $h, my $super, 64;
my (undef, undef, undef, undef, undef, undef, $imap, undef, undef, undef,
    $inodes, undef, $bmap) = unpack 'V13', $super;
($status) = damage($imap * 4096, "\0" x 8);
isnt $status, 0, 'fsck notices inodes in use that are marked free';
($status) = damage($bmap * 4096, "\0" x 64);
isnt $status, 0, 'fsck notices blocks in use that are marked free';
($status) = damage($inodes * 4096 + 64 + 6, pack 'v', 77);
isnt $status, 0, 'fsck notices a wrong link count';
($status) = damage($inodes * 4096 + 64 + 16, pack 'V', 0xffffff);
isnt $status, 0, 'fsck notices a block number outside the file system';

# What the kernel refuses fsck refuses: a partition that is too short.
my $short = scratch() . '/short';
Image::copy($disk, $short);
open $h, '+<:raw', $short or die;
seek $h, 446, 0;
read $h, my $table, 64;
for my $i (0 .. 3) {
    my ($type, $start, $sectors) = unpack 'x4 C x3 V2', substr $table, 16 * $i;
    Image::put($h, 446 + 16 * $i + 12, pack 'V', $sectors - 8)
        if $start == (4 << 20) / 512;
}
close $h;
($status, $out) = sh("$BUILD/fsck $short");
is $status, 8, 'fsck notices a partition shorter than its file system';
like $out, qr/more blocks than the partition has/, 'and says so';
($status, $out) = guest('echo up', image => $short, timeout => 60);
like $out, qr/more blocks than the partition has/, 'and so does the kernel';
like $out, qr/panic: no file system/, 'which does not mount it';

# A table that lays swap over the files, or over the kernel, would destroy
# them: fsck names it, the kernel does without.
for my $case (['the kernel', 64, 8], ['the files', (8 << 20) / 512, 4096]) {
    my ($what, $start, $sectors) = @$case;
    my $over = scratch() . '/over';
    Image::copy($IMG, $over);
    open $h, '+<:raw', $over or die;
    Image::put($h, 446 + 16 + 8, pack 'V2', $start, $sectors);
    close $h;
    ($status, $out) = sh("$BUILD/fsck $over");
    is $status, 4, "fsck notices swap over $what";
    like $out, qr/^swap partition 2 lies over the files/m, 'and names it';
    ($status, $out) = guest('ls | wc && sh -c "exit 7"', image => $over,
                            keep => 1, timeout => 60);
    like $out, qr/^swap: disk 0, partition 2 lies over .*: not used$/m,
        'the kernel does not use it';
    is $status, 7, 'and runs without it' or diag $out;
}

done_testing;
