#!/usr/bin/perl
# Public programs, unchanged, compile against the library's headers and do in
# Teak what they do on the host. Their sources are not part of Teak: unpack
# them into the directory `public` beside tests/, or name it in TEAK_PUBLIC.
# `apt-get source par figlet unifdef` there brings those that are tried here.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $public = $ENV{TEAK_PUBLIC} || "$FindBin::Bin/../public";

# name, where it is unpacked, sources, flags, files for it, what to run
my @PORTS = (
    ['par', 'Par-*', 'buffer.c charset.c errmsg.c par.c reformat.c', '', '',
     'par 40 <text; par 60j <text; par 30g2 <text; par x; echo $?'],
    ['unifdef', 'unifdef-*', 'unifdef.c', '', '',
     'unifdef -DA -UB <code; unifdef -DB=3 -b <code; unifdef -s <code; '
     . 'unifdef -DA -o out code; echo $?; cat out'],
    ['figlet', 'figlet-*', 'figlet.c zipio.c crc.c inflate.c utf8.c',
     q(-DDEFAULTFONTDIR='"."' -DDEFAULTFONTFILE='"standard"'),
     'fonts/standard.flf',
     'figlet Hello Teak; figlet -c -w 60 centred; echo a b | figlet -r'],
);

my $dir = scratch();
my $text = join '', map { "Line $_ of a text, with some words" . ' more' x
    ($_ % 7) . ".\n" . ($_ % 5 ? '' : "\n> quoted $_\n> and on\n\n") } 1 .. 30;
put("$dir/text", $text);
put("$dir/code", join '', map { "#ifdef A\na$_\n#else\nb$_\n#endif\n"
    . "#if B > $_\nc$_\n#elif defined(C)\nd$_\n#endif\n" } 1 .. 5);

my (@extra, @built);
for my $port (@PORTS) {
    my ($name, $where, $src, $defs, $files) = @$port;
    my ($at) = glob "$public/$where/";
    next unless $at;
    my @src = map { "$at$_" } split ' ', $src;
    my ($status, $out) = sh("make -s BUILD=$BUILD NAME=$name SRC='@src' "
        . "DEFS=" . quotemeta($defs) . ' port');
    is $status, 0, "$name compiles" or diag($out), next;
    ($status, $out) = sh("cc -w -D_GNU_SOURCE $defs -o $dir/$name @src");
    next if $status;
    sh("cp $at$_ $dir") for split ' ', $files;
    push @extra, "$BUILD/port/$name", map { "$at$_" } split ' ', $files;
    push @built, $port;
}
plan skip_all => "no sources in $public" unless @built;

my ($status, $out) = sh("cp -a $BUILD $dir/b && make BUILD=$dir/b "
    . "IMG=$dir/img EXTRA='@extra $dir/text $dir/code'");
is $status, 0, 'an image with them' or diag $out;
for my $port (@built) {
    my ($name, $cmd) = @$port[0, 5];
    my ($host, $host_out) = sh("cd $dir && PATH=.:\$PATH && { $cmd; }");
    my ($teak, $teak_out) = guest($cmd, image => "$dir/img", timeout => 60);
    $teak_out =~ s/\A.*?^Teak: [^\n]*\n//ms;
    cmp_ok length $host_out, ">", 200, "$name has something to say";
    is $teak_out, $host_out, "$name does the same";
}

done_testing;
