#!/usr/bin/perl
# A user at the terminal: typing, editing, signals by key, and what the shell
# makes of a line.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my ($BACKSPACE, $DELETE) = ("\b", "\x7f");
my ($CTRLC, $CTRLD, $CTRLP, $CTRLU, $CTRLW, $CTRLZ) =
    map { chr } 3, 4, 16, 21, 23, 26;

my $t = boot() or BAIL_OUT('no prompt: see above');
pass 'the prompt appears';

is $t->command('echo hello'), 'hello', 'a command runs';
is $t->command("echo abx${BACKSPACE}c"), 'abc', 'backspace takes back';
is $t->command("echo abx${DELETE}c"), 'abc', 'and so does delete';
is $t->command("garbage${CTRLU}echo clean"), 'clean', '^U takes back the line';
is $t->command("echo one two${CTRLW}three"), 'one three', '^W a word';
is $t->command("${BACKSPACE}${CTRLW}${CTRLU}echo x"), 'x',
    'nothing to take back: nothing happens';
is $t->command('ls -l | grep sh | wc >null; echo $?'), 0,
    'a pipeline and its status';
like $t->command('ls -l | grep sh | wc'), qr/^\s*[1-9]\d*\s+\d+\s+\d+/,
    'a pipeline counts';

$t->send("sleep 1000\n");
$t->expect(qr/\n/);
select undef, undef, undef, 0.5;
$t->send($CTRLC);
ok defined $t->prompt, '^C ends the foreground command';
is $t->command('echo $?'), 137, 'which was killed';

$t->send("cat | cat | cat\nfirst\n");
ok defined $t->expect(qr/first\nfirst\n/), 'a line goes through a pipeline';
$t->send("second$CTRLD$CTRLD");
ok defined $t->expect(qr/secondsecond/), '^D ends a line without a newline';
ok defined $t->prompt, 'and, on an empty line, the file';

$t->send("sleep 1\necho typed ahead\n");
ok defined $t->expect(qr/\$ typed ahead\n/), 'typing ahead';
$t->prompt;

$t->send($CTRLP);
ok defined $t->expect(qr/^(?=.*\binit\n)(?=.*\bsh\n)/s),
    '^P lists the processes';
$t->send("\n");
$t->prompt;

# Stop and continue.
$t->send("utx_cons job\none\n");
ok defined $t->expect(qr/job: one\n/), 'a job reads lines';
$t->send("lost$CTRLZ");
ok defined $t->expect(qr/lost\^Z\nstopped\n/), '^Z stops it';
$t->send("two\n");
ok defined $t->expect(qr/mine: two\n/), 'it does not read while stopped';
$t->send("three\n");
ok defined $t->expect(qr/job: three\n/), 'continued, it reads on';
$t->send("$CTRLZ");
ok defined $t->expect(qr/stopped\n/), 'it can be stopped again';
$t->send("four\n");
$t->expect(qr/mine: four\n/);
$t->send($CTRLC);
ok defined $t->prompt, 'and killed';
is $t->command('echo $?'), 137, 'with the status for that';

like $t->command('utx_cons wait 50'), qr/came: 0/, 'nobody types: the time ends';
$t->send("utx_cons wait 2000\n");
$t->expect(qr/waiting\n/);
$t->send("x\n");
ok defined $t->expect(qr/came: 1/, 15), 'a key ends the wait';
$t->prompt;

$t->send($CTRLD);
ok defined $t->prompt, '^D at the prompt: a new shell';

my $long = 'x' x 200;
is $t->command("echo $long"), $long, 'a long line';
is $t->command('cat nothing; echo $?'),
    "cat: nothing: No such file or directory\n1", 'an error has words';

my ($status) = guest('utx writers', cpus => 2);
is $status, 0, 'a kill ends the wait for a console that others keep busy';

$t->send("reboot\n");
ok defined $t->prompt(60), 'reboot comes back to a prompt';
$t->send("poweroff\n");
is $t->ended, 0, 'poweroff ends the machine';

done_testing;
