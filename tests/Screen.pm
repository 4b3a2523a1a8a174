# Screen.pm: the terminal at the other end of the serial line, and what a
# person sees on it. Core Perl only.
#
# The screen by itself:
#
#     Screen->new(rows => 25, cols => 80)
#     feed(BYTES)           obey them as xterm would
#     row(N)                the text of row N, from 0, without trailing blanks
#     screen()              all rows with a newline each, empty last rows not
#     cursor()              (row, column), from 0
#     attr(ROW, COL)        of a cell, as "bold reverse fg31 bg44"; "" is plain
#     marked(ROW)           the row's text with all but reverse cells blank
#     {hidden} {bells} {unknown}    cursor hidden; bells rung; sequences not
#                           understood, a list; answers go to {answer}->(BYTES)
#
# A machine with such a screen:
#
#     Screen::boot(OPTIONS) Teak::boot's options, and rows, cols; waits for a
#                           prompt unless `noprompt`. undef if there is none
#     type(TEXT) key(NAME...)   by the serial line; names: Up Down Left Right
#                           Home End Delete Insert PageUp PageDown Tab Enter
#                           Escape Backspace F1..F12, ^A, M-b, or one character
#     ps2(NAME...)          the same on the PS/2 keyboard, and Shift-PageUp ...
#     wait_for(REGEX, SECONDS)  until the screen's text matches (/m is usual),
#                           60 seconds at most
#     wait_until(CODE, SECONDS) until CODE->(screen) is true
#     vga_when(CODE)        until CODE->(rows of VGA) is true; the rows
#     command(LINE, SECONDS)    type it; what it printed, by rows, without the
#                           prompt: for output that fits the screen
#     monitor(COMMAND)      QEMU's answer
#     vga(), vga_attrs()    the rows of the VGA screen; their attribute bytes,
#                           lists of lists
#     vga_cursor()          (row, column)
#     quit()
#
# vga_rows(TEXT) gives the rows in the monitor's answer to VGA_DUMP;
# vga_bytes(TEXT) its attribute bytes.
package Screen;
use strict;
use warnings;
use Encode ();
use Exporter qw(import);
use IO::Select;
use IO::Socket::UNIX;
use POSIX ();
use Time::HiRes qw(time sleep);
use Teak ();

