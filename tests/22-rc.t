#!/usr/bin/perl
# /etc/rc is run at boot, and can keep nobody from the shell.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my ($CTRLC, $CTRLZ) = ("\x03", "\x1a");
my $img = scratch() . '/img';
my ($status, $out) = sh("cp $IMG $img");

# Boot with these lines as /etc/rc.
sub with_rc {
    my ($lines, %opt) = @_;
    my ($status, $out) = guest("rm -f /etc/rc; $lines", image => $img,
                               keep => 1);
    is $status, 0, 'the file is there' or diag $out;
    return boot(image => $img, noprompt => 1, %opt);
}

my $t = with_rc("echo '#!/sh' >/etc/rc; echo 'echo the rc' >>/etc/rc; "
              . "echo 'exit 3' >>/etc/rc");
ok defined $t->expect(qr/^the rc\n/m), 'it runs';
ok defined $t->expect(qr/^init: \/etc\/rc ended with status 3\n/m),
    'its failure is told';
ok defined $t->prompt, 'and then the shell comes';
$t->quit;

($status, $out) = guest('echo run', image => $img);
is $status, 0, 'a run= boot';
like $out, qr/^run$/m, 'runs its command';
unlike $out, qr/the rc/, 'and nothing else';

$t = with_rc("echo 'echo begins; sleep 100000' >/etc/rc");
ok defined $t->expect(qr/^begins\n/m), 'one without end';
$t->send($CTRLZ);
$t->expect(qr/\^Z/);
$t->send($CTRLC);
ok defined $t->prompt, '^C ends it, even after ^Z';
is $t->command('echo $?; echo hello'), "0\nhello", 'the shell is all right';
$t->quit;

$t = with_rc('mkdir /etc/rc');
ok defined $t->prompt, 'no file there: the shell comes';
$t->quit;

$t = with_rc('rmdir /etc/rc 2>/null; true');
ok defined $t->prompt, 'nothing there: the shell comes';
is $t->command('echo hello'), 'hello', 'and works';

# On the console ls makes columns.
$t->command('mkdir d; touch d/a d/b d/c');
is $t->command('ls d'), 'a  b  c', 'ls makes columns on the console';
is $t->command('ls d | cat'), "a\nb\nc", 'and none elsewhere';
is $t->command('ls -1 d'), "a\nb\nc", 'nor with -1';
$t->quit;

done_testing;
