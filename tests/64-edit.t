#!/usr/bin/perl
# The full-screen editor, as a person at the terminal sees it.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Screen;
use Test::More;

my $KEYS = qr/^\^S save \^Q quit/m;
my $STATUS = 23;
my $TOP = "\e[1;5H";                    # Ctrl-Home

# How much is sent for a key matters: a serial line is slow.
my $sent = 0;
{
    no warnings 'redefine';
    my $feed = \&Screen::feed;
    *Screen::feed = sub { $sent += length $_[1]; $feed->(@_) };
}

my $s = Screen::boot() or BAIL_OUT('no prompt: see above');

sub open_file {
    my $command = shift;
    $s->wait_prompt;
    $s->feed("\e[2J\e[5H");      # the model alone: clear is seen to clear
    $s->type("clear\r");
    $s->wait_until(sub { $_[0]->at_prompt && ($_[0]->cursor)[0] == 0 });
    $s->type("edit $command\r");
    return $s->wait_for($KEYS);
}

sub output {
    my $text = $s->command(@_) // 'nothing';
    chomp $text;
    return $text;
}

# Waits for the status line, and for the cursor to be back from it.
sub status {
    my ($regex, $name) = @_;
    my $ok = $s->wait_until(sub { $_[0]->row($STATUS) =~ $regex &&
        ($_[0]->cursor)[0] < $STATUS });
    ok $ok, $name or diag $s->screen;
}

sub rows_are {
    my ($name, @want) = @_;
    my $ok = $s->wait_until(sub {
        my $n = 0;
        !grep { $_[0]->row($n++) ne $_ } @want });
    ok $ok, $name or diag $s->screen;
}

sub leave {
    my @keys = @_;
    $s->key('^Q', @keys);
    ok $s->wait_prompt, 'and leaves' or diag $s->screen;
}

is output('vi x; echo $?'), "vi: not here: use edit x\n1",
    'vi tells what to use';

# Typing and moving.
ok open_file('new.c'), 'the editor opens, and tells its keys';
status qr/^ new\.c  a new file .*line 1 of 1, column 1$/, 'on a new file';
$s->type("int main(void)\r{\r\treturn 0; // äh\r}\r");
rows_are 'what is typed is there', 'int main(void)', '{',
    '        return 0; // äh', '}', '';
status qr/\(changed\) .*line 5 of 5, column 1$/, 'and is a change';
$s->key('Up', 'Up', 'End');
status qr/line 3 of 5, column 24$/, 'a character is a column, a tab to 8';
$sent = 0;
$s->key('Backspace', 'Backspace', 'Home', 'Delete');
$s->type('  x');
rows_are 'deleting, inserting', 'int main(void)', '{', '  xreturn 0; //';
cmp_ok $sent, '<', 400, "few bytes are sent ($sent)";
$s->key('^S');
status qr/^ new\.c  saved: 36 bytes/, 'saved';
leave;
is output('cat new.c'), "int main(void)\n{\n  xreturn 0; //\n}",
    'the file is what was seen';

# Searching, undoing, cutting.
open_file('new.c');
$s->key('^F');
$s->wait_for(qr/^Find:/m);
$s->type("RET\r");
status qr/not found: RET/, 'capitals are only found by capitals';
$s->key('^F', '^U');
$s->type("MAIN\b\b\b\bmain\r");
status qr/line 1 of 5, column 5$/, 'found';
$s->key('^F', 'Enter');
status qr/from the start again .*column 5$/, 'and found again';
$s->key('^K', '^K');
rows_are 'lines are cut', '  xreturn 0; //', '}', '';
$s->key('^U');
rows_are 'and put back together', 'int main(void)', '{', '  xreturn 0; //';
$s->key('Up', '^U');
rows_are 'twice', 'int main(void)', 'int main(void)', '{', '{';
$s->key('^Z', '^Z', '^Z', '^Z');
rows_are 'undone', 'int main(void)', '{', '  xreturn 0; //', '}', '';
status qr/^ new\.c   /, 'nothing is changed then';
$s->key('^Z');
status qr/nothing to undo/, 'nothing is left to undo';
$s->key('^Y', '^Y');
rows_are 'redone', '  xreturn 0; //', '}', '';
$s->key('^Z', '^Z');
$s->type($TOP);
$s->key('^R');
$s->wait_for(qr/^Replace/m);
$s->type("i\r");
$s->wait_for(qr/^by:/m);
$s->type("III\r");
$s->wait_for(qr/^Replace this/m);
$s->type('na');
status qr/2 replaced/, 'replaced, some and all';
rows_are 'so it is', 'int maIIIn(voIIId)', '{';
$s->key('^Q');
ok $s->wait_for(qr/^Save the changes\?/m), 'changes are not thrown away';
$s->key('Escape');
ok $s->wait_for($KEYS), 'and one may go on';
$s->type($TOP);
$s->key('^B', 'Down', '^C', '^U');
rows_are 'a mark and copying', 'int maIIIn(voIIId)', 'int maIIIn(voIIId)', '{';
leave 'y';
like output('cat new.c'), qr/^int maIIIn/, 'saved when leaving';