our @EXPORT_OK = qw(vga_rows vga_bytes);
our $PROMPT = qr/^\S*[\$#]\s*\z/m;          # on the last row that is not empty

my ($VGAROWS, $VGACOLS) = (25, 80);
my $VGA_DUMP = 'xp /' . $VGAROWS * $VGACOLS . 'hx 0xb8000';
my $TAB = 8;

# ---- the model ----

sub new {
    my ($class, %opt) = @_;
    my $self = bless { rows => $opt{rows} || 25, cols => $opt{cols} || 80 },
        $class;
    $self->reset;
    $self->{bytes} = '';
    return $self;
}

sub reset {
    my $self = shift;
    @$self{qw(row col wrap top bottom hidden bells pen unknown)} =
        (0, 0, 0, 0, $self->{rows} - 1, 0, 0, {}, []);
    $self->{cells} = [map { $self->blank_row } 1 .. $self->{rows}];
    $self->{saved} = [0, 0, {}];
}

# A cell is [character, attributes]. Erased ones take the pen's background.
sub blank_cell {
    my $self = shift;
    my $bg = $self->{pen}{bg};
    return [' ', defined $bg ? "bg$bg" : ''];
}

sub blank_row {
    my $self = shift;
    return [map { $self->blank_cell } 1 .. $self->{cols}];
}

sub row {
    my ($self, $n) = @_;
    my $text = join '', map { $_->[0] } @{$self->{cells}[$n]};
    $text =~ s/ +$//;
    return $text;
}

sub screen {
    my $self = shift;
    my $text = join '', map { $self->row($_) . "\n" } 0 .. $self->{rows} - 1;
    $text =~ s/\n+\z//;
    return length $text ? "$text\n" : '';
}

sub cursor { return @{$_[0]}{qw(row col)} }

sub attr {
    my ($self, $row, $col) = @_;
    return $self->{cells}[$row][$col][1];
}

sub marked {
    my ($self, $n) = @_;
    my $text = join '', map { $_->[1] =~ /reverse/ ? $_->[0] : ' ' }
        @{$self->{cells}[$n]};
    $text =~ s/ +$//;
    return $text;
}

sub pen_name {
    my $pen = $_[0]{pen};
    return join ' ', (grep { $pen->{$_} } qw(bold underline reverse)),
        map { defined $pen->{$_} ? "$_$pen->{$_}" : () } qw(fg bg);
}

sub between {
    my ($low, $n, $high) = @_;
    return $n < $low ? $low : $n > $high ? $high : $n;
}

# To a place, inside the screen; a wrap that was due is forgotten.
sub go {
    my ($self, $row, $col) = @_;
    $self->{row} = between(0, $row, $self->{rows} - 1);
    $self->{col} = between(0, $col, $self->{cols} - 1);
    $self->{wrap} = 0;
}

# Up or down, not across the scroll region's edge from inside it.
sub vertical {
    my ($self, $n) = @_;
    my ($row, $top, $bottom) = @$self{qw(row top bottom)};
    my $to = $row + $n;
    $to = $top if $n < 0 && $row >= $top && $to < $top;
    $to = $bottom if $n > 0 && $row <= $bottom && $to > $bottom;
    $self->go($to, $self->{col});
}

# Take rows out at one place of the screen, put blank ones in at another.
sub shift_rows {
    my ($self, $out, $in, $n) = @_;
    my $most = abs($in - $out) + 1;
    for (1 .. between(0, $n, $most)) {
        splice @{$self->{cells}}, $out, 1;
        splice @{$self->{cells}}, $in, 0, $self->blank_row;
    }
}

sub line_feed {
    my $self = shift;
    if ($self->{row} == $self->{bottom}) {
        $self->shift_rows($self->{top}, $self->{bottom}, 1);
        $self->{wrap} = 0;
    } else {
        $self->go($self->{row} + 1, $self->{col});
    }
}

sub reverse_feed {
    my $self = shift;
    if ($self->{row} == $self->{top}) {
        $self->shift_rows($self->{bottom}, $self->{top}, 1);
    } else {
        $self->go($self->{row} - 1, $self->{col});
    }
}

sub put_char {
    my ($self, $c) = @_;
    if ($self->{wrap}) {
        $self->{col} = 0;
        $self->line_feed;
    }
    $self->{cells}[$self->{row}][$self->{col}] = [$c, $self->pen_name];
    if ($self->{col} == $self->{cols} - 1) {
        $self->{wrap} = 1;
    } else {
        $self->{col}++;
    }
}

sub control {
    my ($self, $c) = @_;
    if ($c eq "\n" || $c eq "\x0b" || $c eq "\f") {
        $self->line_feed;
    } elsif ($c eq "\r") {
        $self->go($self->{row}, 0);
    } elsif ($c eq "\b") {
        $self->go($self->{row}, $self->{col} - 1);
    } elsif ($c eq "\t") {
        $self->go($self->{row}, $self->{col} + $TAB - $self->{col} % $TAB);
    } elsif ($c eq "\a") {
        $self->{bells}++;
    }
}

sub erase_cells {
    my ($self, $row, $from, $to) = @_;
    $self->{cells}[$row][$_] = $self->blank_cell for $from .. $to;
}

sub erase_line {
    my ($self, $how) = @_;
    my ($from, $to) = (0, $self->{cols} - 1);
    $from = $self->{col} if $how == 0;
    $to = $self->{col} if $how == 1;
    $self->erase_cells($self->{row}, $from, $to);
    $self->{wrap} = 0;
}

sub erase_screen {
    my ($self, $how) = @_;
    my ($from, $to) = (0, $self->{rows} - 1);
    if ($how < 2) {
        $self->erase_line($how);
        $from = $self->{row} + 1 if $how == 0;
        $to = $self->{row} - 1 if $how == 1;
    }
    $self->{cells}[$_] = $self->blank_row for $from .. $to;
}

sub insert_chars {
    my ($self, $n) = @_;
    my $cells = $self->{cells}[$self->{row}];
    $n = between(0, $n, $self->{cols} - $self->{col});
    splice @$cells, $self->{cols} - $n, $n;
    splice @$cells, $self->{col}, 0, map { $self->blank_cell } 1 .. $n;
    $self->{wrap} = 0;
}

sub delete_chars {
    my ($self, $n) = @_;
    my $cells = $self->{cells}[$self->{row}];
    $n = between(0, $n, $self->{cols} - $self->{col});
    splice @$cells, $self->{col}, $n;
    push @$cells, map { $self->blank_cell } 1 .. $n;
    $self->{wrap} = 0;
}

sub insert_lines {
    my ($self, $n, $delete) = @_;
    my ($row, $bottom) = @$self{qw(row bottom)};
    return if $row < $self->{top} || $row > $bottom;
    $self->shift_rows($delete ? ($row, $bottom) : ($bottom, $row), $n);
    $self->go($row, 0);
}

sub set_region {
    my ($self, $top, $bottom) = @_;
    $bottom ||= $self->{rows};
    $bottom = $self->{rows} if $bottom > $self->{rows};
    return if $top >= $bottom;
    @$self{qw(top bottom)} = ($top - 1, $bottom - 1);
    $self->go(0, 0);
}

sub set_pen {
    my ($self, @codes) = @_;
    my $pen = $self->{pen};
    for my $code (@codes ? @codes : 0) {
        if ($code == 0) { %$pen = () }
        elsif ($code == 1) { $pen->{bold} = 1 }
        elsif ($code == 22) { delete $pen->{bold} }
        elsif ($code == 4) { $pen->{underline} = 1 }
        elsif ($code == 24) { delete $pen->{underline} }
        elsif ($code == 7) { $pen->{reverse} = 1 }
        elsif ($code == 27) { delete $pen->{reverse} }
        elsif ($code == 39) { delete $pen->{fg} }
        elsif ($code == 49) { delete $pen->{bg} }
        elsif ($code >= 30 && $code <= 37) { $pen->{fg} = $code }
        elsif ($code >= 90 && $code <= 97) { $pen->{fg} = $code }
        elsif ($code >= 40 && $code <= 47) { $pen->{bg} = $code }
        elsif ($code >= 100 && $code <= 107) { $pen->{bg} = $code }
        else { return 0 }
    }
    return 1;
}

sub save_cursor {
    my $self = shift;
    $self->{saved} = [$self->cursor, { %{$self->{pen}} }];
}

sub restore_cursor {
    my $self = shift;
    my ($row, $col, $pen) = @{$self->{saved}};
    $self->go($row, $col);
    $self->{pen} = { %$pen };
}

sub reply {
    my ($self, $text) = @_;
    $self->{answer}->($text) if $self->{answer};
}

# What each final letter does: ($self, first number or 1, all numbers).
my %CSI = (
    A => sub { $_[0]->vertical(-$_[1]) },
    B => sub { $_[0]->vertical($_[1]) },
    C => sub { $_[0]->go($_[0]{row}, $_[0]{col} + $_[1]) },
    D => sub { $_[0]->go($_[0]{row}, $_[0]{col} - $_[1]) },
    E => sub { $_[0]->vertical($_[1]); $_[0]->go($_[0]{row}, 0) },
    F => sub { $_[0]->vertical(-$_[1]); $_[0]->go($_[0]{row}, 0) },
    G => sub { $_[0]->go($_[0]{row}, $_[1] - 1) },
    d => sub { $_[0]->go($_[1] - 1, $_[0]{col}) },
    H => sub { $_[0]->go($_[1] - 1, ($_[3] || 1) - 1) },
    f => sub { $_[0]->go($_[1] - 1, ($_[3] || 1) - 1) },
    J => sub { $_[0]->erase_screen($_[2] || 0) },
    K => sub { $_[0]->erase_line($_[2] || 0) },
    X => sub { my $s = shift;
               $s->erase_cells($s->{row}, $s->{col},
                   between(0, $s->{col} + $_[0], $s->{cols}) - 1) },
    L => sub { $_[0]->insert_lines($_[1], 0) },
    M => sub { $_[0]->insert_lines($_[1], 1) },
    '@' => sub { $_[0]->insert_chars($_[1]) },
    P => sub { $_[0]->delete_chars($_[1]) },
    S => sub { $_[0]->shift_rows(@{$_[0]}{qw(top bottom)}, $_[1]) },
    T => sub { $_[0]->shift_rows(@{$_[0]}{qw(bottom top)}, $_[1]) },
    r => sub { $_[0]->set_region($_[1], $_[3] || 0) },
    s => sub { $_[0]->save_cursor },
    u => sub { $_[0]->restore_cursor },
    c => sub { $_[0]->reply("\e[?1;2c") },
);

sub csi {
    my ($self, $private, $numbers, $letter) = @_;
    my @n = map { $_ eq '' ? 0 : $_ } split /;/, $numbers;
    my $known = 1;
    if ($private) {
        $known = $private eq '?' && $letter =~ /[hl]/ && "@n" eq '25';
        $self->{hidden} = $letter eq 'l' ? 1 : 0 if $known;
    } elsif ($letter eq 'm') {
        $known = $self->set_pen(@n);
    } elsif ($letter eq 'n') {
        $known = "@n" eq '6';
        $self->reply(sprintf "\e[%d;%dR", $self->{row} + 1, $self->{col} + 1)
            if $known;
    } elsif ($CSI{$letter}) {
        $CSI{$letter}->($self, $n[0] || 1, @n);
    } else {
        $known = 0;
    }
    push @{$self->{unknown}}, "$private$numbers$letter" if !$known;
}

sub escape {
    my ($self, $c) = @_;
    if ($c eq '7') { $self->save_cursor }
    elsif ($c eq '8') { $self->restore_cursor }
    elsif ($c eq 'c') { $self->reset }
    elsif ($c eq 'D') { $self->line_feed }
    elsif ($c eq 'M') { $self->reverse_feed }
    elsif ($c eq 'E') { $self->go($self->{row}, 0); $self->line_feed }
    elsif ($c !~ /[=>]/) { push @{$self->{unknown}}, "escape $c" }
}

# A sequence that has not come whole waits for the rest.
sub feed {
    my ($self, $bytes) = @_;
    $self->{bytes} .= $bytes;
    for ($self->{bytes}) {
        while (length) {
            if (s/^\e\[([?<=>]?)([0-9;]*)([\@-~])//) {
                $self->csi($1, $2, $3);
            } elsif (s/^\e\][^\a\e]*(?:\a|\e\\)// || s/^\e[()][0-9A-Z]//) {
                # a title, a character set: nothing to see
            } elsif (/^\e(?:\[[?<=>]?[0-9;]*|[()]|\][^\a\e]*\e?)?\z/) {
                last;
            } elsif (s/^\e(.)//s) {
                $self->escape($1);
            } elsif (s/^([\x00-\x1f\x7f])//) {
                $self->control($1);
            } elsif (s/^([\x20-\x7e]+)//) {
                $self->put_char($_) for split //, $1;
            } elsif (/^(?:[\xc0-\xdf]|[\xe0-\xef][\x80-\xbf]?|
                          [\xf0-\xf7][\x80-\xbf]{0,2})\z/x) {
                last;
            } elsif (s/^([\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|
                         [\xf0-\xf7][\x80-\xbf]{3})//x) {
                $self->put_char(Encode::decode('UTF-8', my $c = $1));
            } else {
                s/^.//s;
                $self->put_char("\x{fffd}");
            }
        }
    }
}

# ---- VGA ----

sub vga_words {
    my $text = shift;
    return map { hex } map { /0x([0-9a-f]{4})\b/g }
        grep { s/^[0-9a-f]+:// } split /\r?\n/, $text;
}

sub vga_table {
    my @words = @_;
    return map { [splice @words, 0, $VGACOLS] } 1 .. @words / $VGACOLS;
}

# Page 437: what is below the blank are pictures, shown as '.'.
sub vga_char {
    my $byte = $_[0] & 0xff;
    return $byte == 0 ? ' ' : $byte < 32 ? '.'
        : Encode::decode('cp437', chr $byte);
}

sub vga_rows {
    my @rows;
    for my $words (vga_table(vga_words($_[0]))) {
        my $row = join '', map { vga_char($_) } @$words;
        $row =~ s/ +$//;
        push @rows, $row;
    }
    return @rows;
}

sub vga_bytes {
    return map { [map { $_ >> 8 } @$_] } vga_table(vga_words($_[0]));
}

# ---- a machine ----

my %KEY = (Up => "\e[A", Down => "\e[B", Right => "\e[C", Left => "\e[D",
    Home => "\e[H", End => "\e[F", Insert => "\e[2~", Delete => "\e[3~",
    PageUp => "\e[5~", PageDown => "\e[6~", Tab => "\t", Enter => "\r",
    Escape => "\e", Backspace => "\x7f",
    F1 => "\eOP", F2 => "\eOQ", F3 => "\eOR", F4 => "\eOS", F5 => "\e[15~",
    F6 => "\e[17~", F7 => "\e[18~", F8 => "\e[19~", F9 => "\e[20~",
    F10 => "\e[21~", F11 => "\e[23~", F12 => "\e[24~",
    'C-Left' => "\e[1;5D", 'C-Right' => "\e[1;5C");

sub key_bytes {
    my $name = shift;
    return $KEY{$name} if defined $KEY{$name};
    return "\e" . key_bytes($1) if $name =~ /^M-(.+)$/;
    return chr(ord(uc $1) & 0x1f) if $name =~ /^\^([\@-_a-z])$/;
    return $name if length $name == 1;
    die "no key is called $name\n";
}

# QEMU's names for keys, with what has to be held down.
my %PS2 = (Up => 'up', Down => 'down', Left => 'left', Right => 'right',
    Home => 'home', End => 'end', Insert => 'insert', Delete => 'delete',
    PageUp => 'pgup', PageDown => 'pgdn', Tab => 'tab', Enter => 'ret',
    Escape => 'esc', Backspace => 'backspace', ' ' => 'spc', '-' => 'minus',
    '=' => 'equal', '[' => 'bracket_left', ']' => 'bracket_right',
    ';' => 'semicolon', "'" => 'apostrophe', '`' => 'grave_accent',
    '\\' => 'backslash', ',' => 'comma', '.' => 'dot', '/' => 'slash');
my %SHIFTED;
@SHIFTED{split //, '!@#$%^&*()_+{}|:"~<>?'} =
    split //, q(1234567890-=[]\\;'`,./);

sub ps2_name {
    my $name = shift;
    return "shift-$PS2{$1}" if $name =~ /^Shift-(.+)$/ && $PS2{$1};
    return 'alt-' . ps2_name($1) if $name =~ /^M-(.+)$/;
    return 'ctrl-' . ps2_name(lc $1) if $name =~ /^\^(.)$/;
    return $PS2{$name} if defined $PS2{$name};
    return lc $name if $name =~ /^F\d+$/;
    return "shift-\l$name" if $name =~ /^[A-Z]$/;
    return 'shift-' . ps2_name($SHIFTED{$name}) if defined $SHIFTED{$name};
    return $name if $name =~ /^[a-z0-9]$/;
    die "no key is called $name\n";
}

# The serial line has the terminal to itself, as ^A is QEMU's otherwise.
sub boot {
    my (%opt) = @_;
    my $self = Screen->new(%opt);
    my $socket = Teak::scratch() . '/monitor' . int rand 1e9;
    $self->{machine} = Teak::boot(%opt, noprompt => 1,
        serial => 'chardev:line', qemu => [@{$opt{qemu} || []},
            '-chardev', 'stdio,id=line,signal=off',
            '-monitor', "unix:$socket,server=on,wait=off"]);
    $self->{socket} = $socket;
    $self->{tty} = $self->{machine}{tty};
    $self->{answer} = sub { $self->type($_[0]) };
    return $self if $opt{noprompt} || $self->wait_prompt(60);
    print STDERR "# no prompt; the screen:\n", $self->screen =~ s/^/# /gmr;
    return undef;
}

sub take {
    my ($self, $wait) = @_;
    return 0 if !IO::Select->new($self->{tty})->can_read($wait);
    sysread $self->{tty}, my $buf, 65536 or return undef;
    $self->feed($buf);
    return 1;
}

# What the machine prints is read meanwhile: neither side waits for ever.
sub type {
    my ($self, $text) = @_;
    my $deadline = time + Teak::patience(60);
    my $tty = IO::Select->new($self->{tty});
    utf8::encode($text) if utf8::is_utf8($text);
    while (length $text && time < $deadline) {
        my ($in, $out) = IO::Select->select($tty, $tty, undef, 1);
        my $n = @{$out || []} ? syswrite $self->{tty}, $text, 512 : 0;
        substr($text, 0, $n || 0) = '';
        $self->take(0) if @{$in || []};
    }
    return length $text == 0;
}

sub key {
    my ($self, @names) = @_;
    return $self->type(join '', map { key_bytes($_) } @names);
}

sub wait_until {
    my ($self, $code, $seconds) = @_;
    my $deadline = time + Teak::patience($seconds || 60);
    until ($code->($self)) {
        return 0 if time >= $deadline || !defined $self->take(0.2);
    }
    return 1;
}

sub wait_for {
    my ($self, $regex, $seconds) = @_;
    return $self->wait_until(sub { $_[0]->screen =~ $regex }, $seconds);
}

# A prompt on the cursor's row, and nothing under it.
sub at_prompt {
    my $self = shift;
    my ($row, $col) = $self->cursor;
    return $self->row($row) =~ /^\S*[\$#]$/ && $col >= 2 &&
        $self->screen =~ $PROMPT;
}

sub wait_prompt {
    my ($self, $seconds) = @_;
    return $self->wait_until(\&at_prompt, $seconds);
}

# The screen is cleared by us, so that the rows are the command's own.
sub command {
    my ($self, $line, $seconds) = @_;
    $self->wait_prompt or return undef;
    my ($row) = $self->cursor;
    my $prompt = $self->row($row);
    $self->feed("\e[2J\e[H$prompt ");
    $self->type("$line\r");
    $self->wait_until(sub { ($_[0]->cursor)[0] > 0 && $_[0]->at_prompt },
        $seconds) or return undef;
    my $text = $self->screen;
    $text =~ s/^.*\n//;
    $text =~ s/^.*\n\z//m;
    return $text;
}

sub connect_monitor {
    my $self = shift;
    for (1 .. 100) {
        $self->{monitor} = IO::Socket::UNIX->new(Peer => $self->{socket});
        last if $self->{monitor};
        sleep 0.1;
    }
    die "$self->{socket}: $!\n" if !$self->{monitor};
    $self->monitor_answer;
}

sub monitor_answer {
    my $self = shift;
    my $deadline = time + Teak::patience(20);
    my $text = '';
    while (time < $deadline && $text !~ /\(qemu\) \z/) {
        next if !IO::Select->new($self->{monitor})->can_read(0.2);
        sysread $self->{monitor}, my $buf, 65536 or last;
        $text .= $buf;
    }
    $text =~ s/\(qemu\) \z//;
    return $text;
}

sub monitor {
    my ($self, $command) = @_;
    $self->connect_monitor if !$self->{monitor};
    syswrite $self->{monitor}, "$command\n";
    my $answer = $self->monitor_answer;
    $answer =~ s/^.*?\r?\n//s;              # the echo
    return $answer;
}

# Each key is held for 10 ms. The emulated keyboard keeps 16 bytes and drops
# more: the next key waits until the guest has taken what there is.
sub ps2 {
    my ($self, @names) = @_;
    for my $name (@names) {
        $self->monitor('sendkey ' . ps2_name($name) . ' 10');
        my $deadline = time + Teak::patience(30);
        my $until = time + 0.03;
        $self->take(0.01) while time < $until;
        $self->take(0.01) while $self->ps2_waits && time < $deadline;
    }
}

# Is there a byte that the guest has not taken? Bit 0 of the status port says
# so, which changes nothing.
sub ps2_waits {
    return $_[0]->monitor('i /b 0x64') =~ /= 0x(\w+)/ && hex($1) & 1;
}

sub vga { return vga_rows($_[0]->monitor($VGA_DUMP)) }

# What VGA shows, once $is says of its rows that they are what is waited for, or
# when patience ends: a sent key is obeyed when the guest gets to it.
sub vga_when {
    my ($self, $is) = @_;
    my $deadline = time + Teak::patience(60);
    my @rows = $self->vga;
    while (!$is->(@rows) && time < $deadline) {
        $self->take(0.1);
        @rows = $self->vga;
    }
    return @rows;
}
sub vga_attrs { return vga_bytes($_[0]->monitor($VGA_DUMP)) }

sub vga_cursor {
    my $self = shift;
    my ($high, $low) = map {
        $self->monitor("i /b 0x3d4.$_") =~ /= 0x(\w+)/ ? hex $1 : 0 } 14, 15;
    my $cell = $high << 8 | $low;
    return (int $cell / $VGACOLS, $cell % $VGACOLS);
}

sub quit {
    my $self = shift;
    delete $self->{answer};
    $self->{machine}->quit if $self->{machine};
}

1;
