#!/usr/bin/perl
# An archive of Teak's tar is one for the host's tar, and the other way round.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

plan skip_all => 'the host has no tar' if (sh('tar --version'))[0] != 0;

$ENV{LC_ALL} = 'C';
my $dir = scratch();
my $img = "$dir/img";
my $image = "tools/image -i $img";
my $deep = join '/', ('abcdefghijklmn') x 8;    # more than 100 bytes
my ($status, $out) = sh("cp $IMG $img");
is $status, 0, 'an image of our own' or diag $out;

# A tree, and what must come back: names, contents, dates.
($status, $out) = sh(<<"END");
mkdir -p $dir/t/sub/empty $dir/t/$deep && cd $dir/t && cp /bin/sh program &&
printf hello >sub/hello && : >sub/nothing && head -c 512 program >sub/block &&
ln sub/hello again && echo deep >$deep/file && touch -d \@1000000 sub/hello &&
touch -d \@2000000 sub && touch -d \@3000000 .
END
is $status, 0, 'a tree' or diag $out;

my $SUMS = 'find . -type f -exec cksum {} + | sort; find . -type d | sort; ';
my $DATES = 'stat -c "%Y %n" sub sub/hello';
sub listing {
    my ($tree, $more) = @_;
    my ($status, $out) = sh("cd $tree && $SUMS $more");
    return $out;
}

# The host's, in each of its formats, unpacked there.
my @formats = grep { (sh("cd $dir/t && tar -c -f $dir/$_ --format=$_ ."))[0] == 0 }
    qw(ustar gnu pax oldgnu);
ok @formats > 0, "the host's tar makes an archive";
($status, $out) = sh("$image put " . join(' ', map { "$dir/$_" } @formats) . ' /');
is $status, 0, 'and the image has it' or diag $out;
put("$dir/script", join "\n", (map {
    "mkdir /$_.d; cd /$_.d; tar xf /$_; echo $_: \$?; $SUMS $DATES; "
    . "tar tf /$_ >/$_.list" } @formats),
    "stat -c '%i %n' again sub/hello; tar cf /ours .\n");
sh("$image put $dir/script /");
($status, $out) = guest('sh /script', image => $img, keep => 1, timeout => 60);
is $status, 0, 'Teak unpacks it' or diag $out;
unlike $out, qr/^tar: /m, 'without a complaint' or diag $out;
like $out, qr/^(\d+) again\n\1 sub\/hello\n/m, 'two names are one file';
my $want = listing("$dir/t", $DATES);
for my $format (@formats) {
    my ($got) = $out =~ /^$format: 0\n(.*? sub\/hello\n)(?=\w+:|\d+ again)/ms;
    is $got, $want, "$format: the same tree, the same dates";
    my (undef, $list) = sh("$image cat /$format.list");
    is_deeply [sort split /\n/, $list],
        [sort split /\n/, (sh("tar tf $dir/$format"))[1]],
        "$format: the same list";
}

# Teak's, unpacked by the host.
($status, $out) = sh("$image get /ours $dir/ours && mkdir $dir/u && "
                   . "tar xf $dir/ours -C $dir/u");
is $status, 0, "the host's tar unpacks Teak's" or diag $out;
is listing("$dir/u", $DATES), $want, 'the same tree, the same dates';
is +(stat "$dir/u/again")[1], (stat "$dir/u/sub/hello")[1],
    'two names are one file';

# Paths that lead out, and a damaged archive.
($status, $out) = sh("cd $dir/t/sub && tar -c -P -f $dir/evil ../again && "
                   . "tar -c -P -f $dir/abs $dir/t/again; cd - >/dev/null; "
                   . "head -c 700 $dir/abs >$dir/short; "
                   . "$image put $dir/evil $dir/abs $dir/short /");
is $status, 0, 'archives of other kinds' or diag $out;
($status, $out) = guest('mkdir /x; cd /x; tar xf /evil; echo $?; ls -a1; '
    . 'tar xf /abs; echo $?; find . -type f | sed s,.*/,,; '
    . 'tar xf /short; echo $?', image => $img);
like $out, qr/^2\n\.\n\.\.\n(tar: .*\n)?2\nagain\n/m, 'nothing leads out of the directory'
    or diag $out;
like $out, qr/^2\n\z/m, 'a short archive is told' or diag $out;

done_testing;
