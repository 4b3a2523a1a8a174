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

# Type a line and wait until a command on it says that it runs.
my $SLEEPER = q(sh -c 'echo runs; exec sleep 1000');
sub begin {
    $t->send("$_[0]\n");
    $t->expect(qr/\nruns\n/);
}

begin($SLEEPER);
$t->send($CTRLC);
ok defined $t->prompt, '^C ends the foreground command';
is $t->command('echo $?'), 137, 'which was killed';

begin('{ echo runs; cat; } | cat | cat');
$t->send("first\n");
ok defined $t->expect(qr/first\nfirst\n/), 'a line goes through a pipeline';
$t->send("second$CTRLD$CTRLD");
ok defined $t->expect(qr/secondsecond/), '^D ends a line without a newline';
ok defined $t->prompt, 'and, on an empty line, the file';

$t->send("sleep 1\necho typed ahead\n");
ok defined $t->expect(qr/\$ echo typed ahead\ntyped ahead\n/), 'typing ahead';
$t->prompt;

begin($SLEEPER);
$t->send($CTRLP);
ok defined $t->expect(qr/^(?=.*\binit\n)(?=.*\bsh\n)/s),
    '^P lists the processes while a program runs';
$t->send($CTRLC);
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
$t->expect(qr/mine: four\ncontinued\n/);
$t->send($CTRLC);
ok defined $t->prompt, 'and killed';
is $t->command('echo $?'), 137, 'with the status for that';

# Each ^C counts for a shell that looks whether one came.
$t->send("utx_cons breaks 300\n");
$t->expect(qr/counting\n/);
$t->send_all($CTRLC x 300);
ok defined $t->expect(qr/counted\n/), 'three hundred ^C are as many';
$t->prompt;

like $t->command('utx_cons wait 50'), qr/came: 0/, 'nobody types: the time ends';
$t->send("utx_cons wait 2000\n");
$t->expect(qr/waiting\n/);
$t->send("x\n");
ok defined $t->expect(qr/came: 1/), 'a key ends the wait';
$t->prompt;

# What a key like an arrow sends is no text; a character is erased whole. All
# by the kernel, for a program that only reads: at the prompt these are keys.
sub cooked {
    my $keys = shift;
    begin('echo runs; head -n 1');
    $t->send("$keys\n");
    $t->expect(qr/\n/);
    my $out = $t->prompt // return undef;
    $out =~ s/\n?teak\$ $//;
    return $out;
}
is cooked("a\e[Ab\e[3~c\eOPd\e[1;5C"), 'abcd',
    'escape sequences are swallowed';
is cooked("ax\e${BACKSPACE}b"), 'ab', 'but not what follows Escape';
is cooked("\xc3\xa4"), "\xc3\xa4", 'UTF-8 passes';
is cooked("\xe2\x82\xac\xc3\xa4${BACKSPACE}${BACKSPACE}y"), 'y',
    'and backspace erases all bytes of a character';
like $t->{all}, qr/\xe2\x82\xac\xc3\xa4(?:\x08 \x08){2}y/,
    'and one column for each';

# A big paste, to a reader that is slow at first: every byte arrives.
sub paste {
    my ($mode, $text) = @_;
    my $sum = 0;
    $sum = ($sum * 31 + ord) & 0xffffffff for split //, $text;
    $t->send("utx_cons sum $mode 5\n");
    $t->expect(qr/reading\n/);
    $t->send_all("$text$CTRLD");
    my $told = $t->expect(qr/(\d+) bytes, sum (\d+)\n/, 60) // '';
    $t->prompt;
    my ($n) = $told =~ /(\d+ bytes, sum \d+)\n\z/;
    is $n, length($text) . " bytes, sum $sum", "a paste, $mode, loses nothing";
}
paste('cooked', join '', map { "$_ " . 'paste ' x ($_ % 12) . "\n" } 1 .. 400);
paste('cooked', 'long line ' x 1000 . "\n");
paste('raw', join '', map { chr 32 + $_ % 90 } 1 .. 12_000);
paste('late', 'x' x 6000 . "\n");

# Processes: what is told of them, and what is done to them.
$t->command('sleep 1000 &');
$t->command('until kill -0 sleep 2>null; do :; done');   # that is its name now
$t->command('kill -STOP sleep');
like $t->command('ps --tree'), qr/^ +(\d+) sleep .* sh\n +\d+ stopped .*   sleep$/m,
    'a process can be stopped by its name; ps shows it, under its parent';
like $t->command('ps -ef'), qr/^ +\d+ +\d+ +\d+ stopped +\d+:\d\d\.\d\d sleep$/m,
    'ps -ef';
like $t->command('ps aux'), qr/^ +1 +\d\.\d +\d\.\d +\d+ +\d+ sleep .* init$/m,
    'ps aux';
is $t->command('kill -CONT sleep; ps | grep -c stopped'), 0, 'and continued';
is $t->command('kill -0 sleep; echo $?'), 0, 'there is one';
$t->command('kill -9 sleep; while kill -0 sleep 2>null; do :; done');
is $t->command('kill -0 sleep; echo $?'),
    "kill: sleep: No such process\n1", 'then there is none';
$t->command('sh -c "sleep 1000; sleep 1000" &');
$t->command('until kill -0 sleep 2>null; do :; done');
my ($group) = $t->command('ps -ef') =~ /^ *\d+ +\d+ +(\d+) .*\bsleep$/m;
like $t->command("kill -STOP -- -$group; ps | grep -c stopped"), qr/^2$/m,
    'a group is stopped';
like $t->command("kill -9 -$group; while kill -0 -- -$group 2>null; "
    . "do :; done; kill -0 -- -$group; echo \$?"),
    qr/^kill: -$group: No such process\n1$/m, 'and killed';
is $t->command('kill 1; echo $?'), "kill: 1: Operation not permitted\n1",
    'init cannot be killed';

# With nobody to read it fills the ring; ^C from the keyboard ends that.
$t->send("utx_cons sum cooked 100000\n");
$t->expect(qr/reading\n/);
$t->send("x\n");
$t->send('y' x 3000 . "\n");
$t->send($CTRLC);
ok defined $t->prompt, '^C works behind a paste that fits';

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
