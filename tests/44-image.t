#!/usr/bin/perl
# tools/image: files go into a disk image and come out as they were; whatever
# is done, or interrupted, leaves a sound file system; an image that is in use
# or damaged is left alone; a log that waits counts.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;
use Time::HiRes qw(sleep);

my $dir = scratch();
my $img = "$dir/img";
my $START = 4 << 20;                # of the file system in the image
my $BLOCK = 4096;
$ENV{TZ} = 'UTC';
$ENV{TEAK_BUILD} = $BUILD;

sub image {
    my ($cmd) = @_;
    return sh("tools/image -i $img $cmd");
}

sub works {
    my ($cmd, $want, $what) = @_;
    my ($status, $out) = image($cmd);
    $what ||= "image $cmd";
    is $status, 0, $what or diag $out;
    return if !defined $want;
    ref $want ? like($out, $want, "$what: output")
              : is($out, $want, "$what: output");
}

sub fails {
    my ($cmd, $says) = @_;
    my ($status, $out) = image($cmd);
    is $status, 1, "image $cmd: fails";
    like $out, $says, "image $cmd: says why";
}

sub clean {
    my ($status, $out) = sh("$BUILD/fsck $img");
    is $status, 0, "fsck finds nothing $_[0]" or diag $out;
}

# A file of random bytes.
sub noise {
    my ($name, $size) = @_;
    srand $size;
    my $some = join '', map { chr rand 256 } 1 .. 9973;
    return put("$dir/$name", substr $some x (1 + $size / 9973), 0, $size);
}

sub md5 { return (sh("md5sum <$_[0]"))[1] }

# A small image: 8 MB of files.
sub fresh {
    my ($status, $out) = sh("$BUILD/mkfs -i 200 -s 2048 -l 64 $dir/fs "
        . "LICENSE=a/license Makefile && tools/mkimage --fsmb 8 --swapmb 1 "
        . "$img $BUILD/boot.bin $BUILD/kernel.bin $dir/fs");
    is $status, 0, 'a small image' or diag $out;
}

# --- what the commands do --------------------------------------------------

fresh();
works('ls', "Makefile\na/\nconsole\ndev/\nnull\nzero\n");
works('ls -R /', "/:\nMakefile\na/\nconsole\ndev/\nnull\nzero\n\n/a:\nlicense\n"
    . "\n/dev:\nevents\nnull\nzero\n");
works('ls -l a', qr/^- +1 +\d+  \d{4}-\d\d-\d\d \d\d:\d\d  license$/);
works('mkdir -p /x/y/z etc', '');
works('put LICENSE etc/motd', '');
works("put - /x/y/note </dev/null", '');
works('cat etc/motd', slurp('LICENSE'));
works("get a/license $dir/out", '');
is slurp("$dir/out"), slurp('LICENSE'), 'get: the file';
works("get a/license -", slurp('LICENSE'));
is +(stat "$dir/out")[9], (stat 'LICENSE')[9], 'get: its time';
noise('some', 50000);
utime 1e9, 1e9, "$dir/some";
works("put $dir/some Makefile /x", '');
works('ls -l x/some', "-     1      50000  2001-09-09 01:46  x/some\n");
works('mv /x/y /x/some etc', '');
works('ls -R etc', "etc:\nmotd\nsome\ny/\n\netc/y:\nnote\nz/\n\netc/y/z:\n");
works('mv etc/some etc/motd', '');
works("get etc/motd - | cmp - $dir/some", '', 'mv replaces');
works('rm -f nothing etc/motd', '');
works('rm -r x', '');
clean('after all that');

for my $size (0, 1, 4095, 4096, 4097, 40960, 40961, (10 + 1024) * 4096,
              (10 + 1024) * 4096 + 1, 5_000_000) {
    noise('big', $size);
    image('rm -f big');
    works("put $dir/big /big", '', "put $size bytes");
    works("get big - | cmp - $dir/big", '', "get $size bytes");
}
clean('with a large file');
works('df', qr/^\d+ of 7\d\d\d KB in use, \d+ of 199 files$/);
works("get -r / $dir/all", qr/^image: \/console is a device.*\n(?:.*\n){5}$/);
is((sh("cd $dir/all && find . | LC_ALL=C sort"))[1],
   join('', map { "$_\n" } qw(. ./Makefile ./a ./a/license ./big ./dev ./etc ./etc/y ./etc/y/note ./etc/y/z)), 'get -r');
works("put -r $dir/all/a $dir/all/etc a/", '');
works("get -r a $dir/again", '');
is((sh("diff -r $dir/all/a $dir/again/a && "
       . "diff -r $dir/all/etc $dir/again/etc"))[1],
   '', 'put -r');
