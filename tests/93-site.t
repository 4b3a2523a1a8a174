#!/usr/bin/perl
# The site of `make web`, used as somebody would in a browser: it boots,
# commands are typed and pasted, switches turned, each demo led to its end,
# and what goes wrong is told. TEAK_SHOTS: a directory for pictures of it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $MODULES = "$TOP/web/node_modules";
my $LIMIT = 170;                    # s for all of it

my ($lacks) = sh('command -v node');
plan skip_all => 'no node (tools/setup --web)' if $lacks;
($lacks, my $chromium) =
    sh('command -v chromium || command -v chromium-browser');
plan skip_all => 'no chromium (tools/setup --web)' if $lacks;
chomp $chromium;
for my $need (qw(v86 @xterm/xterm puppeteer-core)) {
    plan skip_all => "no $need in web/node_modules (tools/setup --web)"
        if !-d "$MODULES/$need";
}
plan skip_all => 'no SeaBIOS (tools/setup --web)'
    if !grep { -e "$_/bios.bin" } qw(/usr/share/seabios /usr/share/qemu);

my ($status, $out) = sh("make BUILD=$BUILD web");
is $status, 0, 'make web' or BAIL_OUT($out);
my ($size) = sh("test \$(du -sk $BUILD/web | cut -f1) -lt 8192");
is $size, 0, 'the site has less than 8 MB';
for my $part (qw(teak v86 xterm seabios)) {
    ok -s "$TOP/$BUILD/web/licences/$part.txt", "the licence of $part is there";
    like slurp("$BUILD/web/index.html"), qr/licences\/$part\.txt/, 'and named';
}
my ($hosts) = sh("grep -rlE '(src|href)=.(https?:)?//' $BUILD/web/*.html "
    . "$BUILD/web/*.js");
isnt $hosts, 0, 'and nothing comes from elsewhere';

# $ENV{TEAK_SHOTS}, in which site.mjs leaves its pictures, may be unset.
($status, $out) = sh('timeout ' . patience($LIMIT) . " node tests/site.mjs "
    . "$BUILD/web $MODULES/puppeteer-core/lib/esm/puppeteer/puppeteer-core.js "
    . "$chromium " . patience(1) . ' ' . ($ENV{TEAK_SHOTS} || ''));
for (split /\n/, $out) {
    ok $1 eq 'ok', $2 if /^(ok|not ok) (.*)/;
    diag $_ if /^#/;
}
like $out, qr/^done$/m, 'and all of it was tried' or diag $out;

done_testing;
