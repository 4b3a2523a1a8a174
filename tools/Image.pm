# Image.pm: what mkimage, bootargs and run know of a Teak disk image; the
# numbers are boot.h's. Errors die with a line for the user.
package Image;
use strict;
use warnings;
use FindBin;
use IO::Handle;

my ($NAME) = $FindBin::Script;

use constant {
    SECTSIZE  => 512,
    ARGSECT   => 1,
    LOADSECT  => 2,
    KERNSECT  => 64,
    KERNMAX   => 3 << 20,
    PART_FS   => 0x7f,
    PART_SWAP => 0x82,
    MAGIC     => 'Teak',            # BOOTMAGIC as it lies on the disk
    BLOCK     => 65536,
};

sub slurp {
    my $file = shift;
    open my $h, '<:raw', $file or die "$NAME: $file: $!\n";
    local $/;
    return scalar <$h>;
}

# The boot-argument sector for a line of arguments.
sub pack_args {
    my $line = shift;
    my $max = SECTSIZE - 1;
    (my $bare = $line) =~ s/"(?:[^"\\]|\\.)*"//gs;
    die "$NAME: boot arguments: a quote is not closed\n" if $bare =~ /"/;
    die "$NAME: boot arguments are one line of text\n" if $bare =~ /[\n\0]/;
    die sprintf("%s: the boot arguments have %d characters, %d is the limit\n",
                $NAME, length $line, $max) if length $line > $max;
    return pack 'a' . SECTSIZE, $line;
}

# A word for the boot arguments that gives name the value, whatever it holds.
sub quote {
    my ($name, $value) = @_;
    die "$NAME: a command cannot hold a NUL\n" if $value =~ /\0/;
    $value =~ s/(["\\])/\\$1/g;
    return "$name=\"$value\"";
}

sub put {
    my ($h, $at, $bytes) = @_;
    seek $h, $at, 0 or die "$NAME: $!\n";
    print $h $bytes or die "$NAME: $!\n";
}

# Open an image for reading or ('+<') changing; dies if it is not Teak's.
sub open_image {
    my ($file, $mode) = @_;
    open my $h, "$mode:raw", $file or die "$NAME: $file: $!\n";
    my $magic = '';
    seek $h, LOADSECT * SECTSIZE, 0;
    read $h, $magic, 4;
    die "$NAME: $file is not a Teak disk image\n" if $magic ne MAGIC;
    return $h;
}

sub read_args {
    my $h = shift;
    my $sector;
    seek $h, ARGSECT * SECTSIZE, 0;
    read($h, $sector, SECTSIZE) == SECTSIZE or die "$NAME: image cut short\n";
    return unpack 'Z*', $sector;
}

sub write_args {
    my ($h, $line) = @_;
    put($h, ARGSECT * SECTSIZE, pack_args($line));
    $h->flush;
}

# Copy all of a file to an offset of another, leaving out blocks of zeros.
sub copy_sparse {
    my ($from, $to, $at) = @_;
    my $zeros = "\0" x BLOCK;
    my $buf;
    while (my $n = read $from, $buf, BLOCK) {
        put($to, $at, $buf) if $buf ne substr $zeros, 0, $n;
        $at += $n;
    }
}

# Make a copy of an image that costs no more than its contents: by cp where
# it can, else here.
sub copy {
    my ($file, $new) = @_;
    return if system('sh', '-c',
        'cp --sparse=always --reflink=auto -- "$0" "$1" 2>/dev/null',
        $file, $new) == 0;
    open my $from, '<:raw', $file or die "$NAME: $file: $!\n";
    open my $to, '>:raw', $new or die "$NAME: $new: $!\n";
    copy_sparse($from, $to, 0);
    truncate $to, -s $from or die "$NAME: $new: $!\n";
    close $to or die "$NAME: $new: $!\n";
}

1;
