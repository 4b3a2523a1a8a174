#!/usr/bin/perl
# tools/fsck -y mends whatever tools/damage does to a file system: one run
# mends all that a run without it names, a second one finds nothing. A file
# that was not damaged keeps its content, and its name if no directory on the
# way was. What was damaged how is known here by comparing blocks.
#
#     prove tests/41-mend.t                       40 disks
#     TEAK_DAMAGE=1000 prove tests/41-mend.t      as many as you like
#     TEAK_SEED=77                                the first one's seed (1)
#
# The last line on standard output but the plan tells how many of each kind
# there were.
use strict;
use warnings;
use Digest::MD5 qw(md5);
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $count = $ENV{TEAK_DAMAGE} || 40;
my $first = $ENV{TEAK_SEED} || 1;
my $cc = $ENV{HOSTCC} || 'cc';
my $dir = scratch();
my ($BLOCK, $NDIRECT, $NINDIRECT) = (4096, 10, 1024);
my ($DIR, $FILE) = (1, 2);
my $START = 4 << 20;

$ENV{ASAN_OPTIONS} = 'detect_leaks=0:exitcode=99';
for my $tool ('damage', 'fsck hostfs fscheck fsmend diskmend') {
    my ($name) = $tool =~ /^(\w+)/;
    my $sources = join ' ', map { "tools/$_.c" } split ' ', $tool;
    my $flags = $name eq 'fsck'
        ? '-fsanitize=address,undefined -fno-sanitize-recover=all' : '';
    my $make = "$cc -std=gnu11 -O1 -g -o $dir/$name $sources";
    my ($status, $out) = sh("$make $flags || $make");
    is $status, 0, "$name is built" or diag $out;
}

# --- reading a file system -------------------------------------------------

sub parse_super {
    my %s;
    @s{qw(magic version nblocks ninodes logstart nlog imapstart nimap omapstart
          nomap inodestart ninodeblocks bmapstart nbmap datastart)} =
        unpack 'V15', $_[0];
    return \%s;
}

sub block { return substr ${$_[0]}, $_[1] * $BLOCK, $BLOCK }

# An inode: its 64 bytes, type, size, blocks in order, index blocks.
sub inode {
    my ($fs, $s, $inum) = @_;
    my $raw = substr $$fs, $s->{inodestart} * $BLOCK + $inum * 64, 64;
    my ($type, undef, undef, undef, $size, undef, @addr) =
        unpack 'v4 V2 V12', $raw;
    my ($ind, $dind) = splice @addr, $NDIRECT;
    my $n = int(($size + $BLOCK - 1) / $BLOCK);
    my @index = grep { $_ } $ind, $dind;
    push @addr, unpack 'V*', block($fs, $ind) if $n > $NDIRECT;
    my $large = $n > $NDIRECT + $NINDIRECT;
    for my $i ($large ? unpack 'V*', block($fs, $dind) : ()) {
        last if $i == 0;
        push @index, $i;
        push @addr, unpack 'V*', block($fs, $i);
    }
    return { raw => $raw, type => $type, size => $size, index => \@index,
             data => [@addr[0 .. $n - 1]] };
}

sub content {
    my ($fs, $ip) = @_;
    my $all = join '', map { block($fs, $_) } @{$ip->{data}};
    return substr $all, 0, $ip->{size};
}

# All of a sound tree: path => inode number, and the inodes.
sub walk {
    my ($fs, $s) = @_;
    my (%path, %ip);
    my @todo = ([1, '']);
    while (my $d = shift @todo) {
        my ($inum, $name) = @$d;
        $path{$name} = $inum;
        next if $ip{$inum};
        my $ip = $ip{$inum} = inode($fs, $s, $inum);
        next if $ip->{type} != $DIR;
        my @records = unpack '(v a14)*', content($fs, $ip);
        while (my ($to, $what) = splice @records, 0, 2) {
            $what =~ s/\0+\z//;
            push @todo, [$to, "$name/$what"] if $to && $what !~ /^\.\.?$/;
        }
    }
    return (\%path, \%ip);
}

