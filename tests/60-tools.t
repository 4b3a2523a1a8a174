#!/usr/bin/perl
# Every tool says in one line what is wrong, and its status says that too.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $dir = scratch();

sub fails {
    my ($cmd, $says, $want) = @_;
    my ($status, $out) = sh($cmd);
    $want ? is($status, $want, "$cmd: status $want")
          : isnt($status, 0, "$cmd: fails");
    like $out, $says, "$cmd: says why";
    unlike $out, qr/ at \S+ line \d+/, "$cmd: in the user's words";
}

my $junk = put("$dir/junk", 'x' x 100000);
my $long = 'x' x 600;

# bootargs
Image::copy($IMG, "$dir/img");
fails('tools/bootargs', qr/usage:/);
fails('tools/bootargs a b c', qr/usage:/);
fails("tools/bootargs $dir/none", qr/No such file/);
fails("tools/bootargs $junk", qr/not a Teak disk image/);
fails("tools/bootargs $dir/img $long", qr/511 is the limit/);
fails("tools/bootargs $dir/img 'run=\"ls'", qr/quote is not closed/);
my ($status, $out) = sh("tools/bootargs $dir/img 'cpus=1 x=\"a b\"'; "
                      . "tools/bootargs $dir/img");
is $out, "cpus=1 x=\"a b\"\n", 'bootargs shows what it set';
($status, $out) = sh("tools/bootargs $dir/img ''; tools/bootargs $dir/img");
is $out, "\n", 'bootargs sets nothing';

# mkimage
fails('tools/mkimage', qr/usage:/);
fails("tools/mkimage --fsmb 0 $dir/o $BUILD/boot.bin $BUILD/kernel.bin "
    . "$BUILD/fs.img", qr/usage:/);
fails("tools/mkimage $dir/o $junk $BUILD/kernel.bin $BUILD/fs.img",
      qr/no boot loader/);
fails("tools/mkimage --fsmb 1 $dir/o $BUILD/boot.bin $BUILD/kernel.bin "
    . "$BUILD/fs.img", qr/larger than 1 MB/);
fails("tools/mkimage $dir/no/o $BUILD/boot.bin $BUILD/kernel.bin "
    . "$BUILD/fs.img", qr/No such file/);
ok !-e "$dir/o", 'mkimage leaves no half-made image';

# mkfs, fsck
fails("$BUILD/mkfs", qr/usage/i);
fails("$BUILD/mkfs $dir/fs $dir/none", qr/none/);
fails("$BUILD/mkfs -s 40 $dir/fs $BUILD/kernel.elf", qr/\w/);
ok !-e "$dir/fs", 'mkfs leaves no half-made file system';
fails("$BUILD/fsck", qr/usage/i, 8);
fails("$BUILD/fsck -x $junk", qr/usage/i, 8);
fails("$BUILD/fsck -y $junk", qr/neither a file.*no superblock/s, 8);
like((sh('tools/fsck --help'))[1], qr/^usage: fsck .*-y +mend/s, 'fsck --help');
is((sh('tools/fsck --help'))[0], 0, 'fsck --help: status 0');
fails("$BUILD/fsck $dir/none", qr/cannot open/i);
fails("$BUILD/fsck $junk", qr/\w/);
($status, $out) = sh("$BUILD/mkfs -s 1000 $dir/fs LICENSE Makefile=mk && "
                   . "$BUILD/fsck $dir/fs");
is $status, 0, 'a small file system is made and is right' or diag $out;
fails("$BUILD/mkfs $dir/o LICENSE=a/b Makefile=a", qr/a is a directory/);
fails("$BUILD/mkfs $dir/o LICENSE=a Makefile=a/b", qr/a is a file/);
fails("$BUILD/mkfs $dir/o LICENSE=a//b", qr/no name for a file/);
fails("$BUILD/mkfs $dir/o LICENSE=a/../b", qr/no name for a file/);
fails("$BUILD/mkfs $dir/o LICENSE=a/fifteencharacte", qr/fifteenc.* 14 bytes/);
ok !-e "$dir/o", 'mkfs leaves no half-made file system';
my @many = map { "LICENSE=many/$_" } 1 .. 300;
($status, $out) = sh("$BUILD/mkfs -s 1500 $dir/fs LICENSE=man/1/ls "
    . "Makefile=/man/1/ls Makefile=etc/fourteen-bytes @many && "
    . "$BUILD/fsck $dir/fs");
