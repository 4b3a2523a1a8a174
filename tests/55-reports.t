#!/usr/bin/perl
# What Teak says when something is wrong, and what it does then: programs
# that are killed, kernel stacks that overflow, panics, the fault trace, the
# switches of the memory system, the end of init.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use IO::Socket::UNIX;
use Teak;
use Test::More;

my $dir = scratch();
my $port = 10000 + $$ % 10000;

# ---- a program that does wrong is killed, and the report says why ----

my ($FAULT, $ILL, $ARITH, $TRAP) = (128 + 11, 128 + 4, 128 + 8, 128 + 5);

# Case, trap, error code, reason, the shell's $?.
my @CRASHES = (
    [nullread    => 14, 4, 'null pointer', $FAULT],
    [nullwrite   => 14, 6, 'null pointer', $FAULT],
    [textwrite   => 14, 7, 'write to read-only memory', $FAULT],
    [kernelread  => 14, 5, 'kernel address', $FAULT],
    [kernelwrite => 14, 7, 'kernel address', $FAULT],
    [stack       => 14, 6, 'stack overflow', $FAULT],
    [stackframe  => 14, 6, 'stack overflow', $FAULT],
    [stackgap    => 14, 4, 'stack overflow', $FAULT],
    [break       => 14, 4, 'above the break', $FAULT],
    [mapend      => 14, 4, 'past the end of the mapped file', $FAULT],
    [noaccess    => 14, 5, 'no access', $FAULT],
    [noaccesswrite => 14, 7, 'no access', $FAULT],
    [nothing     => 14, 4, 'no memory there', $FAULT],
    [divide      => 0, 0, 'division error', $ARITH],
    [illegal     => 6, 0, 'illegal instruction', $ILL],
    [halt        => 13, 0, 'protection fault', $FAULT],
    [int3        => 3, 0, 'breakpoint', $TRAP],
    [into        => 4, 0, 'overflow', $FAULT],
    [bound       => 5, 0, 'bound exceeded', $FAULT],
    [task        => 10, 0, 'invalid task', $FAULT],
    [step        => 1, 0, 'debug exception', $TRAP],
);

sub crashes {
    my $t = boot() or return fail('it boots');
    for my $case (@CRASHES) {
        my ($how, $trap, $err, $reason, $status) = @$case;
        my $out = $t->command("utx_fault $how; echo status \$?") // '';
        my ($eip, $addr) =
            $out =~ /.*^expect eip (0x[0-9a-f]+) addr (0x[0-9a-f]+)$/ms;
        $eip //= '?';
        $addr //= '?';
        $addr = '0x0' if $trap != 14;
        # PROT_NONE may be an entry without the user's right, or none yet.
        $err = $err == 5 ? '[45]' : '[67]' if $how =~ /^noaccess/;
        my $report = "trap $trap err $err on cpu [01] eip $eip "
            . "addr $addr--kill proc \\($reason\\)";
        like $out, qr/^pid \d+ utx_fault: $report$/m, "$how: the report"
            or diag $out;
        like $out, qr/^status $status$/m, "$how: the status";
    }
    like $t->command('echo goes on') // '', qr/^goes on$/m,
        'the shell goes on';

    # init can be neither killed nor missed.
    like $t->command('kill 1; echo status $?') // '',
        qr/not permitted.*\nstatus 1$/, 'kill 1: EPERM';
    like $t->command('ps') // '', qr/^\s*1 .*\binit$/m, 'init lives on';
}
crashes();

# A sector that the disk cannot read: of a file, and of a slot in swap.
sub unreadable {
    my ($name, $sector) = @_;
    my $conf = "$dir/$name.conf";
    open my $h, '>', $conf or die "$conf: $!\n";
    print $h qq{[inject-error]\niotype = "read"\nevent = "none"\n},
        qq{errno = "5"\nsector = "$sector"\n};
    close $h;
    my ($status, $out) = guest("utx_fault $name", mem => 8, timeout => 60,
        drive => "file=blkdebug:$conf:%s,format=raw,if=ide,index=0");
    is $status, $FAULT, "$name: the status";
    like $out, qr/: trap 14 err 4 .*--kill proc \($name cannot be read\)$/m,
        "$name: the report" or diag $out;
}

