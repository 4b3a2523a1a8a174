#!/usr/bin/perl
# The demonstration programs tell what happens to their pages. What they print
# is compared with lines written by hand, in which A, B, ... stand for frames
# and P1, P2, ... for pids, in the order in which they appear; an entry is
# frame.bits. And watch runs them, or any other command, with events switched on.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

# Numbers get their names in the order in which they come.
sub named {
    my $text = shift;
    my (%frame, %pid);
    $text =~ s/entry 0*([0-9a-f]+)([0-9a-f]{3}):/entry $1.$2:/g;
    $text =~ s/entry 0[.]000/entry 00000000/g;
    for my $n ($text =~ /(?:entry |frame )([0-9a-f]+)[.,]/g) {
        my $name = chr 65 + keys %frame;
        $frame{$n} ||= $name;
    }
    for my $n ($text =~ /\bpid (\d+)/g) {
        my $name = 'P' . (1 + keys %pid);
        $pid{$n} ||= $name;
    }
    $text =~ s/((?:entry |frame ))([0-9a-f]+)(?=[.,])/$1$frame{$2}/g;
    $text =~ s/\bpid (\d+)/pid $pid{$1}/g;
    $text =~ s/ at 0x[0-9a-f]+$/ at ADDRESS/gm;
    return $text;
}

my $COW = <<'END';
parent: pid P1 asks for a page of memory, at ADDRESS
parent: entry 00000000: nothing there yet
parent: writes 'P'
parent: entry A.067: frame A, writable, accessed, dirty
parent: forks
END
my $COW_ON = <<'END';
parent: entry A.065: frame A, read-only, accessed, dirty
child:  entry A.025: frame A, read-only, accessed
        one frame, two owners
END
my $COW_OFF = <<'END';
parent: entry A.065: frame A, read-only, accessed, dirty
child:  entry B.027: frame B, writable, accessed
        two frames: each has its own
END
my $COW_END = <<'END';
child:  writes 'C'
parent: entry A.065: frame A, read-only, accessed, dirty
child:  entry B.067: frame B, writable, accessed, dirty
        two frames: each has its own
parent: writes 'Q'
parent: entry A.067: frame A, writable, accessed, dirty
child:  entry B.067: frame B, writable, accessed, dirty
        two frames: each has its own
parent: reads 'Q'
child:  reads 'C'
END
my $FAULT = <<'END';
pid P1 asks for 2 pages of memory, at ADDRESS
page 0: entry 00000000: nothing there yet
reads page 0
and has read 0
page 0: entry A.027: frame A, writable, accessed
writes to page 1
page 1: entry B.067: frame B, writable, accessed, dirty
maps the file README, at ADDRESS
README: entry 00000000: nothing there yet
reads its first letter
and has read '#'
README: entry C.025: frame C, read-only, accessed
has a child that reads address 0, where it has no region
the kernel has killed it
END
my $FORK = <<'END';
parent: is pid P1 and writes to 8 pages
parent: forks
child:  is pid P2 and has the same 8 pages
child:  8 pages shared, 0 of its own
child:  writes to pages 0, 1 and 2
child:  5 pages shared, 3 of its own
parent: writes to pages 2 and 3
parent: 4 pages shared, 4 of its own
child:  still reads what it wrote, and ends
parent: still reads what it wrote: nobody saw the other's
END
my $MAP = <<'END';
parent: is pid P1 and forks
parent: maps a file of one page
parent: entry 00000000: nothing there yet
parent: writes "written by the parent"
parent: entry A.067: frame A, writable, accessed, dirty
child:  maps the file, too
parent: entry A.067: frame A, writable, accessed, dirty
child:  entry 00000000: nothing there yet
child:  reads "written by the parent"
parent: entry A.067: frame A, writable, accessed, dirty
child:  entry A.027: frame A, writable, accessed
child:  writes over its first letter, and ends
parent: reads "Written by the parent" in its memory
parent: reads "Written by the parent" in the file
parent: writes the page to the disk
parent: entry A.027: frame A, writable, accessed
END

# Each program's output stands between two lines "== N".
sub outputs {
    my ($commands, %opt) = @_;
    my ($status, $out) = guest(join('; ', map { "echo == \$?; $_" }
        @$commands, 'echo'), %opt);
    my @parts = split /^== (\d+)\n/m, $out;
    return map { [$parts[2 * $_ + 2], $parts[2 * $_ + 3]] }
        0 .. $#$commands;
}

my @small = outputs([qw(cowdemo forkdemo mapdemo), 'execdemo',
    'vmctl cow off; cowdemo; vmctl cow on', 'ls mapdemo.tmp', 'faultdemo'],
    mem => 8, cpus => 4);
