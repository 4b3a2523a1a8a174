#!/usr/bin/perl
# Memory under pressure: more is used than there is, and every byte checked;
# then a case of usertests has the kernel recounted.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

# What, megabytes, CPUs, the programs.
my @LOADS = (
    ['a heap of 20 MB on 10',        10, 1, 'pressure anon 20 2'],
    ['the same on 4 CPUs',           10, 4, 'pressure anon 20 2'],
    ['a mapped file of 20 MB on 8',   8, 2, 'pressure file 20'],
    ['heap and file in turn on 8',    8, 4, 'pressure iter 10'],
    ['10 children of 4 MB on 40',    40, 4, 'pressure fork 10 4'],
    ['6 children of 3 MB on 8',       8, 2, 'pressure fork 6 3'],
    ['shared anonymous memory on 8',  8, 4, 'pressure share 6'],
    ['a lost page in 68,000 places', 24, 2, 'pressure names 68 1000'],
    ['merge sort of 24 MB on 12',    12, 2, 'pressure sort 24'],
    ['a file of 20 MB copied on 8',   8, 2, 'pressure copy 20'],
    ['short processes beside a hog', 10, 2,
        'pressure anon 16 3 & stressfs 3 2; ls | wc; ls | wc; wait'],
    ['random calls against a model', 10, 4, 'exerciser 1 400 6'],
    ['more of them on 16 MB',        16, 1, 'exerciser 85 600 10'],
);

for my $load (@LOADS) {
    my ($name, $mem, $cpus, $cmd) = @$load;
    my ($status, $out) = guest("$cmd && usertests fork_returns_pid_once",
        mem => $mem, cpus => $cpus, timeout => 150);
    is $status, 0, $name or diag $out;
}

# Three bombs at once: the shell lives, and afterwards all is as before.
for my $cpus (1, 4) {
    my ($status, $out) = guest('pressure eat 5 & pressure fill 5 & '
        . 'pressure bomb 5 & sleep 1; ls | wc; wait; sleep 2; '
        . 'ls | grep README; echo still here',
        mem => 16, cpus => $cpus, timeout => 100);
    like $out, qr/still here/, "bombs, $cpus CPUs: the shell answers";
    unlike $out, qr/panic/, 'no panic';
}

# When all is used up, the one that used it goes, with the reason.
my ($status, $out) = guest('pressure anon 100; echo $?', mem => 8, timeout => 60);
like $out, qr/trap 14 .* addr 0x[0-9a-f]+--kill proc \(out of memory\)/,
    'the eater is told why';
like $out, qr/^139$/m, 'and its status says so';

# A file four times as large as memory, read from end to end, does not drive
# the programs out: not the shell's text, and those that run after it need
# fewer pages read again than they have.
my $sh = 4;
($status, $out) = guest("pressure scan 40 1; sync; vmstat; vmmap $sh; "
    . "pressure scan 40 2; vmstat; vmmap $sh; ps", mem => 10, timeout => 100);
my @file = $out =~ /^\s*(\d+)\s+file\s/mg;
cmp_ok $file[-1] - $file[0], '<', 40, 'a scan leaves the programs their text'
    or diag $out;
my @text = $out =~ /^\S+ r-p text\s+\d+\s+(\d+)/mg;
like $out, qr/^\s*$sh\s.*\bsh$/m, "process $sh is the shell";
ok @text == 2 && $text[0] > 0 && $text[1] >= $text[0], 'and the shell its own'
    or diag $out;

# In a loop over too much the clock and the sweep do worst, by lot is better;
# what is in use, while a stream passes, the clock keeps best.
($status, $out) = guest('policy 24 2', mem => 10, timeout => 100);
my %in = $out =~ /^((?:loop|zipf|scan) +(?:clock|sweep|random)) +(\d+)/mg;
s/ +/ / for my @keys = keys %in;
@in{@keys} = values %in;
is scalar(@keys), 9, 'each policy on each pattern' or diag $out;
cmp_ok $in{'loop random'}, '<', $in{'loop clock'}, 'loop: by lot is better';
cmp_ok $in{'scan clock'}, '<', $in{'scan random'}, 'scan: the clock is better';

# Swapping in bulk, which writes as much as it reads, against plain reading.
# The clock is the host's, which may have other work in one half of a run: a
# slow swap would be too slow in each of them.
my ($plain, $in) = (1, 0);
for (1 .. 4) {
    ($status, $out) = guest('pressure speed 40', mem => 16, timeout => 100);
    ($plain) = $out =~ /plain read\s+(\d+)/;
    ($in) = $out =~ /swap in\s+(\d+)/;
    diag "plain $plain KB/s, swapping in $in KB/s";
    last if 3 * $in >= $plain;
}
cmp_ok 3 * $in, '>=', $plain, 'swapping in: a third of plain reading'
    or diag $out;

