#!/usr/bin/perl
# The shell with somebody at the keyboard: jobs, ^C, ^Z, here-documents, the
# history, what is said when something is wrong. What scripts mean is tested
# by tests/programs/shell.cases.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my ($CTRLC, $CTRLD, $CTRLZ) = map { chr } 3, 4, 26;

my $t = boot() or BAIL_OUT('no prompt: see above');

# Type a line and wait until a command on it says that it runs.
sub begin {
    $t->send("$_[0]\n");
    $t->expect(qr/\nruns\n/);
}

# A ^C may have asked for one prompt more.
sub settle {
    $t->send("echo set''tled\n");
    $t->expect(qr/\nsettled\n/);
    $t->prompt;
}

# Jobs.
my $sleeper = q(sh -c 'echo runs; exec sleep 100');
begin($sleeper);
$t->send($CTRLZ);
ok defined $t->expect(qr/\[1\]\+ Stopped  \Q$sleeper\E\n/), '^Z stops a job';
$t->prompt;
is $t->command('echo $?'), 148, 'its status says so';
like $t->command('jobs'), qr/^\[1\]\+ Stopped  \Q$sleeper\E$/, 'jobs lists it';
like $t->command('bg'), qr/^\[1\] \Q$sleeper\E$/, 'bg lets it go on';
like $t->command('jobs'), qr/^\[1\]\+ Running  \Q$sleeper\E$/, 'it runs';
$t->send("fg %1\n");
$t->expect(qr/\n\Q$sleeper\E\n/);
$t->send($CTRLC);
ok defined $t->prompt, 'fg brings it back, and ^C ends it';
is $t->command('jobs'), '', 'it is gone';
like $t->command('sleep 1 &'), qr/^\[1\] \d+$/, 'a job in the background';
$t->command('wait');
like $t->command(''), qr/^(?:\[1\]\+ Done  sleep 1|)$/, 'ends';
$t->command('sleep 100 | cat &');
$t->command('kill %1; wait');
is $t->command('jobs'), '', 'kill %1 ends a pipeline';
$t->command("sh -c 'sleep 100; :' &");
$t->command('kill %1; wait');
is $t->command('while kill -0 sleep 2>/null; do :; done; echo none'), 'none',
    'and what its processes have started';
begin("sh -c 'echo runs; while [ ! -e go ]; do sleep 1; done; echo wo''ken'");
$t->send($CTRLZ);
$t->prompt;
$t->command('echo >go');
$t->send("fg\n");
ok defined $t->expect(qr/\nwoken\n/), 'fg lets them go on, too';
$t->prompt;

# ^C ends everything that was typed on the line.
begin('echo runs; while :; do :; done');
$t->send($CTRLC);
ok defined $t->prompt, '^C ends a loop of built-in commands';
begin('while echo runs; do sleep 1; done');
$t->send($CTRLC);
ok defined $t->prompt, 'and one that runs programs';
begin('echo runs; sleep 100; echo later');
$t->send($CTRLC);
unlike $t->prompt // 'later', qr/later/, 'and what would come next';
begin("sh -c 'echo runs; while :; do :; done'");
$t->send($CTRLC);
ok defined $t->prompt, 'and a script';

begin('echo runs; sleep 100 || echo later');
$t->send($CTRLC);
unlike $t->prompt // 'later', qr/later/, 'and an alternative';
begin('echo later $(echo runs >&2; sleep 100)');
$t->send($CTRLC);
unlike $t->prompt // 'later', qr/later\s*\n/, 'and what needs its output';
begin('sleep 1000 & echo runs; wait');
$t->send($CTRLC);
ok defined $t->prompt, 'and a wait';
settle();
$t->command('kill %1; wait');
for my $line ('sleep 100', 'sleep 100 | cat', 'echo $(sleep 100)') {
    $t->send("$line\n$CTRLC");
    ok defined $t->prompt, "and $line that has not started yet";
    settle();
}

