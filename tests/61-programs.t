#!/usr/bin/perl
# Programs and scripts do in Teak what the host's do.
#
#     prove tests/61-programs.t                  all of tests/programs
#     prove tests/61-programs.t :: text shell    text.cases and shell.cases
#
# A case is a shell snippet. It runs in a fresh directory by Teak's sh and by
# the host's; what it printed (both streams) and its status must be equal.
# All cases go into one boot. In a .cases file, a line that begins with
#
#     ## NAME        begins a case; what follows is the snippet
#     #need WORD...  the host's part needs these programs, else: skipped
#     #expect [N]    the case's output follows, written by hand, its status is
#                    N (0): the host's program is not asked
#     #file NAME     text up to a line #end is the file ../NAME, for all cases
#     #bytes NAME    the same, with \n \t \0 \\ \xHH, newlines ignored
#     #!             before the first case is a comment
#
# Names have at most 14 bytes. The standard input is empty.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Cwd qw(getcwd);
use Test::More;

my $MARK = '@@@';
my $TIMEOUT = 200;              # seconds for one boot
my $MAXBOOTS = 3;               # a case that hangs costs one more
my $FSBLOCKS = 8192;
my %ESCAPE = (n => "\n", t => "\t", 0 => "\0", '\\' => '\\');

my $dir = scratch();
my (@cases, @files);

