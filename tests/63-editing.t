#!/usr/bin/perl
# Editing a line at the console: each key, and the screen that it leaves.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Screen;
use Test::More;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output);

my $s = Screen::boot() or BAIL_OUT('no prompt: see above');

# The whole screen and the cursor, as they are in the end.
sub screen_is {
    my ($rows, $row, $col, $name) = @_;
    my $text = join '', map { "$_\n" } @$rows;
    my $right = $s->wait_until(sub {
        my ($r, $c) = $_[0]->cursor;
        $_[0]->screen eq $text && $r == $row && $c == $col });
    ok $right, $name or diag("wanted, cursor $row,$col:\n$text",
        'got, cursor ', join(',', $s->cursor), ":\n", $s->screen);
}

# An empty line on an empty screen.
sub fresh {
    $s->key('^C');
    $s->wait_for(qr/given up \[\]\nedit>$/);
    $s->key('^L');
    $s->wait_until(sub { $_[0]->screen eq "edit>\n" });
}

# On an empty screen and line, keys make this line; "|" is the cursor.
sub line_is {
    my ($keys, $line, $name) = @_;
    fresh();
    $s->key(@$keys);
    my $at = 6 + index $line, '|';
    $line =~ s/\|//;
    my @rows = unpack '(A80)*', "edit> $line";
    screen_is(\@rows, int $at / 80, $at % 80, $name);
}