my ($status, $out) = sh('tools/image --help');
is $status, 0, '--help';
like $out, qr/^usage: image .*\bmkdir -p?|mkdir \[-p\]/s, 'and it helps';

# --- what cannot be done ---------------------------------------------------

my $before = md5($img);
fails('', qr/^usage:/);
fails('nonsense', qr/^usage:/);
fails('ls -x', qr/usage:/);
fails('get', qr/^usage:/);
fails('ls none', qr/^image: none: no such file in the image$/);
fails('get a', qr/a is a directory; use get -r/);
fails('get console', qr/console is a device/);
fails('get a/license none/none', qr/cannot create none\/none: No such file/);
fails('get a/license Makefile none', qr/none is no directory for several/);
fails("put $dir/none", qr/cannot open .*none: No such file/);
fails("put $dir", qr/is a directory; use put -r/);
fails('put LICENSE none/x', qr/none\/x: no such directory in the image/);
fails('put LICENSE README none', qr/none: no such directory in the image/);
fails('put LICENSE console', qr/console is a device/);
fails('put LICENSE fifteencharacte', qr/has at most 14 bytes/);
fails('put - / </dev/null', qr/a file needs a name/);
fails('mkdir a', qr/a: there is a directory of that name/);
fails('mkdir -p Makefile/b', qr/Makefile: there is a file of that name/);
fails('mkdir none/b', qr/no such directory/);
fails('rm a', qr/a is a directory; use rm -r/);
fails('rm none', qr/no such file/);
fails('rm -r /', qr/no name for that/);
fails('rm -r a/..', qr/no name for that/);
fails('mv a a/b', qr/a cannot go into itself/);
fails('mv etc a/license', qr/there is a file of that name/);
fails('mv none b', qr/no such file/);
noise('huge', 9_000_000);
fails("put $dir/huge", qr/no room for 9000000 bytes/);
fails("put - huge <$dir/huge", qr/no room/);
fails("put -r $dir/all /new", qr/no room/);
is((sh("tools/image -i $dir/none ls"))[1],
   "image: cannot open $dir/none: No such file or directory\n", 'no image');
is((sh("tools/image -i LICENSE ls"))[1], "image: LICENSE: neither a file "
   . "system nor a disk with partitions\n", 'something else');
is((sh("tools/fsck $img"))[0], 0, 'nothing of that did harm');

# All inodes, all blocks: what fits stays, the rest is not there.
mkdir "$dir/many";
put("$dir/many/$_", $_) for 1 .. 200;
fails("put -r $dir/many /", qr/no room left in the image/);
clean('when there are no more inodes');
sh("tools/image -i $img rm -rf many");
works("put -r $dir/many/1 /one", '');
noise('seven', 3_000_000);
my $fits = 0;
$fits++ while $fits < 9 && (image("put $dir/seven f$fits"))[0] == 0;
cmp_ok $fits, '>', 0, 'put until it is full';
clean('when it is full');
works('rm ' . join(' ', map { "f$_" } 0 .. $fits - 1), '');
sh("tools/image -i $img rm big");
works("put $dir/seven again", '');
works("put $dir/some again", '', 'a smaller one in its place');
works("get again - | cmp - $dir/some", '');
clean('after that');

# --- at random, and a directory of the host beside it ----------------------