my $SLOT = 40;                  # slots are taken in order
my $image = Image::slurp($IMG);
unreadable('file', index($image, Image::slurp('README')) / 512);
unreadable('swap', unpack('V', substr $image, 446 + 16 + 8, 4) + 8 * $SLOT);
undef $image;

# ---- what only a debugger can bring about ----

sub gdb {
    my ($port, @script) = @_;
    my $words = join ' ', map { "-ex '$_'" } @script;
    my $limit = patience(120);
    return (sh("timeout $limit gdb -q -batch -ex 'set tcp connect-timeout 60' "
        . "-ex 'set \$port = $port' "
        . "-x tools/teak.gdb $words $BUILD/kernel.elf"))[1];
}

# Run a command under tools/run, stopped, with a script for gdb: the status,
# and what the guest printed.
sub tampered {
    my ($cpus, $cmd, @script) = @_;
    my $file = "$dir/out" . ++$port;
    my $pid = fork // die "fork: $!\n";
    if ($pid == 0) {
        my ($status, $out) = guest($cmd, cpus => $cpus, timeout => 120,
            qemu => ['-S', '-gdb', "tcp:127.0.0.1:$port"]);
        open my $h, '>', $file;
        print $h $out;
        close $h;
        POSIX::_exit($status);
    }
    my $log = gdb($port, @script, 'continue');
    waitpid $pid, 0;
    my $status = $? >> 8;
    return ($status, Image::slurp($file), $log);
}

# The process whose kernel stack the CPU is on, to gdb; its name's start.
my $ME = '(*(struct proc **)((unsigned)$esp & ~8191))';

sub named {
    my @letters = split //, shift;
    return join ' && ',
        map { "$ME->name[$_] == " . ord $letters[$_] } 0 .. $#letters;
}

# A kernel stack of which nothing is left at some push; or an interrupt's frame
# does not fit; or a function that calls itself for ever, which destroys all
# that lies at the stack's bottom before it gets to the guard page.
my $RECURSE = 'set var *(unsigned char[5] *)sys_getpid = '
    . '{0xe8, 0xfb, 0xff, 0xff, 0xff}';
my $BOTTOM = '((unsigned)$esp & ~8191)';
for my $case ([1, 'all is used', "set \$esp = $BOTTOM"],
              [2, 'a few bytes left', "set \$esp = $BOTTOM + 8"],
              [1, 'recursion', $RECURSE], [2, 'recursion', $RECURSE]) {
    my ($cpus, $how, $do) = @$case;
    my ($status, $out, $log) = tampered($cpus, 'utx bss',
        'hbreak *sys_getpid if ' . named('utx'), 'continue',
        "printf \"victim %d\\n\", $ME->pid", $RECURSE, $do);
    my $pid = $log =~ /^victim (\d+)$/m ? $1 : 'no';
    like $out, qr/^panic: kernel stack overflow of pid $pid utx\b/m,
        "kernel stack overflow, $how, $cpus CPUs" or diag $log, $out;
    like $out, qr/^  [0-9a-f]{8} sys_getpid\+0x0$/m, 'at an instruction, named';
    is $status, 125, 'and the emulator ends with a failing status';
}

# CPUs that begin when they have been given up. They are kept from running
# until the disk is looked for, long after all that others started on is free;
# or until the next one is called, in whose place the first one comes then.
for my $case (['disk_init', 1, 2], ['lapic_start_ap', 1]) {
    my ($until, @late) = @$case;
    my ($status, $out, $log) = tampered(3, 'usertests -q proc',
        'hbreak *0x7000', 'continue', 'delete', "hbreak $until", 'thread 1',
        'set scheduler-locking on', 'continue', 'delete',
        'set scheduler-locking off');
    is_deeply [$out =~ /^cpu (\d) does not start$/mg], \@late,
        "CPUs are late, until $until" or diag $log, $out;
    like $out, qr/^\d+ passed, 0 failed$/m, 'and do no harm'
        or diag $log, $out;
    is $status, 0, 'now or later';
}