is $status, 0, 'a file system with directories' or diag $out;
like $out, qr/^clean: 314 inodes/, 'and all that was named in it';

# crash, soak
fails("$BUILD/crash", qr/usage:/, 2);
fails("$BUILD/crash $junk $junk 1 1 1", qr/neither a file system/, 2);
fails('tools/crash nonsense', qr/usage:/, 2);
fails("tools/crash --build $dir", qr/mkfs/, 2);
fails('tools/soak nonsense', qr/usage:/, 2);
fails("tools/soak --minutes 0.001 --build $dir --keep $dir/soak host",
      qr/seed (\d+).*FAILED.*\n\nhost +\d+ jobs, .* 0 disks, [1-9]/s, 1);
my ($kept) = glob "$dir/soak/*/";
ok $kept && -s "$kept/command" && -s "$kept/output",
    'soak keeps what failed, and how to do it again';

# run
fails('tools/run', qr/usage:/, 2);
fails('tools/run --nonsense ls', qr/usage:/, 2);
fails("tools/run --image $dir/none ls", qr/No such file/, 2);
fails("tools/run --image $junk ls", qr/not a Teak disk image/, 2);
fails("tools/run --image $IMG $long", qr/511 is the limit/, 2);
fails("QEMU=/nonexistent tools/run --image $IMG ls", qr/tools\/setup/, 2);
fails("tools/run --image $IMG --timeout 3 'sleep 100000'",
      qr/no end after 3 seconds/, 124);
fails("tools/run --image $IMG --cpu nonsense ls", qr/without a status/, 125);
is((guest('exit 0'))[0], 0, 'run: status 0');
is((guest('false'))[0], 1, 'run: status 1');
is((guest('exit 255'))[0], 255, 'run: status 255');
is((guest('nosuchprogram'))[0], 127, 'run: a program that is not there');
($status, $out) = guest('poweroff');
is $status, 0, 'run: the guest switches itself off';
like((guest('echo one; echo two'))[1], qr/^one\ntwo$/m, 'run: no CR in lines');

# Several at once.
my @kids = map {
    my $n = $_;
    my $pid = fork;
    if ($pid == 0) {
        my ($status, $out) = guest("exit $n", cpus => 1, mem => 32);
        POSIX::_exit($status == $n ? 0 : 1);
    }
    $pid;
} 1 .. 4;
my $good = grep { waitpid $_, 0; $? == 0 } @kids;
is $good, 4, 'run: four at once';

# layers, setup, ksyms, make
fails("mkdir -p $dir/k && cp *.h $dir/k && echo '#include \"proc.h\"' "
    . ">$dir/k/lib.c && tools/layers $dir/k", qr/lib\.c:1: layer 1/);
put("$dir/k/proc.c", "int x(void) { return 0; }\n");
put("$dir/k/lib.c", "int x(void);\nint y(void) { return x(); }\n");
fails("mkdir $dir/o && mkdir $dir/o/kernel && "
    . "cc -c -o $dir/o/kernel/proc.o $dir/k/proc.c && "
    . "cc -c -o $dir/o/kernel/lib.o $dir/k/lib.c && "
    . "tools/layers $dir/k $dir/o",
      qr/lib\.c: layer 1 uses x, which proc\.c of layer 6 defines/);
fails("rm $dir/k/lib.c $dir/k/proc.c; touch $dir/k/newfile.c; tools/layers $dir/k",
      qr/newfile\.c: in no layer: add it/);
fails('tools/setup --nonsense', qr/usage:/, 2);
($status, $out) = sh('tools/setup');
is $out, "setup: nothing is missing\n", 'setup with nothing to do';
fails("make BUILD=$dir/b CC=nonsense-cc", qr/nonsense-cc/);

done_testing;
