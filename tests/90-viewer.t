#!/usr/bin/perl
# The viewer's model (web/model.js) reads streams of events: in node.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my ($missing) = sh('command -v node');
plan skip_all => 'no node (tools/setup --web installs it)' if $missing;

my ($status, $out) = sh('node tests/web/model.mjs');
diag $out if $status;
is $status, 0, 'the model runs';
my @bad = grep { /^not ok/ } split /\n/, $out;
is_deeply \@bad, [], 'and does what it must';
my ($planned) = $out =~ /^1\.\.(\d+)$/m;
my @good = $out =~ /^ok \d+/mg;
is @good, $planned // -1, 'all of its ' . @good . ' checks were made';

# The functions and chapters that the viewer names are there.
my $words = slurp('web/words.js');
my $named = 0;
while ($words =~ /\['([^']+) in (\w+\.c)', '(docs[^']+)'\]/g) {
    my ($functions, $file, $chapter) = ($1, $2, $3);
    my $source = slurp($file);
    for my $name ($functions =~ /(\w+)\(\)/g) {
        ok $source =~ /^$name\(/m && -e $chapter,
            "$name() is in $file, $chapter is there";
        $named++;
    }
}
cmp_ok $named, '>', 20, 'it names many';
done_testing;