# Who reads in the background waits for fg; who is stopped is not forgotten.
like $t->command('cat &'), qr/^\[1\] \d+$/, 'a reader in the background';
is $t->command('echo mine'), 'mine', 'gets nothing typed at the prompt';
$t->send("fg\n");
$t->expect(qr/\ncat\n/);
$t->send("its\n");
ok defined $t->expect(qr/^its\nits\n/m), 'but in the foreground';
$t->send($CTRLZ);
$t->prompt;
is $t->command('exit'), 'sh: there are stopped jobs; once more to leave them',
    'exit warns of stopped jobs';
like $t->command('jobs'), qr/Stopped  cat$/, 'and stays';
$t->command('kill %1; wait');

# Commands over several lines.
$t->send("for i in a b\ndo echo \"<\$i>\"\n");
$t->expect(qr/> $/);
$t->send("done\n");
ok defined $t->expect(qr/\n<a>\n<b>\n/), 'a loop over three lines';
$t->prompt;
$t->send("\e[A\n");
ok defined $t->expect(qr/\n<a>\n<b>\n/), 'and comes back whole';
$t->prompt;
$t->send("cat <<E\nx \$((1+1))\nE\n");
ok defined $t->expect(qr/\nx 2\n/), 'a here-document';
$t->prompt;
$t->send("if true; then\n");
$t->expect(qr/> $/);
$t->send($CTRLC);
ok defined $t->prompt, '^C gives an unfinished command up';
is $t->command('echo fine'), 'fine', 'of which nothing is left';

# Mistakes leave the shell alive.
is $t->command('if true; fi'), "sh: expected 'then', found 'fi'",
    'what was expected and what was found';
is $t->command('echo ${nothing?is not there}'),
    'sh: nothing: is not there', 'a parameter that must be set';
is $t->command('echo $((1/0))'), 'sh: arithmetic: division by zero: 1/0',
    'a division by zero';
is $t->command('f() { f; }; f'), 'sh: commands nested too deeply',
    'a recursion without end';
is $t->command('f; echo no', 30), 'sh: commands nested too deeply', 'again';
is $t->command('vim'), 'sh: vim: not found; the editor is: edit',
    'an editor is named';
is $t->command('echo text > f; ./f; echo $?'),
    "sh: ./f: not a program: a script begins with #!/sh, or run: sh ./f\n126",
    'a text is not run by mistake';
is $t->command('(exit 3); echo $?'), 3, 'all that has changed nothing';
is $t->command('echo a >&7; echo b'), "sh: 7: Bad file descriptor\nb",
    'a descriptor that is not open';
is $t->command("printf 'a\\nb)\\n' > s; sh s"),
    "sh: s:1: a: not found\n"
    . "sh: s:2: expected a command's end, found ')'",
    'a script tells the line';

# The prompt and the directory.
$t->send("mkdir /home; cd /home\n");
ok defined $t->expect(qr/\nteak:\/home\$ $/), 'the prompt has the directory';
$t->send("cd -\n");
ok defined $t->expect(qr/\n\/\nteak\$ $/), 'cd - goes back';
$t->send("PS1='\$((1+1)) % '\n");
ok defined $t->expect(qr/\n2 % $/), 'PS1 is expanded';
$t->send("PS1='\${nothing?amiss} % '\n");
ok defined $t->expect(qr/\nsh: nothing: amiss\n\$\{nothing\?amiss\} % $/),
    'a mistake in PS1 is told, and the text shown';
$t->send("unset PS1\n");
$t->prompt;

# What is remembered, across shells.
like $t->command('history'), qr/^ +1  \Q$sleeper\E\n.*  unset PS1\n/s, 'history';
$t->send($CTRLD);
ok defined $t->prompt, '^D: a new shell';
like $t->command('history'), qr/  unset PS1\n/, 'has the same history';
$t->send("\e[A\e[A\n");
$t->expect(qr/\n/);
ok defined $t->prompt, 'Up-arrow finds it';

# Completion knows built-in commands and variables.
$t->command('longvariable=5');
is $t->command("echo \$longv\t"), 5, 'Tab completes a variable';
is $t->command("unali\t-a; echo \$?"), 0, 'and a built-in command';
like $t->command('help'), qr/^ls\b.*/m, 'help lists commands';
like $t->command('help shift'), qr/^shift: /, 'and tells of one';

$t->quit;
done_testing;