is named($small[0][0]), $COW . $COW_ON . $COW_END, 'cowdemo';
is named($small[1][0]), $FORK, 'forkdemo';
is named($small[2][0]), $MAP, 'mapdemo';
is named($small[4][0]), $COW . $COW_OFF . $COW_END, 'cowdemo without cow';
isnt $small[5][1], 0, 'mapdemo removes its file';
is named($small[6][0] =~ s/^pid \d+ \w+: .*\n//mr), $FAULT, 'faultdemo';
is join(' ', map { $_->[1] } @small[0 .. 4, 6]), '0 0 0 0 0 0', 'all end with 0';

my $count = qr/(\d+) of its (\d+) pages in memory, (\d+) of these not its alone/;
my @exec = $small[3][0] =~ /^parent: is pid \d+ and forks
child:  is pid \d+, still the same program
child:  $count
child:  becomes cat
cat:    hello, it says
cat:    $count
parent: closes the pipe: cat ends
parent: cat has ended with status 0; its memory is free
$/ or diag $small[3][0];
cmp_ok $exec[3], '<', $exec[4], 'execdemo: not all of cat is in memory';
cmp_ok $exec[5], '<=', $exec[3], 'and some of that is the cache\'s, too';

# 24 MB: what does not fit goes to swap, and comes back.
my @big = outputs(['swapdemo', 'swapdemo 4', 'oomdemo', 'swapdemo 3 4',
    'cowdemo -x', 'forkdemo --help'], mem => 24);
my $part = qr/^(\d+) pages touched: (\d+) in memory, (\d+) in swap; (\d+) went, (\d+) came$/m;
my @first = split /^the second time.*\n/m, $big[0][0];
my @halves = map { [/$part/g] } @first;
is scalar(@$_), 4 * 5, 'swapdemo tells of each quarter' for @halves;
my ($end, $again) = map { [@$_[-5 .. -1]] } @halves;
cmp_ok $end->[2], '>', 0, 'at the end of the first round some are in swap';
cmp_ok $again->[4], '>=', $end->[2], 'and all of these come back';
is $end->[0], $again->[0], 'both rounds touch the same';
like $big[0][0], qr/^every page came back as it was written$/m, 'unharmed';
like $big[1][0], qr/^1024 pages touched: \d+ in memory, 0 in swap; 0 went, 0 c/m,
    'what fits needs no swap';
like $big[2][0], qr/^parent: (\d+) pages of memory and swap; forks
child:  has a region of \g1 pages and touches them
(?:child:  \d+ in memory, \d+ in swap\n)+.*out of memory.*
parent: the kernel has killed pid \d+; its memory is free again
parent: \d+ frames and \d+ slots are free$/m, 'oomdemo';
is join(' ', map { $_->[1] } @big), '0 0 0 2 2 0', 'statuses';
like $big[4][0], qr/^usage: cowdemo \[-s\]$/m, 'usage';
like $big[5][0], qr/^usage: forkdemo \[-s\]\nFork a process/m, 'help';

# watch: with a second serial line, whose text is of no matter here.
my @com2 = (qemu => ['-serial', 'null']);
my @watch = outputs(['vmctl events', 'watch echo hello', 'watch sh -c "exit 7"',
    'watch nosuch', 'watch /etc/rc', 'watch', 'watch --help', 'vmctl events',
    'watch vmctl events', 'vmctl events on', 'watch vmctl events',
    'vmctl events'], @com2);
is join('', map { $_->[0] } @watch[1 .. 4, 6]), <<'END', 'watch runs a command';
hello
watch: nosuch: No such file or directory
watch: /etc/rc: Not a program
usage: watch command [arg...]
Run a command with the events of memory switched on.
END
is join(' ', map { $_->[1] } @watch[1 .. 6]), '0 7 127 126 2 0', 'its status';
is join(' ', map { $watch[$_][0] =~ /^events +(on|off)$/m } 0, 7, 8, 10, 11),
    'off off on on on', 'the events are switched off if they were off';

# Without one, each says why not and what to do.
my @none = outputs(['watch echo hello', 'vmctl events on', 'vmctl events',
    'vmctl trace on; cowdemo; vmctl trace off', 'vmctl events off']);
is $none[$_][0], ('watch', 'vmctl')[$_] . ": there is no second serial line for "
    . "the events: start with tools/run --events FILE\n", 'no second line'
    for 0, 1;
is join(' ', map { $_->[1] } @none), '125 1 0 0 0', 'the statuses say so';
my ($page) = $none[3][0] =~ / at (0x[0-9a-f]+)$/m;
my @cow = $none[3][0] =~
    /^fault: pid \d+ cowdemo va $page w COW frame \w+ (.*)$/mg;
is join(', ', @cow), 'copied, sole owner', 'the trace tells what COW did'
    or diag $none[3][0];

my $t = boot(@com2);
for my $end ('the end', '^C', 'kill') {
    $t->send("watch sh -c 'echo re''ady; vmctl events; "
        . ($end eq 'the end' ? 'true' : 'exec sleep 1000') . "'"
        . ($end eq 'kill' ? ' &' : '') . "\n");
    ok defined $t->expect(qr/ready\nevents +on\n/), "$end: events are on";
    $t->send("\cC") if $end eq '^C';
    $t->prompt if $end ne 'kill';
    $t->command('kill $!') if $end eq 'kill';
    ok defined $t->command('until vmctl events | grep off && '
        . '! ps | grep -E "sleep$|watch$"; do sleep 0.1; done'),
        "$end: events are off, and the command has ended";
}
$t->quit;

done_testing;