sub log_sum {
    my ($h, $bytes) = @_;
    use integer;
    for my $word (unpack 'V*', $bytes) {
        $h = (($h ^ ($h >> 15) ^ $word) * 0x9e3779b1) & 0xffffffff;
    }
    return $h;
}

# As the kernel would.
sub replay {
    my ($fs, $s) = @_;
    my $head = block($fs, $s->{logstart});
    my ($magic, $n, $seq, $sum) = unpack 'V4', $head;
    return if $magic != 0x4b414554 || $n == 0 || $n >= $s->{nlog};
    my $copies = substr $$fs, ($s->{logstart} + 1) * $BLOCK, $n * $BLOCK;
    return if $sum != log_sum(0x4b414554,
        pack('V2', $n, $seq) . substr($head, 16, 4 * $n) . $copies);
    my @home = unpack 'V*', substr $head, 16, 4 * $n;
    for my $i (0 .. $n - 1) {
        next if $home[$i] < $s->{imapstart} || $home[$i] >= $s->{nblocks};
        substr($$fs, $home[$i] * $BLOCK, $BLOCK) =
            substr $copies, $i * $BLOCK, $BLOCK;
    }
}

# --- a tree to be damaged --------------------------------------------------

my $src = "$dir/src";
mkdir "$dir/src";
mkdir "$dir/src/$_" for qw(man man/1 etc deep deep/er deep/er/est none);
my %size = (big => 4_300_000, mid => 150_000, 'etc/rc' => 10,
    'man/1/ls' => 3000, 'deep/er/est/f' => 50_000, 'deep/er/g' => 4096,
    'deep/h' => 40_961, 'etc/motd' => 0);
$size{"man/1/p$_"} = 1 + $_ for 1 .. 300;
for my $name (keys %size) {
    put("$src/$name", substr "$name " x (1 + $size{$name} / length $name), 0,
        $size{$name});
}
my ($status, $out) = sh("$BUILD/mkfs -i 400 -s 3072 -l 64 $dir/fs LICENSE && "
    . "tools/mkimage --fsmb 12 --swapmb 1 $dir/disk $BUILD/boot.bin "
    . "$BUILD/kernel.bin $dir/fs && "
    . "$BUILD/imagetool -i $dir/disk put -r $src/* / && "
    . "dd if=$dir/disk of=$dir/fs bs=1M skip=4 count=12 2>&1");
is $status, 0, 'a tree to be damaged' or diag $out;
my $good = slurp("$dir/fs");
my $super = parse_super($good);
my ($path, $ip) = walk(\$good, $super);
is scalar(keys %$path), 7 + 6 + 3 + keys %size, 'as it can be read here';
my %sum = map { $_ => md5(content(\$good, $ip->{$_})) }
    grep { $ip->{$_}{type} == $FILE } keys %$ip;

# --- is what was not damaged still there? ----------------------------------

# The inodes that are as they were, blocks and all.
sub untouched {
    my ($bad) = @_;
    my @changed = map { block(\$good, $_) ne block($bad, $_) }
        0 .. $super->{nblocks} - 1;
    my %same;
    for my $inum (keys %$ip) {
        my $p = $ip->{$inum};
        $same{$inum} = 1 if $p->{raw} eq substr($$bad,
                $super->{inodestart} * $BLOCK + $inum * 64, 64)
            && !grep { $changed[$_] } @{$p->{data}}, @{$p->{index}};
    }
    return \%same;
}