# A slot, a disk request, a frame that cannot be had makes no difference to a
# program that only uses memory: there is another way each time.
for my $fail (qw(fail.slot=1 fail.slot=70 fail.disk=300 fail.disk=900
                 fail.write=500 fail.kalloc=1000)) {
    ($status, $out) = guest('pressure anon 12 2 && '
        . 'usertests fork_returns_pid_once', mem => 8, args => $fail);
    is $status, 0, $fail or diag $out;
}

# A disk that takes no pages any more is like swap that is full: who asks for
# more is refused, and there is an end when files and heaps want all there is.
for my $fail (qw(fail.swap=1 fail.swap=1500)) {
    ($status, $out) = guest('pressure anon 12 2; pressure iter 10; '
        . 'pressure fork 6 3; pressure eat 2 && echo refused; ls | wc; '
        . 'usertests fork_returns_pid_once', mem => 8, args => $fail);
    is $status, 0, $fail or diag $out;
    like $out, qr/\(out of memory\)/, 'who wants too much is killed';
    like $out, qr/^refused/m, 'or told no' or diag $out;
}

# Files are made and removed beside programs that want all there is: a commit
# never waits for who waits for memory, so no call takes long, and none fails
# for what the others want.
for my $cpus (1, 4) {
    ($status, $out) = guest('pressure churn 8 && '
        . 'usertests fork_returns_pid_once', mem => 8, cpus => $cpus,
        args => 'fail.swap=1');
    is $status, 0, "files beside hogs, $cpus CPUs" or diag $out;
}

# What a process keeps in pipes counts when a victim is chosen.
for my $cpus (1, 4) {
    ($status, $out) = guest('pressure pipes 60', mem => 8, cpus => $cpus,
        args => 'fail.swap=1', timeout => 60);
    my ($hog) = $out =~ /^hog (\d+)/m;
    my ($first) = $out =~ /out of memory and swap: pid (\d+)/;
    is $first, $hog, "many pipes make a victim, $cpus CPUs" or diag $out;
}

# Processes end, and what was theirs is there for the next ones.
for my $cpus (1, 4) {
    ($status, $out) = guest('pressure burst 4', mem => 8, cpus => $cpus);
    is $status, 0, "burst after burst, $cpus CPUs" or diag $out;
}

# Each of them, every N, in every kind of call and fault with memory full.
($status, $out) = guest('usertests inject', mem => 8, cpus => 4,
    timeout => 300);
is $status, 0, 'every failure on full memory' or diag $out;
unlike $out, qr/skipped/, 'and none left out';

# Without a swap partition nothing but the room is different.
SKIP: {
    my $img = scratch() . '/noswap.img';
    my ($err) = sh("tools/mkimage --fsmb 64 --swapmb 0 $img "
        . join ' ', map { "$BUILD/$_" } qw(boot.bin kernel.bin fs.img));
    skip 'no image without swap', 3 if $err;
    ($status, $out) = guest('pressure anon 4 2 && pressure file 20',
        image => $img, mem => 8, timeout => 100);
    is $status, 0, 'no swap partition' or diag $out;
    ($status, $out) = guest('pressure store 20',
        image => $img, mem => 8, cpus => 2, timeout => 100);
    is $status, 0, 'a file mapped and written at once' or diag $out;
    ($status, $out) = guest('pressure brink 16',
        image => $img, mem => 8, cpus => 1, timeout => 60);
    is $status, 0, 'a file made with the last frames, or not' or diag $out;
}

# A PTE has room for the number of a slot below 4 GB. The image is sparse.
SKIP: {
    my $img = scratch() . '/bigswap.img';
    my ($err) = sh("tools/mkimage --fsmb 64 --swapmb 4104 $img "
        . join ' ', map { "$BUILD/$_" } qw(boot.bin kernel.bin fs.img));
    skip 'no image with so much swap', 2 if $err;
    ($status, $out) = guest('free', image => $img, mem => 64);
    like $out, qr/^swap: 4096 MB used, the other 8 MB are not$/m,
        'no more than 4 GB of swap are used' or diag $out;
    like $out, qr/^swap +4194300 total +4194300 free/m, 'nor counted'
        or diag $out;
    unlink $img;
}

done_testing;
