#!/usr/bin/perl
# From a fresh boot, what somebody who knows Unix types first, and the first
# small piece of work: each does something sensible on the screen.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Screen;
use Test::More;

my $s = Screen::boot() or BAIL_OUT('no prompt');
my $LIMIT = 60;

# Type a line; the screen must come to match.
sub shows {
    my ($line, $want, $what) = @_;
    $s->type($line);
    $s->key('Enter');
    ok $s->wait_for($want, $LIMIT), $what || $line or diag $s->screen;
}

# A key that comes while a command runs is not the shell's: that ends first.
sub fresh {
    $s->wait_prompt($LIMIT);
    $s->key('^L');
    $s->wait_for(qr/\A\S*\$ *\Z/, $LIMIT);
}

shows('ls -la /etc', qr/^- 1 +\d+ \w+ +\d+ .* rc$/m);
fresh();
shows('man ls', qr/^ls - list directories.*--More--/ms);
$s->type('q');
ok $s->wait_for(qr/^teak\$ *\Z/m, $LIMIT), 'q ends it';
$s->key('Up');
ok $s->wait_for(qr/^teak\$ man ls\Z/m, $LIMIT), 'Up: the line before';
$s->key('^C');
fresh();
shows('cd /etc', qr/^teak:\/etc\$ *\Z/m, 'cd shows in the prompt');
shows('cd', qr/^teak\$ *\Z/m, 'cd alone');
$s->type('cat /etc/r');
$s->key('Tab');
ok $s->wait_for(qr/^teak\$ cat \/etc\/rc *\Z/m, $LIMIT), 'Tab completes';
$s->key('^C');
fresh();
shows('ps aux', qr/^ *PID.*\n(?:.*\n)*.* init$/m);
fresh();
$s->type("top\r");
ok $s->wait_for(qr/^up .*\n.*CPU.*\n(?:.*\n)*.*\btop$/m, $LIMIT), 'top';
$s->type('q');
$s->wait_for(qr/^teak\$ *\Z/m, $LIMIT);
fresh();
shows('vi x', qr/edit/, 'vi says what the editor is');
shows('history | tail -n 2', qr/^ +\d+ +vi x$/m, 'history');
fresh();
shows('help | head -n 100 | grep -c -e " - "', qr/^(?:[5-9]\d|100)$/m, 'help');

# Write a program's text, look for something in it, do something for each file.
fresh();
$s->type("edit a.c\r");
$s->wait_for(qr/\^S save/, $LIMIT);
$s->type("int main(void)\n{\n\treturn 7;\n}\n");
$s->key('^S');
ok $s->wait_for(qr/saved/, $LIMIT), 'edit saves';
$s->key('^Q');
$s->wait_for(qr/^teak\$ *\Z/m, $LIMIT);
fresh();
shows('grep -n return a.c | cut -d : -f 1', qr/^3$/m, 'grep finds it');
shows('for f in *.c; do echo "$f has $(wc -l < $f) lines"; done',
      qr/^a\.c has 4 lines$/m, 'a loop over files');
shows('yes > /dev/null &', qr/^\[1\] \d+$/m, 'something in the background');
shows('kill %1; wait; jobs; echo done', qr/^done$/m, 'and its end');
fresh();
shows('dd if=/dev/zero of=big bs=1M; echo status $?',
      qr/No space left on device\n(?:.*\n)*status 1$/m, 'a full disk');
shows('cp a.c b.c; echo status $?', qr/^cp: .*No space.*\nstatus 1$/m,
      'is told to everybody');
shows('rm -f big b.c; cp a.c b.c && cmp a.c b.c && echo room again',
      qr/^room again$/m, 'and cleaned up');
$s->quit;

done_testing;
