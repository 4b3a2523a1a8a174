# Teak.pm: what the tests in this directory share. Core Perl only.
#
#     sh(COMMAND)               run on the host: (exit status, output)
#     guest(COMMAND, OPTIONS)   tools/run: (exit status, output)
#     slurp(FILE), put(FILE, TEXT)  read it, write it (returns FILE)
#     programs()                all of Teak's programs
#     boot(OPTIONS)             an emulator on a pseudo-terminal, as a user
#                               sees it: an object with send, expect, quit
#
# Options are tools/run's, as `mem => 64`. TEAK_IMG and TEAK_BUILD name the
# image and the build directory where they are not the usual ones. A machine
# under load is slow: all time limits are multiplied by TEAK_PATIENCE.
package Teak;
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Fcntl;
use IO::Select;
use POSIX ();
use Test::More;
use Time::HiRes qw(time sleep);

our @EXPORT = qw(sh guest boot patience scratch slurp put
                 programs
                 $TOP $IMG $BUILD);

our $TOP = abs_path(dirname(__FILE__) . '/..');
our $IMG = $ENV{TEAK_IMG} || 'teak.img';
our $BUILD = $ENV{TEAK_BUILD} || 'build';
chdir $TOP or die "$TOP: $!\n";
unshift @INC, "$TOP/tools";
require Image;

my $PROMPT = qr/(?:^|\n)teak\$ $/;
my $scratch;

sub patience { return $_[0] * ($ENV{TEAK_PATIENCE} || 1) }