sub unescape {
    my $text = shift;
    $text =~ tr/\n//d;
    $text =~ s{\\(?:x([0-9a-fA-F]{2})|(.))}
        {defined $1 ? chr hex $1 : $ESCAPE{$2} // die "\\$2?\n"}gex;
    return $text;
}

# The lines up to #end.
sub text_block {
    my ($h, $text) = (shift, '');
    while (defined(my $line = <$h>)) {
        return $text if $line eq "#end\n";
        $text .= $line;
    }
    die "a #file or #bytes without #end\n";
}

sub parse {
    my ($path, $group) = @_;
    my ($case, $part);
    open my $h, '<:raw', $path or die "$path: $!\n";
    while (defined(my $line = <$h>)) {
        if ($line =~ /^## (.*)$/) {
            $case = { group => $group, name => $1, script => '', need => [] };
            $part = 'script';
            push @cases, $case;
        } elsif ($line =~ /^#(file|bytes) (\S{1,14})$/) {
            my $text = text_block($h);
            push @files, { group => $group, name => $2,
                text => $1 eq 'file' ? $text : unescape($text) };
        } elsif ($line =~ /^#need (.*)$/) {
            push @{$case->{need}}, split ' ', $1;
        } elsif ($line =~ /^#expect ?(\d*)$/) {
            ($case->{expect}, $case->{status}, $part) = ('', $1 || 0, 'expect');
        } elsif ($case) {
            $case->{$part} .= $line;
        } elsif ($line !~ /^(?:#!.*)?$/) {
            die "$path:$.: text before the first case\n";
        }
    }
}

# -- the host's side ----------------------------------------------------------

# Output and status, as one text.
sub outcome {
    my ($out, $status) = @_;
    return "$out\n[status $status]\n";
}

sub on_host {
    my $case = shift;
    return outcome($case->{expect}, $case->{status}) if defined $case->{expect};
    my $home = "$dir/h/$case->{group}";
    mkdir "$home/$case->{id}" or die "$home/$case->{id}: $!\n";
    my $script = put("$dir/h/script", $case->{script});
    my $back = getcwd();
    chdir "$home/$case->{id}" or die "$home: $!\n";
    local %ENV = (PATH => $ENV{PATH}, LC_ALL => 'C');
    system "sh $script >$dir/h/out 2>&1 </dev/null";
    my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
    chdir $back;
    return outcome(slurp("$dir/h/out"), $status);
}

sub lacking {
    my $case = shift;
    return if defined $case->{expect};
    return grep { !-x "/bin/$_" && (sh("command -v '$_'"))[0] != 0 }
        @{$case->{need}};
}

# -- Teak's side --------------------------------------------------------------

# An image with the programs and, in the root directory, what the cases need.
sub make_image {
    my @words;
    for my $path (split /\0/, (sh("find $BUILD/root -type f -print0"))[1]) {
        push @words, "$path=" . substr $path, length "$BUILD/root/";
    }
    push @words, 'README' if -e 'README';
    for my $i (0 .. $#files) {
        push @words, put("$dir/f.$i", $files[$i]{text}) . "=f.$i";
    }
    push @words, put("$dir/c.$_->{id}", $_->{script}) . "=c.$_->{id}"
        for @cases;
    push @words, put("$dir/run.$_", '-') . "=run.$_" for 1 .. $MAXBOOTS;
    return @words;
}

# The script for one boot. Only plain commands: a shell that cannot do more
# must be able to run it, or no test would say so.
sub boot_script {
    my ($todo) = @_;
    my %seen;
    my $text = "mkdir /dev /t >/null 2>/null\nln /null /dev/null 2>/null\n"
        . "ln /zero /dev/zero 2>/null\n";
    $text .= "mkdir /t/$_->{group}\n"
        for grep { !$seen{$_->{group}}++ } @cases;
    $text .= "cp /f.$_ /t/$files[$_]{group}/$files[$_]{name}\n"
        for 0 .. $#files;
    for my $case (@$todo) {
        my $id = $case->{id};
        my $place = "/t/$case->{group}/$id";
        $text .= "mkdir $place\ncd $place\necho '$MARK $id'\n"
            . "sh /c.$id >/out 2>&1 </null\necho '$MARK' \$? >/status\n"
            . "cat /out\necho\ncat /status\n";
    }
    return $text . "echo '$MARK end'\n";
}

# Runs the cases that have no result yet. Returns 1 when all have one; else
# the first of them is why the boot did not come to its end.
sub one_boot {
    my ($n) = @_;
    my @todo = grep { !defined $_->{got} } @cases;
    my @words = make_image();
    put("$dir/run.$n", boot_script(\@todo));
    my ($status, $out) = sh("$BUILD/mkfs -s $FSBLOCKS $dir/fs @words && "
        . "tools/mkimage --fsmb 32 --swapmb 8 $dir/img $BUILD/boot.bin "
        . "$BUILD/kernel.bin $dir/fs");
    die "no image: $out" if $status;
    ($status, $out) = guest("sh /run.$n", image => "$dir/img", mem => 128,
                            timeout => $TIMEOUT);
    my %case = map { $_->{id} => $_ } @todo;
    while ($out =~ /^$MARK (\d+)\n(.*?)\n^$MARK (\d+)\n/msg) {
        $case{$1}{got} = outcome($2, $3) if $case{$1};
    }
    return 1 if !grep { !defined $_->{got} } @todo;
    diag("boot $n ended with $status and the words:\n" . substr $out, -600);
    my ($broken) = grep { !defined $_->{got} } @todo;
    $broken->{got} = "(did not end, or stopped Teak)\n";
    return 0;
}

# -- both ---------------------------------------------------------------------

sub show_difference {
    my ($want, $got) = @_;
    my ($status, $out) = sh("cd $dir && diff -a -U 3 expected got");
    diag($status == 1 ? $out : "expected:\n$want\ngot:\n$got");
}

sub report {
    my $case = shift;
    my $title = "$case->{group}: $case->{name}";
    my @lacking = lacking($case);
    SKIP: {
        skip "$title: the host has no @lacking", 1 if @lacking;
        my $want = on_host($case);
        my $same = $want eq ($case->{got} // '');
        ok $same, $title;
        last SKIP if $same;
        put("$dir/expected", $want);
        put("$dir/got", $case->{got} // "(not run)\n");
        diag($case->{script});
        show_difference($want, $case->{got} // '');
    }
}

my @groups = @ARGV ? @ARGV
    : map { m{([^/]+)\.cases$} } sort glob "$TOP/tests/programs/*.cases";
parse("$TOP/tests/programs/$_.cases", $_) for @groups;
$cases[$_]{id} = $_ for 0 .. $#cases;
plan skip_all => 'no cases' if !@cases;

mkdir "$dir/h";
mkdir "$dir/h/$_" for @groups;
put("$dir/h/$_->{group}/$_->{name}", $_->{text}) for @files;
for my $n (1 .. $MAXBOOTS) {
    last if one_boot($n);
}
report($_) for @cases;
done_testing;