# The function that a line of a source calls.
sub line_at {
    my ($file, $n) = @_;
    my @lines = split /\n/, slurp($file);
    return $lines[$n - 1] =~ /(sleep_\w+)\(/ ? $1 : $lines[$n - 1];
}

# A lock that loses its owner.
my @BREAK = ('hbreak sleep_timed if ' . named('sleep'), 'continue',
             'set var lk->owner = 0');
my $BROKEN = qr/^panic: sched\.c:\d+: .*holding\(lk\)/m;
for my $cpus (1, 2) {
    my ($status, $out, $log) = tampered($cpus, 'sleep 1; echo survived',
                                        @BREAK);
    my $frame = qr/^  [0-9a-f]{8} /m;
    like $out, $BROKEN, "an invariant is broken, $cpus CPUs"
        or diag $log, $out;
    like $out, qr/: who sleeps holds the lock \(/,
        'the panic says which, in words';
    my $word = qr/[0-9a-f]{8}/;
    like $out, qr/^eax\ $word\ +ebx\ $word\ +ecx\ $word\ +edx\ $word\n
                  esi\ $word\ +edi\ $word\ +ebp\ $word\ +esp\ $word\n
                  eip\ ($word)\ +flags\ $word\ +cr2\ $word\ +cr3\ $word\n
                  \ \ \1\ \w+\+/mx, 'with which registers';
    like $out, qr/^cpu [01], pid \d+ sleep$/m, 'who ran';
    like $out, qr/^came by trap 65 at eip [0-9a-f]+: sys_sleep 64$/m,
        'in which call, with which arguments';
    like $out, qr/${frame}sleep_ticks\+0x[0-9a-f]+\n
                  ${frame}sys_sleep\+0x[0-9a-f]+\n/x,
        'and how it got there';
    my @line = $out =~ /^The\ same\ with\ the\ lines\ of\ the\ sources:\npanic:\ .*
                  ^\ \ \w+\ sleep_ticks\ at\ (\w+\.c):(\d+)\n
                  ^\ \ \w+\ sys_sleep\ at\ (\w+\.c):(\d+)\n/msx;
    ok @line == 4, 'tools/run decodes it' or diag $out;
    is_deeply [@line ? (line_at(@line[0, 1]), line_at(@line[2, 3])) : ()],
        ['sleep_timed', 'sleep_ticks'], 'to the lines of the calls';
    unlike $out, qr/survived/, 'and is the end';
    is $status, 125, 'with a failing status';
}

# With somebody watching the machine stays, the text on the screen, and no
# CPU runs on, whatever it was doing.
sub all_stop {
    my $p = ++$port;
    my $t = boot(cpus => 4, qemu => ['-gdb', "tcp:127.0.0.1:$p"])
        or return fail('it boots');
    $t->command('utx_fault spin & utx_fault spin & utx_fault spin &');
    $t->send("sleep 1; " x 20 . "\n");
    my $log = gdb($p, @BREAK, 'delete', 'detach');
    ok defined $t->expect(qr/$BROKEN.*?^  \S+ sys_sleep/ms),
        'a panic with 4 CPUs' or diag $log, $t->{all};
    my $until = time + patience(60);
    my @stopped;
    do {
        $log = gdb($p, 'info threads', 'detach');
        @stopped = $log =~ /^[* ] +\d+ +Thread .*\b(cpu_stop) /mg;
    } until @stopped == 4 || time > $until;
    is scalar @stopped, 4, 'all of them have stopped' or diag $log;
}
all_stop();

# NMIs from outside, while all CPUs print, take locks and work: each is told
# of, and does no harm.
sub nmis {
    my $socket = "$dir/monitor";
    my $t = boot(cpus => 4, qemu => ['-mon', 'chardev=m', '-chardev',
        "socket,id=m,path=$socket,server=on,wait=off"])
        or return fail('it boots');
    my $monitor = IO::Socket::UNIX->new(Peer => $socket)
        or return fail("monitor: $!");
    $monitor->autoflush(1);
    $t->send('vmctl trace on; ' . 'utx_fault touch 500 & ' x 3
        . qq{usertests -q stack; vmctl trace off; echo all "done"\n});
    for (1 .. 150) {
        print $monitor "nmi\n";
        $t->expect(qr/\A(*FAIL)/, 0.01);
    }
    ok defined $t->expect(qr/all done\n/, 60), 'hundreds of NMIs do no harm';
    like $t->{all}, qr/^\d+ passed, 0 failed$/m, 'all goes on';
    unlike $t->{all}, qr/panic/, 'nobody panics';
    like $t->{all}, qr/NMI on cpu $_\n/, "cpu $_ is named" for 0 .. 3;
}
nmis();

# ---- the fault trace ----

my $LINE = qr/^fault:\ pid\ (\d+)\ (\S+)\ va\ 0x([0-9a-f]+)\ ([rw])
    \ (ZERO|FILEPAGE|SWAPPED|COW|UPGRADE|SPURIOUS|BAD)
    \ frame\ 0x([0-9a-f]+)
    \ (?:done|again|refused|copied|sole\ owner)$/mx;

# ZERO faults of a program that touches 20 of the pages it says it has.
sub traced {
    my ($out, $name) = @_;
    my ($start) = $out =~ /^pages 0x([0-9a-f]+)$/m
        or return fail("$name: $out");
    my ($zero, $bad, %frame, %page) = (0, 0);
    for my $line (grep { /^fault:/ } split /\n/, $out) {
        if ($line !~ $LINE) {
            $bad++;
            diag $line;
            next;
        }
        my ($who, $va, $rw, $case, $pfn) = ($2, hex $3, $4, $5, hex $6);
        next if $who ne 'utx_fault' || $va < hex $start ||
            $va >= 40 * 4096 + hex $start;
        $zero++ if $case eq 'ZERO' && $rw eq 'w';
        $page{$va}++;
        $frame{$pfn}++ if $pfn;
    }
    is $bad, 0, "$name: the form of the lines";
    is $zero, 20, "$name: a line for each fresh page";
    is_deeply [scalar keys %page, scalar keys %frame], [20, 20],
        "$name: once for each, and each has its own frame";
}

my ($status, $out) = guest('utx_fault touch 20', args => 'vm.trace=1');
traced($out, 'vm.trace=1');
like $out, qr/^fault: pid 1 init /m, 'vm.trace=1: from the start';

($status, $out) = guest('utx_fault touch 3; vmctl trace on; '
    . 'utx_fault touch 20; vmctl trace off; echo off; utx_fault touch 4');
my ($before, $on, $off) = $out =~ /\A(.*?^pages \S+\n)(.*)^off$(.*)/ms;
unlike $before // 'fault:', qr/^fault:/m, 'no line before it is on';
traced($on // '', 'vmctl trace on');
unlike $off // 'fault:', qr/^fault:/m, 'none when it is off again';

# A copy is made while there is another owner; the last one keeps the frame.
($status, $out) = guest('vmctl trace on; cowdemo; vmctl trace off');
like $out, qr/^fault: pid \d+ cowdemo .* COW frame 0x\w+ $_$/m, "COW: $_"
    for 'copied', 'sole owner';

# ---- the switches ----

# What they print, and the page faults of three programs, by case.
sub counted {
    my ($args) = @_;
    my ($status, $out) = guest('echo one; faults utx_fault touch 20; '
        . 'faults utx_fault cow 20; faults utx data; echo two',
        args => $args, cpus => 1);
    my @count;
    is $status, 0, ($args || 'no arguments') . ': status';
    for (split /\n/, $out) {
        push @count, {} if /^faults .* system$/;
        $count[-1]{$1} = $2 if @count && /^(\w+) +(\d+) +\d+$/;
    }
    $out =~ s/^\w+ +(?:\d+ +\d+|\S+ +system)\n//mg;
    return ($out, @count);
}

my ($plain, @base) = counted('');
like $plain, qr/^one\npages 0x\w+\n20 pages kept\ntwo$/m, 'what they print';

# How many more pages each costs at once: of a heap of 40 pages the 20 that
# are not touched; the 20 that a child would have copied; those of a program
# that it does not read. The page of data that the program writes to is mapped
# already then, and copied by a fault of its own.
for my $case (['vm.cow', 0, 20, 0], ['vm.lazyheap', 20, 0, 0],
              ['vm.demandload', 0, 1, 8]) {
    my ($knob, $heap, $copied, $file) = @$case;
    my ($text, @count) = counted("$knob=off");
    is $text, $plain, "$knob=off: the programs print the same";
    is $count[0]{zero} - $base[0]{zero}, $heap, "$knob=off: pages of heap";
    my $more = $count[1]{cow} - $base[1]{cow};
    ok $copied ? $more >= $copied : $more == 0, "$knob=off: pages copied"
        or diag $more;
    $more = $count[2]{file} - $base[2]{file};
    ok $file ? $more >= $file : $more == 0, "$knob=off: pages of the program"
        or diag $more;
}

# ---- init ends; it is started again ----

sub image_with {
    my @files = @_;
    my ($err, $out) = sh("$BUILD/mkfs -s 4000 $dir/fs @files && "
        . "tools/mkimage --fsmb 16 --swapmb 4 $dir/img $BUILD/boot.bin "
        . "$BUILD/kernel.bin $dir/fs");
    is $err, 0, 'an image with another init' or diag $out;
    return "$dir/img";
}

my $root = "$BUILD/root";
my $img = image_with("$root/sh", "$root/ps", "$root/utx_fault=init",
                     "$root/init=realinit");
($status, $out) = guest('ps; exit 5', image => $img);
is $status, 5, 'the second init does its work';
is scalar(() = $out =~ /^init ended .*; starting it again/mg), 1,
    'the kernel says that the first one ended' or diag $out;
like $out, qr/^\s*1 .*init$/m, 'it is process 1 again';

# One that ends at once is started more and more rarely.
$img = image_with("$root/true=init");
my $t = boot(image => $img, keep => 1, noprompt => 1);
ok defined $t->expect(qr/init ended .* again in 0\.1 s\n.* 0\.3 s\n.* 0\.7 s/s),
    'an init that ends at once is started after longer and longer pauses';
$t->quit;

# One that wants all memory gives it back before it is started again.
$img = image_with("$root/utx_fault=init", "README=hungry");
$t = boot(image => $img, keep => 1, noprompt => 1, mem => 8);
ok defined $t->expect(qr/(?:\(out of memory\)\ninit ended .*){2}/s),
    'there is memory for an init that used all of it';
$t->quit;

# One that cannot be run leaves a shell, and is looked for when that ends.
$img = image_with("README=init", map { "$root/$_" } qw(init=good sh mv rm ps));
$t = boot(image => $img, keep => 1) or fail('a shell without init');
like $t->{all}, qr{/init is no program \(error 8\); here is /sh},
    'an init that is no program: a shell, and why';
like $t->command('ps'), qr/^\s*1 .*\bsh$/m, 'it is process 1';
$t->send("rm init; exit\n");
ok defined $t->expect(qr{/init is missing \(error 2\); here is /sh}),
    'an init that is missing: likewise';
ok $t->prompt, 'its prompt';
$t->send("mv good init; exit\n");
ok $t->prompt, 'the prompt after init was mended';
like $t->command('ps'), qr/^\s*1 .*\binit$/m, 'it runs again';
$t->quit;

$img = image_with("$root/ps");
$t = boot(image => $img, keep => 1, noprompt => 1);
ok defined $t->expect(qr{panic: neither /init nor /sh can be run}),
    'with nothing to run the kernel panics';
$t->quit;

# ---- boot arguments ----

($status, $out) = guest('true', args => 'nonsense=1 vm.cow=on vm.cows word');
is_deeply [sort $out =~ /unknown argument (\S+) ignored/g],
    [qw(nonsense vm.cows word)], 'unknown boot arguments are reported'
    or diag $out;
is $status, 0, 'and ignored';

done_testing;