sub losses {
    my ($same, $fs) = @_;
    my ($now, $ino) = walk($fs, parse_super($$fs));
    my %have;
    my %got = map { $_ => md5(content($fs, $ino->{$_})) }
        grep { $ino->{$_}{type} == $FILE } keys %$ino;
    $have{$_} = 1 for values %got;
    my $lost = '';
    for my $name (sort keys %$path) {
        my $inum = $path->{$name};
        next if !$same->{$inum} || !exists $sum{$inum};
        $lost .= "$name: its content is lost\n" if !$have{$sum{$inum}};
        my $way = $name;
        my $all = 1;
        $all &&= $same->{$path->{$way}} while $way =~ s{/[^/]*$}{};
        next if !$all;
        my $there = $now->{$name};
        $lost .= "$name: is lost\n"
            if !$there || ($got{$there} // '') ne $sum{$inum};
    }
    return $lost;
}

my (%seen, $undamaged);
sub run { return sh('timeout ' . patience(60) . " $_[0]") }

for my $seed ($first .. $first + $count - 1) {
    my $whole = $seed % 2;
    my $bad = "$dir/bad";
    Image::copy($whole ? "$dir/disk" : "$dir/fs", $bad);
    my $n = 1 + $seed % 5;
    my (undef, $what) = sh("$dir/damage -s $seed -n $n $bad");
    my $at = $whole ? $START : 0;
    my $fs = substr slurp($bad), $at, length $good;
    replay(\$fs, $super);
    my $same = untouched(\$fs);
    my ($found, $before) = run("$BUILD/fsck $bad");
    my ($mended, $said) =
        run(($seed % 4 ? $BUILD : $dir) . "/fsck -y $bad");
    my ($again, $left) = run("$BUILD/fsck -y $bad");
    my $fault = '';
    $fault .= "status $found without -y\n" if $found !~ /^[048]$/;
    $fault .= "status $mended with -y, $found without\n"
        if $mended != ($found ? 1 : 0);
    $fault .= "the second time: status $again\n$left" if $again;
    if ($again == 0) {
        $fs = substr slurp($bad), $at, length $good;
        $fault .= losses($same, \$fs);
        $undamaged += grep { $same->{$_} } keys %sum;
    }
    $seen{$found == 0 ? 'clean' : $mended == 1 ? 'mended' : 'LEFT'}++;
    next if $fault eq '';
    fail "seed $seed";
    diag substr($fault, 0, 500), "damage:\n$what\nbefore:\n",
        substr($before, 0, 1000),
        "\nthen:\n", substr $said, 0, 1500;
}
# What keeps fsck from looking at all, one by one.
my $PARTS = 446;
my @cases = (
    ['a superblock of zeroes', $START, "\0" x 64],
    ['another number of inodes', $START + 12, pack 'V', 390],
    ['no signature of a partition table', 510, "\0\0"],
    ['no partition table', $PARTS, "\0" x 64],
    ['a partition that is too short', $PARTS + 12, pack 'V', 10000],
    ['a partition that is too long', $PARTS + 12, pack 'V', 1 << 31],
    ['swap over the files', $PARTS + 16 + 8, pack 'V2', 9000, 2000],
    ['swap over the kernel', $PARTS + 16 + 8, pack 'V2', 64, 8],
    ['an image that is cut short', 10 << 20, undef],
);
for my $case (@cases) {
    my ($what, $at, $bytes) = @$case;
    Image::copy("$dir/disk", "$dir/bad");
    open my $h, '+<:raw', "$dir/bad" or die;
    defined $bytes ? Image::put($h, $at, $bytes) : truncate $h, $at;
    close $h;
    isnt +(run("$BUILD/fsck $dir/bad"))[0], 0, "fsck notices $what";
    my ($mended, $said) = run("$dir/fsck -y $dir/bad");
    is $mended, 1, "fsck mends $what" or diag $said;
    is +(run("$BUILD/fsck $dir/bad"))[0], 0, "$what: nothing is left";
    my $fs = substr slurp("$dir/bad"), $START, length $good;
    is losses({ map { $_ => 1 } keys %$ip }, \$fs), '', "$what: nothing is lost"
        if defined $bytes;
}

cmp_ok $seen{mended} || 0, '>', $count * 0.6, 'most were to be mended';
print "# $count damaged disks from seed $first: ",
    join(', ', map { "$seen{$_} $_" } sort keys %seen),
    '; ', int($undamaged / $count), ' of ', scalar(keys %sum),
    " files undamaged, on the average\n";

done_testing;