srand($ENV{TEAK_SEED} || 1);
fresh();
my $twin = "$dir/twin";
image('rm -r console null zero dev');
image("get -r / $twin");
my @sizes = map { noise("r$_", $_ ** 4) } 2, 6, 15, 25, 35;
my $bad = '';
sub found {
    return map { s/^\Q$twin\E//r } split /\n/, (sh("find $twin $_[0]"))[1];
}
for my $n (1 .. 150) {
    my @dirs = found('-type d');
    my @files = found('-type f');
    my $d = $dirs[rand @dirs];
    my $f = @files ? $files[rand @files] : "$d/f";
    my $new = "$d/" . join '', map { ('a' .. 'e')[rand 5] } 1 .. 1 + rand 3;
    my $h = $sizes[rand @sizes];
    my ($ours, $theirs) = @{(
        ["put $h $new", "[ ! -d $twin$new ] && cp $h $twin$new"],
        ["put $h $f", "[ -e $twin$d ] && cp $h $twin$f"],
        ["mkdir $new", "mkdir $twin$new"],
        ["rm $f", "rm $twin$f"],
        ["mv $f $new", "[ $f = $new ] || mv $twin$f $twin$new"],
        ["rm -r $new", "[ -e $twin$new ] && rm -r $twin$new"],
        ["mv $d $new", "[ '$d' ] && false"],
    )[rand 7]};
    next if $ours =~ /^(?:put|mv)/ && -d "$twin$new";
    my ($got, $said) = image($ours);
    my ($want) = sh($theirs);
    my ($fs, $fsck) = sh("$BUILD/fsck $img");
    next if ($got == 0) == ($want == 0) && $fs == 0;
    $bad = "$n: $ours: $got, $want\n$said$fsck";
    last;
}
is $bad, '', '150 random commands do what the host does';
works("get -r / $dir/result", '');
is((sh("diff -r $twin $dir/result"))[1], '', 'to the same files');

# --- killed in the middle --------------------------------------------------

fresh();
sh("mkdir $dir/src && cd $dir/src && for i in 1 2 3 4 5 6; do "
 . "cp $TOP/Makefile f\$i; mkdir d\$i; cp $TOP/LICENSE $TOP/README d\$i; done");
works("put -r $dir/src /old", '');
works("put $dir/big /old/f1", '');
my ($killed, $harmed) = (0, '');
for my $n (1 .. 40) {
    my $pid = fork;
    exec "$BUILD/imagetool", '-i', $img, 'put', '-r', "$dir/src", "/new$n"
        if $pid == 0;
    sleep rand 0.012;
    kill 'KILL', $pid;
    waitpid $pid, 0;
    $killed++ if $?;
    my ($st, $said) = sh("$BUILD/fsck $img");
    $harmed ||= "$n: $said" if $st;
    image("rm -rf /new$n");
}
cmp_ok $killed, '>', 3, "put was killed $killed times";
is $harmed, '', 'and fsck found nothing then';
works("get old/f1 - | cmp - $dir/big", '', 'an old file is as it was');

# --- a log that waits ------------------------------------------------------

fresh();
my $old = slurp($img);
works('put LICENSE note', '');
my $new = slurp($img);

sub log_sum {
    my ($h, $bytes) = @_;
    use integer;
    for my $word (unpack 'V*', $bytes) {
        $h = (($h ^ ($h >> 15) ^ $word) * 0x9e3779b1) & 0xffffffff;
    }
    return $h;
}

sub block { return substr $_[0], $START + $_[1] * $BLOCK, $BLOCK }

my ($logstart, $nlog, $first) = (unpack 'V13', block($old, 0))[4, 5, 6];
my @changed = grep { block($old, $_) ne block($new, $_) } $first .. 2047;
my $copies = join '', map { block($new, $_) } @changed;
my $home = pack 'V*', @changed;
my $sum = log_sum(0x4b414554, pack('V2', scalar @changed, 9) . $home . $copies);
substr($old, $START + $logstart * $BLOCK, 16 + length $home) =
    pack('V4', 0x4b414554, scalar @changed, 9, $sum) . $home;
substr($old, $START + ($logstart + 1) * $BLOCK, length $copies) = $copies;
put($img, $old);
$before = md5($img);
works('cat note', slurp('LICENSE'), 'a log that waits counts');
is md5($img), $before, 'and reading changes nothing';
works('rm note', '');
clean('after the log was replayed');
fails('cat note', qr/no such file/);

# --- damaged, in use -------------------------------------------------------

my $whole = slurp($img);
substr($whole, $START + $first * $BLOCK, 1) = "\0";
put($img, $whole);
fails('ls', qr/^image: the file system is damaged: .*fsck -y \Q$img\E$/);
fails('rm Makefile', qr/damaged/);
is slurp($img), $whole, 'a damaged image is left alone';

Image::copy($IMG, $img);
works('put LICENSE /motd', '');
my $t = boot(image => $img, keep => 1);
is $t && $t->command('cat /motd') . "\n", slurp('LICENSE') =~ s/\n+\z/\n/r,
    'Teak reads the file';
fails('ls', qr/^image: \Q$img\E is in use; end the emulator first$/);
fails('put LICENSE x', qr/is in use/);
like((sh("$BUILD/fsck -y $img"))[1], qr/^fsck: .* is in use/, 'fsck -y, too');
if ($t) {
    $t->command('ln motd linked; sync');
    $t->quit;
}
works('ls motd', "motd\n", 'when the emulator has ended it is free again');
works("put $dir/some motd", '');
works("get linked - | cmp - $dir/some", '', 'put: all links see it');
works('rm motd', '');
works("get linked - | cmp - $dir/some", '', 'rm: the other link stays');
clean('after Teak and we have had it');
chmod 0444, $img;
works('ls linked', "linked\n", 'a file that can only be read');

done_testing;
