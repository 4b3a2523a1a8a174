#!/usr/bin/perl
# gdb attaches, stops in the kernel and in a user program, and Teak's
# commands show the processes.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $port = 20000 + $$ % 10000;

# Start the guest stopped, with a run= command, and give gdb a script.
sub debug {
    my ($cmd, @script) = @_;
    my $t = boot(args => Image::quote('run', $cmd), noprompt => 1, cpus => 1,
                 qemu => ['-S', '-gdb', "tcp:127.0.0.1:$port",
                          '-device', 'isa-debug-exit,iobase=0xf4,iosize=4'])
        or return '';
    my $words = join ' ', map { "-ex '$_'" } @script, 'kill';
    my $limit = patience(120);
    my (undef, $out) = sh("timeout $limit gdb -q -batch "
        . "-ex 'set tcp connect-timeout 60' "
        . "-ex 'set \$port = $port' -x tools/teak.gdb $words "
        . "$BUILD/kernel.elf");
    $t->quit;
    $port++;
    return $out;
}

my $out = debug('ls', 'hbreak kmain', 'continue', 'backtrace', 'print ksyms[0]',
                'print nksyms');
like $out, qr/Breakpoint 1, kmain/, 'stops where the kernel starts'
    or diag $out;
like $out, qr/#0\s+kmain .*main\.c:\d+/, 'and shows the source line';
unlike $out, qr/^#[2-9]/m, 'the backtrace ends there';

$out = debug('cat README', 'user cat', 'hbreak main', 'continue', 'backtrace',
             'ps', 'current', 'regions', 'pt');
like $out, qr/Breakpoint 1, main \(.*user\/cat\.c/, 'stops in a user program'
    or diag $out;
like $out, qr/^\s*1\s.*\binit\b/m, 'ps lists init';
like $out, qr/\bcat\b/, 'and the program';
like $out, qr/^00001000-.*r-x/m, 'regions shows its text';
like $out, qr/^00001 P U - /m, 'pt shows a page';

$out = debug('cat README', 'user cat', 'hbreak main', 'continue', 'hbreak pagefault',
             'continue', 'backtrace');
like $out, qr/^#0 +pagefault /m, 'break pagefault stops at a page fault'
    or diag $out;
like $out, qr/^#\d+ .*\btrap \(.*\n#\d+ +<signal handler called>\n#\d+ .*user\//m,
    'and the backtrace goes on in the program that was interrupted' or diag $out;

$out = debug('cat README', 'user cat', 'hbreak main if argc == 2', 'continue',
             'delete', 'hbreak sys_write', 'continue', 'backtrace');
like $out, qr/^#0 +sys_write .*<signal handler called>.*^#\d+ .*\bmain \(/ms,
    'from a system call to main(), too' or diag $out;

done_testing;