# A long file.
$s->command('seq 20000 >big; cp big was');
ok open_file('+10000 big'), 'a file of 20,000 lines';
status qr/line 10000 of 20001/, 'at a line';
is $s->row(11), '10000', 'in the middle';
$sent = 0;
$s->key('Down') for 1 .. 12;
status qr/line 10012 /, 'downwards';
is $s->row(22), '10012', 'the screen has scrolled';
cmp_ok $sent, '<', 600, "not drawn anew ($sent)";
$s->key('PageDown');
status qr/line 10034 /, 'a page';
$s->key('PageUp', 'PageUp', 'Up');
status qr/line 9989 /, 'and back';
$s->key('^G');
$s->wait_for(qr/^Line:/m);
$s->type("20001\r");
status qr/line 20001 /, 'to the end';
$s->type('x' x 100);
status qr/column 101$/, 'a line longer than the screen';
like $s->row(($s->cursor)[0]), qr/^<x+$/, 'moves aside';
$s->key('Home');
status qr/column 1$/, 'and back';
like $s->row(($s->cursor)[0]), qr/^x{79}>$/, 'its end is cut off';

# The same on the other screen.
$s->feed("\e[2J");
$s->key('^L');
status qr/line 20001 /, 'drawn anew';
$s->key('Up') for 1 .. 30;
status qr/line 19971 /, 'scrolled';
sub screen_rows { return join "\n", map { $s->row($_) } 0 .. 24 }
is join("\n", $s->vga_when(sub { join("\n", @_) eq screen_rows() })),
    screen_rows(), 'the VGA screen shows the same';
is_deeply [$s->vga_cursor], [$s->cursor], 'and the cursor';
$s->ps2('Down', 'PageDown', 'End');
status qr/line 19994 .*column 6/, "the keys of the PC's keyboard";
leave 'n';
is output('cmp big was; echo $?'), 0, 'not saved: unchanged';

# Bytes of all kinds.
$s->command('head -c 3000 /sh >bin; cp bin was');
ok open_file('bin'), 'a binary file';
like $s->row(0), qr/^\^\?ELF\^A\^A\^A/, 'control characters are spelt out';
$s->type('q');
$s->key('Backspace', '^S');
status qr/saved: 3000 bytes/, 'saved';
leave;
is output('cmp bin was; echo $?'), 0, 'and the same as before';

# What cannot be edited; what has changed meanwhile.
is output('edit / ; edit /console; edit /no/dir; echo $?'),
    "edit: /: is a directory\nedit: /console: is a device\n" .
    "edit: /no/dir: no such directory\n1", 'refused with a reason';
is output('echo x | edit; echo $?'), "edit: works on the console only\n1",
    'no console: refused';
$s->command('echo one >f');
$s->type("clear; (until grep mine f >null; do sleep 0.1; done; "
    . "echo longer >f; echo over''written) & edit f\r");
$s->wait_for($KEYS);
$s->type('mine ');
$s->key('^S');
ok $s->wait_for(qr/overwritten/), 'another program writes it';
$s->type('x');
$s->key('^S');
ok $s->wait_for(qr/^Write over it\?/m), 'changed by somebody else: asks';
$s->type('n');
status qr/not saved/, 'and does not';
leave 'n';
$s->command('wait');            # or the prompt tells of the job later
is output('cat f'), 'longer', 'so it stays';

# A full disk, and the end of edit by force.
$s->command('cp big was; dd if=zero of=fill bs=64k', 60);
open_file('big');
$s->type('full');
$s->key('^S');
status qr/^ big \(changed\)  NOT saved: No space left on device/, 'disk full';
leave 'n';
$s->command('rm fill');
is output('cmp big was; echo $?'), 0, 'what was there is still there';
$s->type("clear; (while cmp -s big was; do sleep 0.1; done; kill -9 edit) & "
    . "edit big\r");
ok $s->wait_for($KEYS), 'an editor';
$s->type('changed');
$s->key('^S');
ok $s->wait_for(qr/killed/), 'is killed';
$s->command('wait');
is output('echo typed'), 'typed', 'the shell has its terminal back';
is output("ls | grep '~'"), '', 'no temporary file is left';
is_deeply $s->{unknown}, [], 'no sequence that terminals lack';
$s->quit;

done_testing;
