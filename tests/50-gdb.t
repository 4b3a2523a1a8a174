#!/usr/bin/perl
# gdb attaches, stops in the kernel and in user programs, and Teak's commands
# show the stopped guest.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Cwd qw(abs_path);
use IO::Socket::INET;
use Test::More;

my $GDB = "timeout " . patience(300) . " gdb -q -batch";
my $dir = scratch();
my $n = 0;
my $all = '';                           # all that gdb has printed

# Run CMD in a guest that waits for gdb, and give gdb commands. A text between
# them, "== name", begins a section. Returns the sections.
sub debug {
    my ($opt, $cmd, @script) = @_;
    my $file = "$dir/port" . ++$n;
    my $pid = fork // die "fork: $!\n";
    if ($pid == 0) {
        my ($status, $out) = guest($cmd, %$opt, timeout => 300, gdb => $file);
        put("$dir/console$n", $out);
        POSIX::_exit(0);
    }
    for (1 .. patience(600)) {
        last if -s $file;
        select undef, undef, undef, 0.1;
    }
    -s $file or diag 'the emulator has not started';
    my $words = join ' ', map { /^==/ ? "-ex 'echo \\n$_\\n'" : "-ex '$_'" }
        @script, '== end', 'kill';
    my (undef, $out) = sh("$GDB -ex 'set \$port = " . (slurp($file) + 0)
        . "' -x tools/teak.gdb $words $BUILD/kernel.elf");
    waitpid $pid, 0;
    $all .= $out;
    my (undef, @parts) = split /^== (\w+)\n/m, "== start\n$out";
    return @parts;
}

# The address of a program's symbol, as nm has it.
sub address {
    my ($prog, $symbol) = @_;
    my ($line) = grep { / $symbol$/ } split /\n/,
        (sh("nm $BUILD/user/$prog.elf"))[1];
    return '0x' . (split ' ', $line)[0];
}

# ---- without a guest ----

my (undef, $out) = sh("$GDB -x tools/teak-gdb.py -ex ps "
    . "-ex 'set tcp auto-retry off' -ex 'connect 1' -ex 'connect x' "
    . "-ex 'ubreak nosuch main' -ex 'ubreak cat nosuch' "
    . "-ex 'pt' $BUILD/kernel.elf");
$out =~ s/\(.*(Connection refused)\.\)/($1)/;     # each gdb begins it otherwise
is $out, <<"END", 'without a guest each command says what is missing';
there is no guest: `make qemu-gdb` starts one, `connect` attaches to it
nobody waits for gdb at port 1 (Connection refused): is `make qemu-gdb` running?
x: not a port
no program nosuch in ${\abs_path("$BUILD/user")}
ubreak: Function "nosuch" not defined.
usage: pt VA [PID]
END

my @commands = qw(ps proc current bt trapframe vmmap regions pt pframe cache
                  log locks faults events ubreak user connect);
(undef, $out) = sh("$GDB -x tools/teak-gdb.py "
    . join(' ', map { "-ex 'help $_'" } @commands) . " $BUILD/kernel.elf");
my @lines = map { $_ => scalar($out =~ /^\Q$_\E\b[^:]*: \S/m) } @commands;
is_deeply {@lines}, {map { $_ => 1 } @commands}, 'each has a help text'
    or diag $out;

my $taken = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1);
my $port = $taken->sockport;
(my $status, $out) = sh("tools/gdbport $dir/no $port true");
like $out, qr/^gdbport: port $port: Address already in use: choose another: make GDBPORT=0$/,
    'a taken port is one line, with the mend';
isnt $status, 0, 'and no success';
ok !-e "$dir/no", 'and no file';

my $first = 20000 + 10 * ($< % 1000);
(undef, $out) = sh("tools/gdbport $dir/p 0 true; cat $dir/p");
ok $out =~ /^(\d+)$/m && $1 >= $first && $1 < $first + 10,
    "the port is one of the user's ten" or diag $out;

# ---- one CPU ----