# A directory that vanishes with the test.
sub scratch {
    $scratch ||= tempdir('teak-test-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    return $scratch;
}

sub sh {
    my $out = qx{($_[0]) 2>&1 </dev/null};
    return ($? & 127 ? 128 + ($? & 127) : $? >> 8, $out);
}

sub slurp {
    my $file = shift;
    open my $h, '<:raw', $file or die "$file: $!\n";
    local $/;
    return scalar <$h>;
}

sub put {
    my ($file, $text) = @_;
    open my $h, '>:raw', $file or die "$file: $!\n";
    print $h $text;
    close $h or die "$file: $!\n";
    return $file;
}

sub programs {
    return split ' ', (sh(
        q{make -p -n 2>/dev/null | sed -n 's/^PROGS := //p'}))[1];
}

sub shellword {
    my $word = shift;
    $word =~ s/'/'\\''/g;
    return "'$word'";
}

sub guest {
    my ($cmd, %opt) = @_;
    my @words = ('tools/run');
    $opt{image} //= $IMG;
    $opt{timeout} = patience($opt{timeout} // 120);
    for my $name (sort keys %opt) {
        my @values = ref $opt{$name} ? @{$opt{$name}} : $opt{$name};
        push @words, map { $name eq 'keep' ? '--keep' : ("--$name", $_) }
            @values;
    }
    return sh(join ' ', map { shellword($_) } @words, '--', $cmd);
}

# A new pseudo-terminal: its master, open, and the slave's name. Linux's
# way, so that no module outside the core is needed.
sub pty {
    my ($TIOCGPTN, $TIOCSPTLCK) = (0x80045430, 0x40045431);
    my $n = pack 'i', 0;
    sysopen my $master, '/dev/ptmx', O_RDWR | O_NOCTTY
        or die "/dev/ptmx: $!\n";
    ioctl $master, $TIOCSPTLCK, $n or die "unlock pty: $!\n";
    ioctl $master, $TIOCGPTN, $n or die "name pty: $!\n";
    return ($master, '/dev/pts/' . unpack 'i', $n);
}

# The emulator's own part of the command line, as `make qemu-nox` has it.
sub qemu_words {
    my (%opt) = @_;
    return ($ENV{QEMU} || 'qemu-system-i386', '-machine',
        $opt{machine} || 'pc', '-m', $opt{mem} || 512, '-smp',
        'cpus=' . ($opt{cpus} || 2), '-display', 'none',
        '-serial', $opt{serial} || 'mon:stdio', '-drive',
        "file=$opt{disk},format=raw,if=ide,index=0,cache=writeback",
        @{$opt{qemu} || []});
}

# Boot an image (a private copy, unless `keep`) and wait for the prompt,
# unless `noprompt`. Programs may call failmark and kcheck.
sub boot {
    my (%opt) = @_;
    my $image = $opt{image} || $IMG;
    $opt{disk} = $opt{keep} ? $image
        : scratch() . '/disk' . int(rand 1e9);
    Image::copy($image, $opt{disk}) if !$opt{keep};
    my $h = Image::open_image($opt{disk}, '+<');
    my $old = Image::read_args($h);
    Image::write_args($h, join ' ', grep { length } $opt{args} // $old,
        $old =~ /\btest=on$/ ? () : 'test=on');
    close $h;
    my ($master, $slave) = pty();
    my $pid = fork // die "fork: $!\n";
    exec_on($slave, qemu_words(%opt)) if $pid == 0;
    my $self = bless { pid => $pid, tty => $master, seen => '', all => '',
                       disk => $opt{disk}, owner => $$ }, 'Teak';
    if (!$opt{noprompt} && !$self->prompt(60)) {
        diag("no prompt; the console said:\n$self->{all}");
        $self->quit;
        return undef;
    }
    return $self;
}

sub exec_on {
    my ($slave, @cmd) = @_;
    POSIX::setsid();
    open STDIN, '+<', $slave or POSIX::_exit(2);
    open STDOUT, '>&', \*STDIN;
    open STDERR, '>&', \*STDIN;
    exec { $cmd[0] } @cmd or POSIX::_exit(2);
}

# Type a text.
sub send {
    my ($self, $text) = @_;
    syswrite $self->{tty}, $text;
}

# Type a text of any length, reading meanwhile what is echoed.
sub send_all {
    my ($self, $text) = @_;
    my $deadline = time + patience(60);
    my $tty = IO::Select->new($self->{tty});
    while (length $text && time < $deadline) {
        $self->drain($tty);
        substr $text, 0, syswrite($self->{tty}, $text, 256) || 0, ''
            if $tty->can_write(0.1);
    }
}

# Wait for a pattern in what has been printed since the last match. Returns
# the text up to the match's end, or undef when time (60 s) runs out.
sub expect {
    my ($self, $pattern, $seconds) = @_;
    my $deadline = time + patience($seconds || 60);
    my $sel = IO::Select->new($self->{tty});
    for (;;) {
        if ($self->{seen} =~ /$pattern/) {
            my $end = $+[0];
            return substr $self->{seen}, 0, $end, '';
        }
        return undef if time >= $deadline;
        next if !$sel->can_read(0.2);
        $self->drain($sel) or return undef;
    }
}

# Take in what is there.
sub drain {
    my ($self, $tty) = @_;
    while ($tty->can_read(0)) {
        sysread $self->{tty}, my $buf, 65536 or return 0;
        $buf =~ tr/\r//d;
        $self->{seen} .= $buf;
        $self->{all} .= $buf;
    }
    return 1;
}

sub prompt {
    my ($self, $seconds) = @_;
    return $self->expect($PROMPT, $seconds);
}

# Type a command; what it printed, or undef.
sub command {
    my ($self, $line, $seconds) = @_;
    $self->send("$line\n");
    defined $self->expect(qr/\n/) or return undef;
    my $out = $self->expect($PROMPT, $seconds) // return undef;
    $out =~ s/\n?teak\$ $//;
    return $out;
}

# Wait for the emulator's end; its exit status, or undef.
sub ended {
    my ($self, $seconds) = @_;
    my $deadline = time + patience($seconds || 60);
    while (time < $deadline) {
        $self->expect(qr/\z./, 0.1);        # keep the terminal drained
        if (waitpid($self->{pid}, POSIX::WNOHANG()) == $self->{pid}) {
            $self->{pid} = 0;
            return $? >> 8;
        }
    }
    return undef;
}

sub quit {
    my $self = shift;
    return if !$self->{pid};
    kill 'KILL', $self->{pid};
    waitpid $self->{pid}, 0;
    $self->{pid} = 0;
}

sub DESTROY {
    my $self = shift;
    local ($?, $!);
    $self->quit if $self->{owner} == $$;
}

1;
