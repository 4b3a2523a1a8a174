#!/usr/bin/perl
# Programs that have the whole screen: more and top, by their keys.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Screen;
use Test::More;

my $s = Screen::boot() or BAIL_OUT('no prompt: see above');

sub shows {
    my ($regex, $what) = @_;
    ok $s->wait_for($regex), $what or diag $s->screen;
}

sub rows_are {
    my ($first, $last, $what) = @_;
    ok $s->wait_until(sub { $s->row(0) eq $first && $s->row(23) eq $last }),
        $what or diag $s->screen;
}

$s->command('seq 100 >hundred; seq 3 >three');

# more, a file.
is $s->command('more three'), "1\n2\n3\n", 'a short text is shown, no more';
$s->type("clear; more hundred\r");
rows_are(1, 24, 'more shows the first screen');
shows(qr/^--More--\(2\d%\)$/m, 'and how much that is');
$s->key(' ');
rows_are(25, 48, 'space: the next');
$s->key('Enter');
rows_are(26, 49, 'Enter: a line');
$s->key('b');
rows_are(2, 25, 'b: a screen back');
$s->key('Up', 'Up');
rows_are(1, 24, 'and no further than the start');
$s->type("/9\r");
rows_are(9, 32, 'a search');
$s->key('n');
rows_are(19, 42, 'and the next');
$s->type("/nothing\r");
shows(qr/^not found$/m, 'a search for what is not there');
$s->key('PageDown', 'G');
rows_are(77, 100, 'G: the end');
shows(qr/^\(END\)$/m, 'which is marked');
$s->key('PageUp');
rows_are(53, 76, 'and one can go back');
$s->key('q');
ok $s->wait_prompt, 'q quits';
is $s->command('echo a'), "a\n", 'and the console is in order';

# more, from a pipe; rows longer than the screen.
$s->command("seq -s ' ' 1 400 >long");
$s->type("clear; cat long hundred | more\r");
shows(qr/^--More--$/m, 'from a pipe: keys come from the console');
is $s->row(0), join(' ', 1 .. 30), 'a long line is broken';
like $s->row(18), qr/ 400$/, 'into as many rows as it needs';
is $s->row(19), 1, 'and the next line follows';
$s->key('^C');
ok $s->wait_prompt, '^C quits';
is $s->command('more hundred | wc -l') =~ s/\s//gr, 100, 'into a pipe: all of it';
like $s->command('more nothing; echo $?'),
    qr/^more: nothing: No such file or directory\n1$/, 'a file that is not there';

# top.
$s->command('yes >null &');
$s->type("top -d 0.3\r");
shows(qr/^ +\d+ +\d+ run +(?:9\d|100)\.\d .* yes$/m, 'top shows who is busy');
like $s->marked(3), qr/PID.*%CPU.*COMMAND/, 'under a marked heading';
ok $s->wait_until(sub { $s->row(4) =~ / yes$/ }), 'the busiest first';
$s->type("\xfd\xfe");            # bytes that no key sends
$s->key('m');
ok $s->wait_until(sub { $s->row(4) !~ / yes$/ }), 'm: the largest first';
is $s->{hidden}, 1, 'there is no cursor';
my $seen = $s->row(0);
ok $s->wait_until(sub { $s->row(0) ne $seen }), 'it goes on by itself';
$s->key('t');
ok $s->wait_until(sub { $s->row(4) =~ / yes$/ }), 't: the busiest again';
$s->key('q');
ok $s->wait_prompt, 'q quits';
is $s->{hidden}, 0, 'the cursor is back';
$s->feed("\e[2J\e[H");             # the last table, out of the model's sight
$s->type("top\r");
shows(qr/COMMAND/, 'again');
$s->key('^C');
ok $s->wait_prompt, '^C quits, too';
$s->command('kill yes; wait');
like $s->command('echo a'), qr/^a$/m, 'and the console is in order';
# Stopped and continued: each has the screen and the keys only while it runs.
for my $case (['top', qr/COMMAND/], ['more hundred', qr/^--More--/m]) {
    my ($command, $shown) = @$case;
    $s->feed("\e[2J\e[H");
    $s->type("$command\r");
    shows($shown, "$command runs");
    $s->key('^Z');
    shows(qr/Stopped/, '^Z stops it');
    ok $s->wait_prompt, 'the shell is back';
    is $s->command('echo b'), "b\n", 'and reads lines';
    $s->feed("\e[2J\e[H");
    $s->type("fg\r");
    shows($shown, 'fg: it is there again');
    $s->key('q');
    ok $s->wait_prompt, 'and obeys its keys';
}

my @tables = $s->command('top -b -n 2 -d 0.1 | grep -c COMMAND');
is $tables[0], "2\n", '-n 2 prints two tables';
like $s->command('top -d never; echo $?'), qr/^top: never: not a time.*\n2$/,
    'a time that is none';

is join(' ', @{$s->{unknown}}), '', 'all sequences are known';
$s->quit;
done_testing;