my %part = debug({cpus => 1}, 'cat README',
    '== early', 'ps', 'hbreak kmain', 'continue', 'backtrace', 'print nksyms',
    'delete',
    # cat stops at this address; sh comes there first, in its own main.
    '== sh', 'ubreak cat *' . address('sh', 'main'), 'ubreak sh main',
    'continue', 'info breakpoints', 'current', 'delete',
    '== child', 'hbreak forkret if ptable.n > 4', 'continue', 'backtrace',
    'trapframe', 'delete',
    '== cat', 'ubreak cat main', 'continue', 'backtrace',
    '== ps', 'ps', '== current', 'current', '== proc', 'proc',
    '== proc1', 'proc 1', '== bt1', 'bt 1', '== bt2', 'bt 2 -1',
    '== still', 'bt', '== vmmap', 'vmmap',
    '== pt', 'pt main', 'monitor gva2gpa ' . address('cat', 'main'),
    '== ptlow', 'pt 0', '== pthigh', 'pt kmain', '== all', 'pt all',
    '== pframe', 'pframe $cr3', 'pframe &ptable', 'pframe frames + 40',
    'pframe 0x7fffffff',
    '== cache', 'cache', 'cache 0', 'cache 1 swap',
    '== log', 'log', '== faults', 'faults', 'print fault_total',
    '== frame0', 'trapframe', '== frame1', 'trapframe 1',
    '== wrong', 'proc 99', 'pt all 2', 'cache 1 tape', 'bt 1 nonsense',
    'print nosuch', 'pframe nosuch', '== events', 'events',
    '== fault', 'delete', 'hbreak pagefault', 'continue', 'backtrace',
    'trapframe', 'locks',
    # Step by step into the kernel, as far as the registers are pushed.
    '== step', 'delete', 'ubreak cat usys_int', 'continue',
    ('stepi', 'backtrace') x 9, 'trapframe',
    '== write', 'delete', 'hbreak sys_write', 'continue', 'backtrace',
    'trapframe',
    # The other gate: only old programs use it.
    '== gate', 'delete', 'hbreak sys_read',
    'set var *(char *)(usys_int + 1) = 64', 'continue', 'backtrace',
    'trapframe');

like $part{early}, qr/^paging is still off: `hbreak kmain`, `continue`$/m,
    'before paging there is nothing to see' or diag $part{early};
like $part{early}, qr/Breakpoint 1, kmain/, 'gdb stops where the kernel starts';
like $part{early}, qr/#0\s+kmain .*main\.c:\d+/, 'and shows the source line';
unlike $part{early}, qr/^#[2-9]/m, 'the backtrace ends there';

