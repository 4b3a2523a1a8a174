#!/usr/bin/perl
# The VGA screen as a terminal: the same bytes go there and to the serial line,
# where a model of the screen obeys them; both must show the same. What left
# the screen can be looked at again.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Screen;
use Test::More;

my $ROWS = 25;

my $s = Screen::boot() or BAIL_OUT('no prompt: see above');

# The attribute byte that a model's cell should have.
my @COLOUR = (0, 4, 2, 6, 1, 5, 3, 7);
sub vga_attr {
    my $name = shift;
    my ($fg, $bg) = (7, 0);
    $fg = $COLOUR[$1] if $name =~ /\bfg3(\d)/;
    $fg = $COLOUR[$1] | 8 if $name =~ /\bfg9(\d)/;
    $bg = $COLOUR[$1] if $name =~ /\bbg4(\d)/;
    $fg |= 8 if $name =~ /bold/;
    return $name =~ /reverse/ ? ($fg & 7) << 4 | $bg : $bg << 4 | $fg;
}

# Rows of both, blocks for what VGA cannot show; of blanks only the ground is
# seen.
sub differences {
    my @vga = $s->vga;
    my @attr = $s->vga_attrs;
    my @found;
    for my $row (0 .. $ROWS - 1) {
        my $want = $s->row($row) =~ s/[^\x00-\x7f]/\x{25a0}/gr;
        push @found, "row $row: VGA '$vga[$row]', serial '$want'"
            if $vga[$row] ne $want;
        for my $col (0 .. 79) {
            my $blank = $s->{cells}[$row][$col][0] eq ' ' ? 0xf0 : 0xff;
            my $a = vga_attr($s->attr($row, $col));
            push @found, "row $row, column $col: VGA $attr[$row][$col], "
                . "serial $a" if ($a & $blank) != ($attr[$row][$col] & $blank);
        }
    }
    my @at = ([$s->vga_cursor], [$s->cursor]);
    push @found, "cursor: VGA @{$at[0]}, serial @{$at[1]}"
        if "@{$at[0]}" ne "@{$at[1]}";
    splice @found, 5;
    return join "\n", @found;
}

# The bell is the last that is sent; a byte is on VGA before it is on the line.
for my $seed (1 .. 6) {
    my $bells = $s->{bells};
    $s->type("utx_cons ansi $seed\r");
    ok $s->wait_until(sub { $s->{bells} > $bells }), "seed $seed";
    is differences(), '', "VGA and the serial line agree, seed $seed";
    $s->type("\r");
    $s->wait_prompt;
}

# Looking back.
$s->type("\r");
$s->command('echo');
for my $n (1 .. 8) {
    $s->command("echo filler $n; echo; echo; echo; echo; echo; echo; echo");
}
my @now = $s->vga;
$s->ps2('Shift-PageUp', 'Shift-PageUp');
my @then = $s->vga_when(sub { grep { /^filler 2$/ } @_ });
isnt "@then", "@now", 'Shift-PageUp shows what was there';
ok scalar(grep { /^filler 2$/ } @then), 'two pages up, what was two pages up';
$s->ps2('Shift-PageDown', 'Shift-PageDown');
my @back = $s->vga_when(sub { "@_" eq "@now" });
is join("\n", @back), join("\n", @now), 'Shift-PageDown comes back';
$s->ps2('Shift-PageUp', 'x');
my $typed = qr/^\S*[\$#] x$/m;
like join("\n", $s->vga_when(sub { join("\n", @_) =~ $typed })), $typed,
    'and so does any output';
$s->key('^U', '^L');     # command() had cleared the model alone
$s->wait_until(sub { ($s->cursor)[0] == 0 && $s->at_prompt });
$s->ps2('Shift-PageDown', 'Shift-PageUp', 'Shift-PageDown');
$s->vga_when(sub { differences() eq '' });
is differences(), '', 'the screen and the cursor are where they were';

$s->quit;
done_testing;
