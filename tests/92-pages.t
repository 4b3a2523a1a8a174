#!/usr/bin/perl
# The viewer's pages in a browser: a picture opened from its file, and the
# page that a server shows live.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $why = '(tools/setup --web installs it)';
my ($none) = sh('command -v node');
plan skip_all => "no node $why" if $none;
my ($status, $chromium) =
    sh('command -v chromium || command -v chromium-browser');
plan skip_all => "no chromium $why" if $status;
chomp $chromium;
plan skip_all => "no web/node_modules $why"
    if !-d 'web/node_modules/puppeteer-core';

# The lines of a script for node become this test's.
sub scripted {
    my ($name, @args) = @_;
    my ($status, $out) = sh(join ' ', "timeout @{[patience(120)]} node",
                            "tests/web/$name", @args);
    diag $out if $status;
    is $status, 0, "$name runs";
    my ($planned) = $out =~ /^1\.\.(\d+)$/m;
    my @lines = $out =~ /^((?:not )?ok \d+ - .*(?:\n# .*)*)/mg;
    is @lines, $planned // -1, "to its end";
    for (@lines) {
        my ($not, $what) = /^(not )?ok \d+ - (.*)/;
        ok !$not, $what or diag $_;
    }
}

my $dir = scratch();
($status, my $out) = sh("node tests/web/recording.mjs >$dir/rec");
is $status, 0, 'a recording by hand' or diag $out;
($status, $out) = sh("tools/picture --from $dir/rec --title 'fork & <look>' "
                     . "--out $dir/p.html");
is $status, 0, 'becomes a page' or diag $out;
like $out, qr/^picture: \S+p\.html: 550 events; open it/, 'which it names';
scripted('pages.mjs', "$dir/p.html", $chromium);

scripted('live.mjs', $IMG, $chromium);

put("$dir/empty", '');
($status, $out) = sh("tools/picture --from $dir/empty --out $dir/no.html");
is $status, 2, 'a recording without events is no picture';
like $out, qr/^picture: \S+: no events\./, 'and the message says why';
ok !-e "$dir/no.html", 'no page is left';
done_testing;