sub text { return map { split // } @_ }

# ---- a program of ours; then the shell ----

$s->type("utx_edit /edhist\r");
$s->wait_for(qr/^edit>\n\z/m);

line_is([text('hello')], 'hello|', 'text');
line_is([text('abc'), 'Left', 'Left', 'X'], 'aX|bc', 'left, and text between');
line_is([text('abc'), '^B', '^B', '^F', 'X'], 'abX|c', '^B and ^F');
line_is([text('abc'), 'Right', 'Left', 'Right', 'X'], 'abcX|', 'right');
line_is([text('abc'), 'Home', 'X', 'End', 'Y'], 'XabcY|', 'Home and End');
line_is([text('abc'), '^A', 'X', '^E', 'Y'], 'XabcY|', '^A and ^E');
line_is([text('abc'), 'Backspace', '^H', 'X'], 'aX|', 'backspace, both');
line_is([text('abc'), '^A', 'Backspace', 'X'], 'X|abc', 'none at the start');
line_is([text('abcd'), 'Home', 'Delete', '^D', 'X'], 'X|cd', 'delete, ^D');
line_is([text('abc'), '^D', 'Delete', 'X'], 'abcX|', 'none at the end');
line_is([text('one two'), ('^B') x 3, '^K', '^A'], '|one', '^K');
line_is([text('one two'), ('^B') x 3, '^U'], '|two', '^U');
line_is([text('one two  three'), '^W', '^W', 'X'], 'one X|', '^W');
line_is([text('one two'), '^W', '^A', '^Y', ' '], 'two |one', '^Y');
line_is([text('one two six'), '^W', '^W', '^A', '^Y', '^E', '-', '^Y'],
    'two sixone -two six|', 'what goes together comes together');
line_is([text('ab cd'), '^A', 'M-d', '^D', 'M-d', '^Y', '^Y'], 'cdcd|',
    'Alt-d');
line_is([text('a/b-cd'), 'M-Backspace', 'M-Backspace', 'X'], 'a/X|',
    'Alt-Backspace');
line_is([text('one two'), 'M-b', 'X', 'C-Left', 'C-Left', 'Y', 'M-f', 'Z'],
    'YoneZ| Xtwo', 'Alt-b, Ctrl-Left, Alt-f');
line_is([text('abcd'), '^T', '^B', '^B', '^T'], 'adb|c', '^T');
line_is([text('ab'), '^V', '^A', '^V', 'Escape', '^B', 'X'], 'ab^AX|^[',
    '^V takes a key as it is');
line_is([text('äö€'), 'Left', 'Backspace', 'x', '^E', '^T'], 'ä€x|',
    'characters of several bytes are one');
line_is([text('abc'), 'F5', 'Insert', '^G', 'M-x', 'Escape', '^O', 'd'],
    'abcd|', 'keys without a meaning leave the line alone');

# Lines over several rows: 74 characters fit beside the prompt.
my @d = map { $_ % 10 } 0 .. 299;
line_is([@d[0 .. 73]], join('', @d[0 .. 73]) . '|', 'a full row');
line_is([@d[0 .. 73], 'Left', 'X'], join('', @d[0 .. 72]) . 'X|3',
    'one more in a full row');
line_is([@d[0 .. 73], 'x', 'Backspace'], join('', @d[0 .. 73]) . '|',
    'back to a full row');
line_is([@d[0 .. 199], 'Home', 'X'], 'X|' . join('', @d[0 .. 199]),
    'text before three rows');
line_is([@d[0 .. 199], 'Home', 'Delete', 'Delete', 'Y'],
    'Y|' . join('', @d[2 .. 199]), 'text taken from before three rows');
line_is([@d[0 .. 199], ('Left') x 100, '^U'], '|' . join('', @d[100 .. 199]),
    'two rows become one');

# At the last row, and a line longer than the screen.
$s->key('^C', '^L');
$s->key(('x', 'Enter') x 13, 'y', 'Enter');
$s->wait_until(sub { $s->row(23) eq '[y]' && $s->row(24) eq 'edit>' });
my @above = map { $s->row($_) } 2 .. 23;
$s->key(@d[0 .. 169], 'Home', 'X');
screen_is([@above, 'edit> X' . join('', @d[0 .. 72]),
    join('', @d[73 .. 152]), join '', @d[153 .. 169]], 22, 7,
    'the last row scrolls, and it is known');
fresh();
my $long = join '', map { $_ % 10 } 1 .. 2500;
$s->type($long);
my $at = (6 + 2500) % 80;
my $rows = [unpack '(A80)*', substr "edit> $long", 8 * 80];
screen_is($rows, 23, $at, 'of a line longer than the screen, the end');
$s->key('Home');
screen_is([unpack '(A80)*', substr "edit> $long", 0, 24 * 80], 0, 6,
    'and the beginning');
$s->key('X', '^K', '^L', 'Y');
screen_is(['edit> XY'], 0, 8, 'and it can be cut short');

# The keyboard and the screen of the PC itself.
fresh();
$s->ps2(text('aB c'), 'Left', 'Delete', '^A', 'x', 'End', '!', 'Left');
screen_is(['edit> xaB !'], 0, 10, 'keys of the PS/2 keyboard');
$s->key(@d[0 .. 199], 'Home', 'Delete');
screen_is([unpack '(A80)*', 'edit> aB ' . join('', @d[0 .. 199], '!')], 0, 6,
    'three rows');
is_deeply [$s->vga], [map { $s->row($_) } 0 .. 24], 'are the same on VGA';
is_deeply [$s->vga_cursor], [$s->cursor], 'and so is the cursor';

# A text pasted, ten thousand characters, none lost.
fresh();
my $paste = join '', map { chr(97 + $_ * 7 % 26) } 1 .. 10_000;
$s->type("$paste");
$s->key('^A', text('first '), '^E', text(' last'));
my $end = substr "edit> first $paste last", -(10_017 % 80 + 23 * 80);
$s->wait_for(qr/ last$/);
$rows = [unpack '(A80)*', $end];
screen_is($rows, 23, 10_017 % 80, 'a pasted text is whole');
$s->key('^A', '^K');

# ---- history ----

sub enter {
    for my $line (@_) {
        fresh();
        $s->type("$line\r");
        $s->wait_for(qr/^\[\Q$line\E\]\nedit>$/m) or diag $s->screen;
    }
}

fresh();
enter('first line', 'second line', 'second line', 'third');
line_is(['Up'], 'third|', 'up');
line_is(['Up', 'Up', 'Up'], 'first line|', 'a repeated line is there once');
line_is([text('new'), 'Up', 'Up', 'Down', 'Down'], 'new|',
    'the unfinished line is kept');
line_is(['^P', '^P', '^N'], 'third|', '^P and ^N');
line_is(['PageUp', 'PageDown', 'Up'], 'third|', 'the oldest, the newest');
line_is([text('x '), 'M-.'], 'x third|', 'Alt-.: the last word');
line_is(['Up', 'Up', '^A', 'X'], 'X|second line', 'an old line is edited');
fresh();
$s->key('^R', text('line'));
screen_is(["(search)`line': second line"], 0, 23, '^R finds');
$s->key('^R');
screen_is(["(search)`line': first line"], 0, 22, 'again: the one before');
$s->key('^R');
screen_is(["(not found)`line': first line"], 0, 25, 'and no other');
$s->key('Backspace', 'Backspace');
screen_is(["(search)`li': second line"], 0, 21, 'with less, the newest');
$s->key('^E', '!');
screen_is(['edit> second line!'], 0, 18, 'another key goes on with it');
$s->key('^R', text('first'), '^G');
screen_is(['edit> second line!'], 0, 18, '^G gives the line back');
$s->key('^U', '^R', text('fir'), 'Enter');
ok $s->wait_for(qr/^\[first line\]$/m), 'Enter takes it';

# ---- completion: words of ours, files ----

line_is([text('edib'), 'Tab', 'x'], 'edibuiltin x|', 'a word of the program');
line_is([text('cat READ it'), ('Left') x 3, 'Tab', 'x'], 'cat README x|it',
    'before a blank');
line_is([text('utx_fa'), 'Tab', 'x'], 'utx_fault x|', 'a program');
line_is([text('x; utx_fa'), 'Tab', 'x'], 'x; utx_fault x|', 'behind ;');
line_is([text('cat READ'), 'Tab', 'x'], 'cat README x|', 'a file');
line_is([text('cat utx_fa'), 'Tab', 'x'], 'cat utx_fault x|',
    'a file that is a program');
line_is([text('READ'), 'Tab', 'x'], 'READx|', 'not a command: a text');
line_is([text('echo $EDIV'), 'Tab', 'x'], 'echo $EDIVARIABLE x|', 'a name');
line_is([text('echo "${EDIV'), 'Tab', 'x'], 'echo "${EDIVARIABLE}x|',
    'in quotes and braces');
line_is([text('cat "READ'), 'Tab', 'x'], 'cat "README" x|', 'closing quotes');
line_is([text('   '), 'Tab', 'x'], '    x|', 'Tab in front of a command');
$s->key('^C', '^D');
ok $s->wait_prompt, '^D on an empty line ends it';

$s->type("mkdir edir; cd edir; mkdir sub; echo >suffix; " .
    "echo >'a b'; echo >ab1; echo >ab2; echo >ab3; /utx_edit /edhist\r");
$s->wait_for(qr/^edit>\n\z/m);
line_is(['Up'], 'first line|', 'the history was kept');
line_is([text('ls sub'), 'Tab', 'x'], 'ls sub/x|', 'a directory');
line_is([text('cd s'), 'Tab', 'x'], 'cd sub/x|', 'for cd, no file');
line_is([text('/utx_fa'), 'Tab', 'x'], '/utx_fault x|', "a program's path");
line_is([text('ls ./a\\ '), 'Tab', 'x'], 'ls ./a\\ b x|', 'a blank, quoted');
line_is([text('ls >a\\ '), 'Tab', 'x'], 'ls >a\\ b x|',
    "a redirection's target");
line_is([text("ls 'a "), 'Tab', 'x'], "ls 'a b' x|", 'in single quotes');
line_is([text('cat ab'), 'Tab', 'x'], 'cat abx|', 'several: nothing more');
fresh();
$s->key(text('cat ab'), 'Tab', 'Tab', '1');
screen_is(['edit> cat ab', 'ab1  ab2  ab3', 'edit> cat ab1'], 2, 13,
    'and twice, the list');
fresh();
$s->key(text('ls '), 'Tab', 'Tab');
screen_is(['edit> ls', 'a b     ab1     ab2     ab3     sub/    suffix',
    'edit> ls'], 2, 9,
    'everything here');
$s->key('^C', '^D');
$s->wait_prompt;

# ---- the shell ----

sub shell_fresh {
    $s->key('^C');
    $s->wait_for(qr/\^C\nteak\S*\$\n\z/);
    $s->key('^L');
    $s->wait_until(sub { $_[0]->screen =~ /^teak\S*\$\n\z/ });
}

shell_fresh();
$s->type("cd /; echo one; export EDIR=edir\r");
$s->wait_for(qr/^one\nteak\$$/m);
shell_fresh();
$s->type("wc -c\rfor wc\r\cDecho and then\r");
ok $s->wait_for(qr/^ *7\n(?s:.*)^and then\nteak\$$/m),
    'what is pasted goes to the programs that it starts, and comes back';
shell_fresh();
$s->key('Up', 'Up', 'Up', ('Left') x 18, 'Backspace', text('x'));
screen_is(['teak$ cd /; echo onx; export EDIR=edir'], 0, 20, 'a line again');
shell_fresh();
$s->key(text('hist'), 'Tab', text('| he'), 'Tab', 'a', 'Tab',
    text('-1 $EDI'), 'Tab');
screen_is(['teak$ history | head -1 $EDIR/'], 0, 30,
    'built-in commands, programs, variables that hold a directory');
shell_fresh();
$s->type("utx_edit\r");
$s->wait_for(qr/^edit>$/m);
$s->key(text('hello'), 'Left', '^Z');
$s->wait_for(qr/^edit> hello\^Z\n.*Stopped.*\nteak\$$/m);
$s->type("fg\r");
$s->wait_for(qr/^utx_edit\nedit> hello$/m);
$s->key(text('X'));
ok $s->wait_for(qr/^utx_edit\nedit> hellXo$/m), '^Z, fg, and on with the line';
$s->key('^C');
$s->wait_for(qr/^edit>\n\z/m);
$s->key('^D');
shell_fresh();

# A full-screen program that somebody kills.
$s->command("echo 'until [ -e kf ]; do sleep 0.1; done; "
    . "printf \"\\033[31m\\033[?25l\"; kill \$1' > kk");
$s->type("sh -c 'sh kk \$\$ & exec edit kf'\r");
ok $s->wait_for(qr/^\^S save/m), 'an editor';
$s->key('x', '^S');
ok $s->wait_prompt && !$s->{hidden} && $s->pen_name eq '',
    'a killed editor leaves no colour, no hidden cursor';
$s->key(text('ech'), 'Backspace', text('ho fine'), 'Enter');
ok $s->wait_for(qr/^fine\nteak\$$/m), 'and no raw keyboard';
shell_fresh();

# Another program that reads lines.
$s->type("ed -p '* '\r");
$s->wait_for(qr/^\*$/m);
$s->type("f edfile\r");
$s->wait_for(qr/^edfile\n\*$/m);
$s->key('Up', 'Backspace', text('ed'), 'Enter');
ok $s->wait_for(qr/^\* f edfiled\nedfiled\n\*$/m), 'ed has the keys, too';
$s->type("q\r");
$s->wait_for(qr/\* q\nteak\$$/m);
shell_fresh();

# A smaller terminal, which says so.
$s->type("export LINES=6 COLUMNS=20\r");
$s->wait_for(qr/COLUMNS=20\nteak\$$/);
@$s{qw(rows cols)} = (6, 20);
$s->reset;
shell_fresh();
$s->key(@d[0 .. 59], 'Home', text('echo '), '^E', 'Backspace', '!');
screen_is([unpack '(A20)*', 'teak$ echo ' . join('', @d[0 .. 58]) . '!'],
    3, 11, 'twenty columns');
$s->key(@d[0 .. 99]);
my $all = 'teak$ echo ' . join('', @d[0 .. 58], '!', @d[0 .. 99]);
screen_is([unpack '(A20)*', substr $all, 80], 4, 11,
    'and six rows, the end of nine');

is_deeply $s->{unknown}, [], 'no sequence that the terminal does not know';
$s->quit;

done_testing;
