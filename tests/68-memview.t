#!/usr/bin/perl
# The windows onto memory: vmmap, pagetable and vmstat say what they show and
# agree with each other.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $t = boot(mem => 24) or BAIL_OUT('no prompt');

# What a command prints, and its status.
sub run {
    my $out = $t->command("$_[0]; echo == \$?", 60) // '';
    return $out =~ /^(.*?)== (\d+)$/s ? ($1, $2) : ($out, 'no status');
}

sub out { return (run($_[0]))[0] }

# ---- processes that sleep, and one that is partly in swap ----

run('mkdir -p a/b; cp sleep a/b/found; a/b/found 1000 & found=$!');
run('cp sleep gone; ./gone 1000 & lost=$!');
run('rm gone');
my $width = 0;
sub window {
    my $text = out($_[0]);
    for my $line (split /\n/, $text) {
        $width = length $line if length $line > $width;
    }
    return $text;
}

# [first page, last, kind, resident, swapped, file] of each region.
sub regions {
    return map { /^(\w+)-(\w+) [-r][-w][sp] (\w+) +\d+ +(\d+) +\d+ +\d+ +(\d+)(?: (.+))?$/
        ? [hex $1, hex($2) - 1, $3, $4, $5, $6 // ''] : () } split /\n/, $_[0];
}

# Entries per region: those present, those in swap.
sub entries {
    my ($text, @regions) = @_;
    my @count = map { [0, 0] } @regions;
    while ($text =~ /^(\w{8}) +(\d+) +(\d+) +[0-9a-f]+ ([-UWAD ]{7}|in swap)  (\w+)$/mg) {
        my ($va, $dir, $table, $bits, $kind) = (hex $1, $2, $3, $4, $5);
        my ($i) = grep { $va >= $regions[$_][0] && $va <= $regions[$_][1]
            && $kind eq $regions[$_][2] } 0 .. $#regions;
        return "$1: wrong region" if !defined $i;
        return "$1: wrong place" if $va != ($dir << 22 | $table << 12);
        $count[$i][$bits eq 'in swap']++;
    }
    return join ' ', map { "$_->[0]+$_->[1]" } @count;
}

my @found = regions(window('vmmap $found'));
my $table = window('pagetable $found');
is join(' ', map { $_->[2] } @found), 'text data stack', 'the regions of sleep';
is $found[0][5], '/a/b/found+1000', 'vmmap names a file deep in the tree';
is $found[2][5], '', 'the stack has none';
is entries($table, @found), join(' ', map { "$_->[3]+$_->[4]" } @found),
    'pagetable has as many entries as vmmap says';
like $table, qr/^ADDRESS +DIR TABLE +FRAME U W A D +REGION$/m, 'its heading';
like $table, qr/ U - A -  text\n.* U W A D  data\n.* U W A D  stack\n/s,
    'text is read, data and stack are written';
like $table, qr/A: accessed,.*D: dirty/s, 'the columns are explained';
my @lost = regions(window('vmmap $lost'));
like $lost[0][5], qr/^inode \d+\+1000$/, 'a file without a name is a number';
run('swapdemo 30 >f & big=$!');
run('until grep -q second f; do sleep 0.1; done; kill -STOP $big; sleep 0.5');
my @big = regions(window('vmmap $big'));
cmp_ok $big[-1][4], '>', 0, 'pages of a large process are in swap';
is out('pagetable $big | grep -c "in swap  anon"'), "$big[-1][4]\n",
    'as many in pagetable';

# ---- vmstat ----

my %figure = reverse window('vmstat') =~ /^ +(\d+)  (\w+) +\w.*$/mg;
is join(' ', sort keys %figure), 'bad bi bo cached cow cs dirty file free '
    . 'kernel ptabs si so spurious swapped upgrade user zero', 'all figures';
cmp_ok $figure{so}, '>=', $big[-1][4], 'as many pages went as are in swap';
my @rows = split /\n/, window('vmstat 1 2');
is scalar(@rows), 5, 'two lines of heading, three of figures';
is scalar(grep { length == length $rows[1] } @rows), 5, 'of one width';
is_deeply [map { scalar(() = /\w+/g) } @rows[1, 2]], [15, 15],
    'each column has its name';
cmp_ok $width, '<', 80, 'no line is longer than 79 columns';
is join(' ', map { (run($_))[1] } 'pagetable 2', 'vmmap 2', 'vmmap x',
    'vmmap 9999', 'pagetable 9999', 'pagetable 1 2', 'vmstat 0', 'vmstat 1 2 3',
    'vmstat --help'), '0 0 2 1 1 2 2 2 0', 'statuses';
run('kill -9 $found $lost $big');
$t->quit;

done_testing;