like $part{sh}, qr/Breakpoint 3, main \(argc=\d+, .*user\/sh\.c/,
    'ubreak stops in sh' or diag $part{sh};
my ($other) = $part{sh} =~ /^2 +hw breakpoint(.*?)^3 /ms;
unlike $other, qr/already hit/, "and cat's at that address does not";
like $part{child}, qr/^#0 +<signal handler called>\n.*^#\d+ .*\bmain \(.*user\/sh\.c/ms,
    'a child that has not run so far comes from its parent'
    or diag $part{child};
like $part{child}, qr/^trap frame at \w+, from user mode: back from a system call: 0, gate 65$/m,
    'whose trap frame it has';
like $part{cat}, qr/Breakpoint 5, main \(argc=2, .*user\/cat\.c/,
    'then in cat, whose symbols gdb has now' or diag $part{cat};
like $part{cat}, qr/^#0 +main \(argc=2.*user\/cat\.c/m, 'backtrace has them';

like $part{ps}, qr/^ +1 +0 SLEEPING +0 +\d+ init +await_child$/m,
    'ps: who sleeps, and where' or diag $part{ps};
like $part{ps}, qr/^ +5 +4 RUNNING +0 +\d+ cat *$/m, 'and who runs';
like $part{ps}, qr/^ +2 +0 SLEEPING +\d +- flusher +log_await_work$/m,
    'and a kernel thread';
like $part{current}, qr/^ +5 +4 RUNNING .*\bcat\b/m, 'current';
like $part{proc}, qr/^pid 5 cat: running on cpu 0\nparent pid 4 sh, group 4,/m,
    'proc' or diag $part{proc};
like $part{proc}, qr{^symbols: .*/user/cat\.elf$}m, 'whose file it runs';
like $part{proc}, qr/^fd 1: device rw, major 1, \d+ owners$/m, 'its files';
like $part{proc1}, qr/^pid 1 init: asleep in await_child\nparent none,/m,
    'proc PID' or diag $part{proc1};
like $part{bt1}, qr/^#0 +switch_to .*^#\d+ +\S+ in sys_waitpid .*<signal handler called>.*^#\d+ .*\bmain \(\) at user\/init\.c/ms,
    'bt of a process that sleeps, into its program' or diag $part{bt1};
like $part{bt2}, qr/\A#\d+ /, 'bt passes on what backtrace knows';
like $part{still}, qr/^#0 +main \(argc=2.*user\/cat\.c/m,
    'afterwards all is as it was' or diag $part{still};
like $part{vmmap}, qr/^00001000-\w+ r-x private text +\d+ +[1-9]\d* .* inode \d+ from 0x1000$/m,
    'vmmap' or diag $part{vmmap};
like $part{vmmap}, qr/^\w+-\w+ rw- private stack +256 +[1-9]\d* +0 +0  zeroes$/m,
    'and the stack';

my ($pa) = $part{pt} =~ /^gpa: 0x(\w+)/m;
like $part{pt}, qr/^pde\[0\] = \w+: page table in frame \w+; writable, user, accessed/m,
    'pt: the directory entry' or diag $part{pt};
like $part{pt}, qr/^pte\[1\] = \w+: frame \w+; read-only, user, accessed, clean$/m,
    'the table entry';
ok $part{pt} =~ /^physical address 0*\Q$pa\E$/m,
    "the address, which QEMU finds, too: $pa" or diag $part{pt};
like $part{pt}, qr/^frame \w+: user, 2 owners, caches fs block \d+$/m,
    'the frame, which the cache has, too';
like $part{pt}, qr/^region 00001000-.*: read goes through, write kills/m,
    'what the region says';
like $part{ptlow}, qr/^pte\[0\] = 0: nothing mapped\nno region is there: an access kills/m,
    'pt of the null pointer' or diag $part{ptlow};
like $part{pthigh}, qr/kernel only.*\n.*physical address 0010\w{4}\nframe 0x10\w: the kernel itself\n/s,
    'pt of the kernel' or diag $part{pthigh};
like $part{all}, qr/^00001 P U - A - \w{5}$/m, 'pt all' or diag $part{all};
like $part{pframe}, qr/^  table, 1 owner\n  page directory of pid 5 cat$/m,
    'pframe: a page directory' or diag $part{pframe};
like $part{pframe}, qr/^  the kernel itself$/m, 'an address of the kernel';
like $part{pframe}, qr/^frame 0x28: physical 00028000, kernel address 80028000$/m,
    'a struct page';
like $part{pframe}, qr/^frame 0x7ffff: .*\n  not RAM$/m, 'and none';

my ($fs) = $part{cache} =~ /^fs +(\d+)/m;
like $part{cache}, qr/^the cache counts $fs frames in its clock$/m,
    'cache: as many as the cache says' or diag $part{cache};
like $part{cache}, qr/^fs block 0: frame \w+: user, 1 owner, caches fs block 0, evictable$/m,
    'the superblock, which somebody has read';
like $part{cache}, qr/^swap block 1 is not in memory$/m, 'and nothing swapped';
like $part{log}, qr/^running: transaction \d+, 0 of \d+ blocks\n.*\nhome on disk: up to transaction \d+; last commit succeeded$/m,
    'log' or diag $part{log};
my @total = $part{faults} =~ /^ +all, ever +(\d+) +(\d+) +(\d+) +(\d+)/m;
like $part{faults}, qr/^\$\d+ = \{$total[0], $total[1], $total[2], $total[3], /m,
    'faults: the totals' or diag $part{faults};
like $part{faults}, qr/^ +5 cat +\d+ +[1-9]\d* +0 /m, 'and of cat';
like $part{frame0}, qr/^pid 5 cat is in its program/m, 'trapframe: none';
like $part{frame1}, qr/^trap frame at \w+, from user mode: system call 30 \(sys_waitpid\), gate 65\n  eip \w+ user\/usys\.S:\d+\n  eax 0000001e .*esp \w+\n  cs 1b  ds 23 .* IF$/ms,
    'trapframe PID' or diag $part{frame1};
is $part{wrong}, <<'END' . "\n", 'what cannot be is one line';
no process 99: `ps` lists them
pid 2 flusher has no user memory
usage: cache [BLOCK [fs|swap]]
bt: No symbol "nonsense" in current context.
No symbol "nosuch" in current context.
pframe: No symbol "nosuch" in current context.
END
is $part{events}, "events: off; next line 0, 0 lost\n\n", 'events' or diag $part{events};

like $part{fault}, qr/^#0 +pagefault .*^#\d+ .*\btrap \(.*\n#\d+ +<signal handler called>\n#\d+ .*user\//ms,
    'from a page fault into the program' or diag $part{fault};
like $part{fault}, qr/^trap frame at \w+, from user mode: page fault, a (?:read|write), /m,
    'and its trap frame' or diag $part{fault};
like $part{fault}, qr/^no lock is held$/m, 'with no lock';
like $part{write}, qr/^#0 +sys_write .*<signal handler called>.*^#\d+ .*\bmain \(argc=2.*user\/cat\.c/ms,
    'from a system call to main()' or diag $part{write};
my @steps = $part{step} =~ /^#0 +<signal handler called>\n#1 .*usys_int .*\n(?:#.*\n)*#\d+ .*main \(argc=2.*user\/cat\.c/mg;
is @steps, 9, 'from each instruction of the way in' or diag $part{step};
like $part{step}, qr/^trap frame at \w+, from user mode: .*gate 65$/m,
    'at the end there is a trap frame';
like $part{gate}, qr/^#0 +sys_read .*<signal handler called>.*\bmain \(argc=2.*system call 5 \(sys_read\), gate 64$/ms,
    'and by the other gate' or diag $part{gate};

# ---- four CPUs ----

my $WAIT = <<'END';
python
from teakgdb import kernel
def pid(name):
    return [kernel.pid(p) for p in kernel.procs() if kernel.name(p) == name][0]
def until(ok):
    b = gdb.Breakpoint("clock_tick", gdb.BP_HARDWARE_BREAKPOINT)
    for i in range(2000):
        if ok():
            break
        gdb.execute("continue", to_string=True)
    b.delete()
def asleep(name, where):
    from teakgdb import procs
    return any(kernel.name(p) == name and procs.waits_in(p) == where
               for p in kernel.procs())
end
END
my $script = put("$dir/wait.gdb", $WAIT);
my $idle = '(*(struct proc **)((unsigned)$esp & ~8191))->pid == 0';
%part = debug({cpus => 4, args => 'events=1', events => "$dir/events"},
    'utx_fault spin & sleep 1000 & cp README x; cat',
    "source $script",
    '== swtch', 'hbreak swtch if ptable.n > 3', 'continue', 'locks', 'delete',
    '== cp', 'ubreak cp main', 'continue', 'delete', 'hbreak log_write',
    'continue', 'log', 'locks', 'delete', 'hbreak bdirty', 'continue',
    'backtrace', 'delete',
    '== cat', 'ubreak cat main', 'continue', 'delete',
    'python until(lambda: asleep("sleep", "sys_sleep"))',
    '== ps', 'ps', 'events', '== asleep',
    'python gdb.execute("bt %d" % pid("sleep"))',
    '== spin', 'python gdb.execute("bt %d" % pid("utx_fault"))',
    'python gdb.execute("proc %d" % pid("utx_fault"))',
    '== thread', 'thread 2', 'current', 'thread 3', 'current',
    '== idle', "hbreak clock_tick if $idle", 'continue', 'backtrace',
    'trapframe', 'frame function idle_loop', 'print/x $esp');

like $part{swtch}, qr/^cpu \d, .*, holds scheduler \(RANK_SCHED\)$/m,
    'locks: a spin lock' or diag $part{swtch};
like $part{cp}, qr/^pid \d+ cp holds inode \d+ \(SRANK_INODE\)$/m,
    'a sleep lock' or diag $part{cp};
like $part{cp}, qr/^pid \d+ cp has a transaction open \(SRANK_LOG\)$/m,
    'and a transaction';
like $part{cp}, qr/^  open operations may change [1-9]\d* more;/m,
    'log: an open operation';
like $part{cp}, qr/^#0 +bdirty .*<signal handler called>.*\bmain \(argc=3.*user\/cp\.c/ms,
    'from deep in the kernel into cp';
like $part{ps}, qr/^ +\d+ +4 RUNNING +\d +\d+ utx_fault *$/m, 'ps, 4 CPUs'
    or diag $part{ps};
like $part{ps}, qr/^events: on; next line [1-9]\d*, 0 lost$/m, 'events, on';
like $part{asleep}, qr/^#0 +switch_to .*\bsys_sleep .*\bmain \(.*user\/sleep\.c/ms,
    'bt: asleep' or diag $part{asleep};
like $part{spin}, qr/^#\d+ .*\bmain \(argc=2.*user\/utx_fault\.c/m,
    'bt of one that runs on another CPU' or diag $part{spin};
like $part{spin}, qr/^pid \d+ utx_fault: running on cpu \d$/m, 'and proc';
my @frames = $part{idle} =~ /^trap frame at (\w+), from kernel mode: interrupt \d+, the CPU's own clock$/m;
like $part{idle}, qr/^#0 +clock_tick .*<signal handler called>.*^#\d+ +(?:\S+ in )?idle_loop \(/ms,
    'through an interrupt in the kernel' or diag $part{idle};
my ($esp) = $part{idle} =~ /^\$\d+ = (0x\w+)$/m;
is @frames && hex($esp // 0) - hex $frames[0], 68,
    'with the stack pointer that it had' or diag $part{idle};

unlike $all, qr/Traceback|Python Exception|Error while executing/,
    'no command breaks down';
done_testing;
