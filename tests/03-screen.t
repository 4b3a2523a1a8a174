#!/usr/bin/perl
# Screen.pm's model of a terminal, by itself: what xterm shows for the same
# bytes, written by hand.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Screen qw(vga_rows vga_bytes);
use Test::More;

my @cases = (
    ['plain text', "ab\r\ncd", "ab\ncd\n", 1, 2],
    ['a newline alone keeps the column', "ab\ncd", "ab\n  cd\n", 1, 4],
    ['backspace and tab', "abc\b\bX\tY", "aXc     Y\n", 0, 9],
    ['the last column waits', 'abcdefghij', "abcdefghij\n", 0, 9],
    ['and the next character wraps', 'abcdefghijk', "abcdefghij\nk\n", 1, 1],
    ['carriage return after it stays', "abcdefghij\rX", "Xbcdefghij\n", 0, 1],
    ['backspace after it', "abcdefghij\bX", "abcdefghXj\n", 0, 9],
    ['erase after it', "abcdefghij\e[K", "abcdefghi\n", 0, 9],
    ['the last row scrolls', "1\r\n2\r\n3\r\n4\r\n5", "2\n3\n4\n5\n", 3, 1],
    ['by a wrap too', "\e[4;1Habcdefghijk", "\n\nabcdefghij\nk\n", 3, 1],
    ['cursor to a place', "\e[2;3Hx\e[fy", "y\n  x\n", 0, 1],
    ['past the edge', "\e[99;99Hx\e[1;10H", "\n\n\n         x\n", 0, 9],
    ['up, down, right, left', "\e[2;2H\e[Aa\e[2Bb\e[2Dc\e[3Cd",
        " a\n\n cb  d\n", 2, 6],
    ['column, row', "\e[5Gx\e[3dy", "    x\n\n     y\n", 2, 6],
    ['next and last line', "abc\e[2Ed\e[Fe", "abc\ne\nd\n", 1, 1],
    ['erase to the end', "abcdef\e[1;3H\e[K", "ab\n", 0, 2],
    ['erase to the start', "abcdef\e[1;3H\e[1K", "   def\n", 0, 2],
    ['erase the line', "abcdef\r\nx\e[1;3H\e[2K", "\nx\n", 0, 2],
    ['erase below', "ab\r\ncd\r\nef\e[2;2H\e[J", "ab\nc\n", 1, 1],
    ['erase above', "ab\r\ncd\r\nef\e[2;2H\e[1J", "\n\nef\n", 1, 1],
    ['erase all', "ab\r\ncd\e[2J", '', 1, 2],
    ['insert characters', "abcdefghij\e[1;2H\e[3@", "a   bcdefg\n", 0, 1],
    ['delete characters', "abcdef\e[1;2H\e[2P", "adef\n", 0, 1],
    ['erase characters', "abcdef\e[1;2H\e[2X", "a  def\n", 0, 1],
    ['insert lines', "1\r\n2\r\n3\r\n4\e[2;1H\e[2L", "1\n\n\n2\n", 1, 0],
    ['delete lines', "1\r\n2\r\n3\r\n4\e[2;1H\e[M", "1\n3\n4\n", 1, 0],
    ['scroll up', "1\r\n2\r\n3\r\n4\e[2S", "3\n4\n", 3, 1],
    ['scroll down', "1\r\n2\r\n3\r\n4\e[T", "\n1\n2\n3\n", 3, 1],
    ['a region', "1\r\n2\r\n3\r\n4\e[2;3r\e[3;1H\r\nx", "1\n3\nx\n4\n", 2, 1],
    ['lines in a region', "1\r\n2\r\n3\r\n4\e[2;3r\e[2;1H\e[L",
        "1\n\n2\n4\n", 1, 0],
    ['delete in a region', "1\r\n2\r\n3\r\n4\e[2;3r\e[2;1H\e[M",
        "1\n3\n\n4\n", 1, 0],
    ['a region and no more', "1\r\n2\r\n3\r\n4\e[2;3r\e[r\e[4;1H\n",
        "2\n3\n4\n", 3, 0],
    ['lines outside the region stay', "1\r\n2\e[3;4r\e[1;1H\e[L",
        "1\n2\n", 0, 0],
    ['reverse line feed', "1\r\n2\e[1;1H\eMx", "x\n1\n2\n", 0, 1],
    ['saved cursor', "ab\e7\r\ncd\e8e\e[s\e[H\e[uf", "abef\ncd\n", 0, 4],
    ['characters of several bytes', "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80x",
        "ä€\x{1f600}x\n", 0, 4],
    ['broken ones', "a\xffb\xc3(\x80", "a\x{fffd}b\x{fffd}(\x{fffd}\n", 0, 6],
    ['a title', "\e]0;title\a\e]2;x\e\\a", "a\n", 0, 1],
    ['a reset', "abc\e[2;3r\ecd", "d\n", 0, 1],
);

sub screen { return Screen->new(rows => 4, cols => 10) }

for (@cases) {
    my ($name, $bytes, $text, @cursor) = @$_;
    for my $step (length $bytes, 1) {
        my $s = screen();
        $s->feed($_) for unpack "(a$step)*", $bytes;
        is_deeply [$s->screen, $s->cursor, @{$s->{unknown}}],
            [$text, @cursor], $name . ($step == 1 ? ', byte by byte' : '');
    }
}

my $s = screen();
$s->feed("a\e[7mb\e[1;31mc\e[0md\e[27;44me\e[0K\e[mf");
is_deeply [map { $s->attr(0, $_) } 0 .. 6],
    ['', 'reverse', 'bold reverse fg31', '', 'bg44', '', 'bg44'],
    'attributes are kept, and erasing paints the background';
is $s->marked(0), ' bc', 'what is reverse can be asked';

$s = screen();
$s->feed("\e[?25l\a\a");
is_deeply [@$s{qw(hidden bells)}], [1, 2], 'a hidden cursor, bells';
$s->feed("\e[?25h\e[5v\e[?7h\e[38m");
is_deeply [$s->{hidden}, $s->{unknown}], [0, ['5v', '?7h', '38m']],
    'the cursor back; what nobody knows is noted';

my $said = '';
$s = screen();
$s->{answer} = sub { $said .= shift };
$s->feed("ab\r\nc\e[6n\e[c");
is $said, "\e[2;2R\e[?1;2c", 'questions are answered';

my $dump = join '', map {
    my $n = $_;
    sprintf("%08x:", 0xb8000 + $n * 160) . join('', map {
        sprintf ' 0x%04x', $n == 24 ? 0x7041 : $_ < 2 ? 0x0700 + 0x80 + $_
            : 0x0720 } 0 .. 79) . "\r\n" } 0 .. 24;
my @rows = vga_rows("xp /2000hx 0xb8000\r\n$dump");
is_deeply [scalar @rows, @rows[0, 24]], [25, 'Çü', 'A' x 80],
    'the rows of a VGA dump';
my @bytes = vga_bytes($dump);
is_deeply [scalar @bytes, scalar @{$bytes[24]}, $bytes[3][5], $bytes[24][79]],
    [25, 80, 7, 0x70], 'and its attributes';

done_testing;
