#!/usr/bin/perl
# Damaged disks: the kernel boots from each and does all kinds of file calls
# on it (user/battery.c), and tools/fsck, built with the sanitizers, looks at
# it before and after. Nothing may panic, but for a refusal to mount or to
# start /init, and nothing may hang - except for a program whose own inode was
# damaged: with other text than its own it may do anything.
#
#     prove tests/42-damage.t                       25 disks
#     TEAK_DAMAGE=1000 prove tests/42-damage.t      as many as you like
#     TEAK_SEED=77                                  the first one's seed (1)
#
# The last line on standard output but the plan tells how many of each kind
# there were. `build/host/t_fs_damage 100000` does the same to the file
# system's code alone, on the host, hundreds of times faster.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $count = $ENV{TEAK_DAMAGE} || 25;
my $first = $ENV{TEAK_SEED} || 1;
my $cc = $ENV{HOSTCC} || 'cc';
my $dir = scratch();
my ($disk, $bad) = ("$dir/disk", "$dir/bad");

# What a kernel may say that cannot go on: it names what is wrong.
my $refusal = qr/^panic: (?:no file system|.*\binit\b)/m;

sub tool {
    my ($name, $more, @flags) = @_;
    my @sources = map { "tools/$_.c" } $name, split ' ', $more;
    my ($status, $out) =
        sh("$cc -std=gnu11 -O1 -g @flags -o $dir/$name @sources");
    return $status == 0 || (diag($out), 0);
}

sub run_ok {
    my ($status, $out) = sh($_[0]);
    is $status, 0, $_[1] or diag $out;
}

# Leaks are no matter: it ends at the first thing that is too bad.
$ENV{ASAN_OPTIONS} = 'detect_leaks=0:exitcode=99';
ok tool('damage', ''), 'tools/damage is built';
my $sanitized = tool('fsck', 'hostfs fscheck fsmend diskmend', '-fsanitize=address,undefined',
                     '-fno-sanitize-recover=all') || 
    tool('fsck', 'hostfs fscheck fsmend diskmend');
ok $sanitized, 'fsck is built';

sub fsck_fault {
    my ($image) = @_;
    my ($status, $out) = sh("timeout " . patience(60) . " $dir/fsck $image");
    return '' if $status <= 8 && $out !~ /Sanitizer|runtime error/;
    return "fsck: status $status: " . substr $out, -2000;
}

run_ok("$BUILD/mkfs -i 200 -s 2048 $dir/fs $BUILD/root/init $BUILD/root/sh "
     . "$BUILD/root/battery", 'a small file system');
run_ok("tools/mkimage --fsmb 8 --swapmb 8 $disk $BUILD/boot.bin "
     . "$BUILD/kernel.bin $dir/fs", 'on a disk');
my ($status, $out) = guest('/battery -p', image => $disk, keep => 1);
is $status, 0, 'with a tree on it' or diag $out;
my ($programs) = $out =~ /^programs:((?: \d+){3})$/m;
ok $programs, 'and programs' or diag $out;
(my $program = $programs // '') =~ s/^ //;
$program =~ s/ /|/g;
$program = qr/^inode (?:$program): /m;
is fsck_fault($disk), '', 'which is sound';

my %seen;
for my $seed ($first .. $first + $count - 1) {
    Image::copy($disk, $bad);
    my $n = 1 + $seed % 4;
    my ($st, $what) = sh("$dir/damage -s $seed -n $n $bad");
    my $fault = $st ? "damage: $what" : fsck_fault($bad);
    ($status, $out) = guest("/battery " . $seed % 1e6, image => $bad, keep => 1,
        mem => 32, timeout => $what =~ $program ? 8 : 60);  # it may never end
    my $kind = $status == 0 ? 'done'
             : $out =~ $refusal ? 'refused'
             : $out =~ /^panic:/m ? 'PANIC'
             : $out =~ /^init(?: ended|: .* here is \/sh$)/m ? 'no init'
             : $status == 124 ? ($what =~ $program ? 'no battery' : 'HANG')
             : $status == 1 || $status == 2 ? 'WRONG'
             : 'no battery';        # the shell or it cannot be run any more
    $seen{$kind}++;
    $fault ||= fsck_fault($bad);
    next if $kind !~ /[A-Z]/ && $fault eq '';
    fail "seed $seed: $kind";
    diag $what, $fault, "\n", substr $out, -3000;
}
my $summary = join ', ', map { "$seen{$_} $_" } sort keys %seen;
print "# $count damaged disks from seed $first: $summary\n";
cmp_ok $seen{done} || 0, '>', $count / 2, "most do: $summary";

done_testing;
