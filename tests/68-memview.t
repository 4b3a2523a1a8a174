#!/usr/bin/perl
# The windows onto memory: vmmap, pagetable, vmstat and memview say what they
# show, and agree with each other.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Screen;
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
run('until kill -0 found && kill -0 gone; do sleep 0.1; done 2>null');
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
# It waits a second when it has said that: there is time to stop it.
run('swapdemo -s 30 >f & big=$!');
run('until grep -q second f; do sleep 0.1; done; kill -STOP $big');
# The reclaimer may still be at work: count until nothing changes meanwhile.
my (@big, $swapped);
for (1 .. 50) {
    @big = regions(window('vmmap $big'));
    $swapped = out('pagetable $big | grep -c "in swap  anon"');
    last if (regions(out('vmmap $big')))[-1][4] == $big[-1][4];
}
cmp_ok $big[-1][4], '>', 0, 'pages of a large process are in swap';
is $swapped, "$big[-1][4]\n", 'as many in pagetable';

# It is slow, and is stopped where the last part of this test looks at it.
run('kill -9 $big; cowdemo -s >f & cow=$!');
run(q{(until grep -q 'one frame' f; do sleep 0.1; done; kill -STOP $cow) & }
    . 'stops=$!');

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
run('kill -9 $found $lost');

# ---- memview, printed ----

# Its rows as [address, cells].
sub map_of {
    return map { /^([0-9a-f]{8}) (.*)$/ ? [hex $1, $2] : () } split /\n/, $_[0];
}

# 24 MB are 6144 frames at most: 18 rows of 64 cells of 8 are enough.
my $text = out('memview -1');
my %n = $text =~ /(?:^|  )[.\w] (\w+) +(\d+)/mg;
like $text, qr/^memory up to 24 MB; a cell is 8 frames \(32 KB\)\n/, 'the title';
is join(' ', sort keys %n), 'cache free kernel mapped shared swap table user',
    'the legend' or diag $text;
my @map = map_of($text);
is join(' ', map { $_->[0] } @map), join(' ', map { $_ * 64 * 8 * 4096 } 0 .. 11),
    'a row for each 2 MB';
is scalar(grep { $_->[1] =~ /[^.KkTtUu2-9+CcMmSs ]/ } @map), 0, 'known letters';
like out('memview | cat'), qr/^00000000 .*K/m, 'a pipe gets it, too';

is join(' ', map { (run($_))[1] } 'memview -z 3', 'memview -p 9999',
    'memview -p 2', 'memview -f 99999', 'memview -f x', 'memview -d 0',
    'memview x', 'memview -1 -z 1048576', 'memview --help'),
    '2 1 1 2 2 2 2 0 0', 'statuses';

# ---- memview, on the screen ----

my $s = Screen::boot(mem => 8) or BAIL_OUT('no prompt: see above');
my $sent = 0;
{
    no warnings 'redefine';
    my $feed = \&Screen::feed;
    *Screen::feed = sub { $sent += length $_[1]; $feed->(@_) };
}

sub shows {
    my ($regex, $what) = @_;
    ok $s->wait_for($regex), $what or diag $s->screen;
}

$s->command('echo dirty >f');
$s->type("clear; memview -d 0.1\r");
shows(qr/^memory up to 8 MB; a cell is 2 frames \(8 KB\)\n00000000 .*^q quit/ms,
    'memview has the screen');
is $s->attr(0, 0), 'reverse fg37', 'the title stands out';
ok $s->wait_until(sub { join(',', $s->cursor) eq '1,9' }),
    'the cursor is in the first cell';
my ($row) = grep { $s->row($_) =~ /^[0-9a-f]{8} .*K/ } 1 .. 19;
is $s->attr($row, 9 + index(substr($s->row($row), 9), 'K')), 'fg91',
    'the kernel\'s frames have their colour';
my @vga = $s->vga_when(sub { $_[0] =~ /^memory up to 8 MB/ && $_[24] =~ /^q/ });
is $vga[$row], $s->row($row), 'VGA shows the same';
$sent = 0;
$s->wait_until(sub { 0 }, 1 / Teak::patience(1));
cmp_ok $sent, '<', 1000, 'what does not change is not drawn again';
$s->key('+');
shows(qr/a cell is a frame.*^frame 0: /ms, 'zoom');
$s->key('End');
shows(qr/^frame 7df: free$/m, 'the last frame');
ok $s->wait_until(sub { $s->row(($s->cursor)[0]) =~ /^007c0000 \.{32}$/ }),
    'the map has moved' or diag $s->screen;
$s->key('Home', '0', 'Down', 'Right');
shows(qr/^frames 82-83: \d/m, 'a cell and what is in it');
$s->key('p');
shows(qr/; pid 1 init: \d+/, 'the first process');
$s->key('p');
shows(qr/; pid \d+ sh: \d+/, 'the next one');
$s->key('a');
shows(qr/\(8 KB\)$/m, 'all');
$s->key('^Z');
ok $s->wait_prompt, '^Z: the shell';
$s->type("fg\r");
shows(qr/^memory up to.*^q quit/ms, 'and back');
$s->key('^C');
ok $s->wait_prompt, '^C ends it';
is $s->command('echo a'), "a\n", 'and the console is in order';
is "@{$s->{unknown}}", '', 'nothing but what the terminal knows';
$s->quit;

# ---- single frames, as cowdemo tells of them ----

sub letter_of {
    my ($pfn, $options) = @_;
    my ($row) = grep { int($pfn / 64) == $_->[0] / 4096 / 64 }
        map_of(out(sprintf 'memview -1 -f %x %s', $pfn, $options // ''));
    return substr $row->[1], $pfn - $row->[0] / 4096, 1;
}

sub cowdemo_frames {
    my %frame = out('cat f') =~ /^(parent|child): +entry .*: frame (\w+),/mg;
    return map { hex $frame{$_} } qw(parent child);
}

run('wait $stops');
my ($parent, $child) = cowdemo_frames();
is $child, $parent, 'after the fork there is one frame';
is letter_of($parent), '2', 'with two owners';
is letter_of($parent, '-p $cow'), '2', 'it is the chosen process\'s';
is letter_of($parent, '-p $$'), '-', 'or another\'s';
my ($code) = out('pagetable $cow') =~ /([0-9a-f]+) U - A -  text/;
is letter_of(hex $code), 'M', 'its text is mapped from the cache';
run(q{kill -CONT $cow; until grep -q 'two frames' f; do sleep 0.1; done; }
    . 'kill -STOP $cow');
($parent, $child) = cowdemo_frames();
is letter_of($parent) . letter_of($child), 'UU', 'then each has its own';
is letter_of($child, '-p $cow'), '-', 'which the other does not map';
run('kill -9 $cow');
$t->quit;

done_testing;
