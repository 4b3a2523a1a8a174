#!/usr/bin/perl
# The stream of events: what a reader knows from it at the end is what the
# kernel says there is.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my $AD = 0x60;                  # accessed, dirty: set by the CPU, not told

# A reader: what it knows by the lines up to now.
sub fresh {
    return { frame => {}, space => {}, proc => {} };
}

my %REACTION = (
    proc => sub {
        my ($w, $pid, $ppid, $why, $space, @name) = @_;
        my $ended = $why =~ /^(?:exit|zombie)$/ ? ' ended' : '';
        $w->{proc}{$pid} = "$ppid $space @name$ended";
        delete $w->{proc}{$pid} if $why eq 'gone';
    },
    space => sub {
        my ($w, $id, $why) = @_;
        $w->{space}{$id} = { region => {}, table => {}, pte => {} };
        delete $w->{space}{$id} if $why eq 'gone';
    },
    region => sub {
        my ($w, $id, $start, @rest) = @_;
        $w->{space}{$id}{region}{$start} = "@rest";
    },
    noregion => sub {
        my ($w, $id, $start) = @_;
        delete $w->{space}{$id}{region}{$start};
    },
    table => sub {
        my ($w, $id, $va, $pfn) = @_;
        $w->{space}{$id}{table}{$va} = $pfn;
        delete $w->{space}{$id}{table}{$va} if $pfn eq '0';
    },
    pte => sub {
        my ($w, $id, $va, $why, @entries) = @_;
        $va = hex $va;
        for (@entries) {
            my ($e, $n) = /^(\w+)(?:\*(\w+))?$/ or die "entry $_";
            $n = hex($n // 1);
            my @pages = map { $va + 4096 * $_ } 0 .. $n - 1;
            if ($e ne '0') {
                entry($w, $id, $_, $e) for @pages;
            } elsif ($w->{space}{$id}) {
                delete @{$w->{space}{$id}{pte}}{@pages};
            }
            $va += 4096 * $n;
        }
    },
    fault => sub {
        my ($w, $id, $va, $access, $case, $result, $old, $new) = @_;
        entry($w, $id, hex($va) & ~4095, $new);
    },
    frame => sub {
        my ($w, $pfn, $kind, $ref, $dev, $block, $state) = @_;
        $w->{frame}{$pfn} = { kind => $kind, ref => $ref,
                              cache => "$dev $block $state" };
        delete $w->{frame}{$pfn} if $kind eq 'free';
    },
    (map { $_ => sub {} } qw(run mark oom hole end stop)),
);

sub entry {
    my ($w, $id, $va, $e) = @_;
    return if !$w->{space}{$id};    # it is going
    $e = hex $e;
    $e &= ~$AD if $e & 1;
    $w->{space}{$id}{pte}{$va} = $e;
    delete $w->{space}{$id}{pte}{$va} if $e == 0;
}

# Reads a file of events. What was known just before the last snapshot, what
# that said, how many lines there were, and the words of what is wrong with
# the file.
sub follow {
    my $file = shift;
    my ($before, $now, $n, $lost, @wrong) = (undef, fresh(), 0, 0);
    open my $h, '<', $file or die "$file: $!";
    while (<$h>) {
        chomp;
        if (!/^(\d+) \d+ \d+ \d+ (\w+)(?: (.*))?$/) {
            push @wrong, "no event: $_";
            next;
        }
        my ($seq, $word, $args) = ($1, $2, $3 // '');
        push @wrong, "line $n has number $seq" if $seq != $n++;
        ($before, $now) = ($now, fresh()) if $word eq 'start';
        if ($word eq 'lost') {
            push @wrong, $_;
        } elsif (my $reaction = $REACTION{$word}) {
            $reaction->($now, split / /, $args);
        } elsif ($word ne 'start') {
            push @wrong, "unknown: $_";
        }
    }
    return ($before, $now, $n, @wrong);
}

# A world as lines of text; how many owners a frame has can be recounted.
sub told {
    my $w = shift;
    my @lines = map { "proc $_ $w->{proc}{$_}" } keys %{$w->{proc}};
    push @lines, map { "frame $_ $w->{frame}{$_}{kind} $w->{frame}{$_}{cache}" }
        keys %{$w->{frame}};
    for my $id (keys %{$w->{space}}) {
        my $s = $w->{space}{$id};
        for my $what (qw(region table pte)) {
            push @lines, map { "space $id $what $_ $s->{$what}{$_}" }
                keys %{$s->{$what}};
        }
    }
    return sort @lines;
}

sub different {
    my ($before, $now) = @_;
    my %n;
    $n{$_}++ for told($before);
    $n{$_}-- for told($now);
    return map { ($n{$_} > 0 ? 'before: ' : 'snapshot: ') . $_ }
        sort grep { $n{$_} } keys %n;
}

# Frames whose references differ from the entries that name them and the
# cache, by the reader's own count.
sub miscounted {
    my $w = shift;
    my %n;
    for my $s (values %{$w->{space}}) {
        $n{sprintf '%x', $_ >> 12}++ for grep { $_ & 1 } values %{$s->{pte}};
    }
    return map { "frame $_: ref $w->{frame}{$_}{ref}" }
        grep { my $f = $w->{frame}{$_};
               $f->{kind} eq 'user' && $f->{ref} != ($n{$_} // 0) +
                   ($f->{cache} !~ /^- /) } sort keys %{$w->{frame}};
}

my $file = scratch() . '/events';
my ($status, $out);

# What CMD leaves running is in the snapshots; what the shell and others touch
# last is over when they are made.
for my $how ([4, 64, '(utx_space &); usertests -q mmap'],
             [1, 8, 'utx_space & sleep 1; pressure anon 6']) {
    my ($cpus, $mem, $cmd) = @$how;
    ($status, $out) = guest("$cmd; sleep 1; sync; sleep 1; vmctl events off",
        cpus => $cpus, mem => $mem, timeout => 300, args => 'events=1',
        events => $file);
    is $status, 0, "$cmd, $cpus CPUs, $mem MB" or diag $out;
    like $out, qr/^there$/m, 'with processes that are still there';
    like slurp($file), qr/ evict \d/, 'pages went to swap' if $mem == 8;
    my ($before, $now, $n, @wrong) = follow($file);
    is "@wrong[0 .. ($#wrong > 4 ? 4 : $#wrong)]", '', "all $n lines are there";
    my @different = different($before, $now);
    is scalar @different, 0, 'the reader knows what there is'
        or diag join "\n", @different[0 .. ($#different > 9 ? 9 : $#different)];
    my @miscounted = miscounted($now);
    is scalar @miscounted, 0, 'and who owns each frame'
        or diag join "\n", @miscounted[0 .. ($#miscounted > 4 ? 4 : $#miscounted)];
}

# Whatever a program is called, it has its lines.
($status, $out) = guest(q{n=$(printf 'a\\nend'); cp /echo "$n"; "./$n" ran; }
    . 'vmctl events 5; vmctl events', args => 'events=1', events => $file);
like $out, qr/^ran\nevents +on\n/m, 'a program with two lines for a name'
    or diag $out;
my ($before, $now, $n, @wrong) = follow($file);
is "@wrong", '', 'is told of in one';
like slurp($file), qr/^\d+ \d+ \d+ \d+ proc \d+ \d+ exec \w+ a\.end$/m,
    'with a dot';

# No line, no events, and nobody says that they are on.
($status, $out) = guest('vmctl events', args => 'events=1');
like $out, qr/^events +off$/m, 'the switch says what is so' or diag $out;

done_testing;
