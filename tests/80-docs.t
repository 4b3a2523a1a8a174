#!/usr/bin/perl
# README and docs/ tell the truth: every file and function that they name
# exists, the map and the list of boot arguments are complete, and the README's
# steps for a new program and a new system call work as written.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

# What a reader is to make: named in the text, not in the tree.
my %TOMAKE = map { $_ => 1 } qw(clone nice parentof sys_parentof hello.c
                                 docs/man/1/hello.md);

my @docs = ('README', glob 'docs/*.md');
my %text = map { $_ => slurp($_) } @docs;
my $code = join "\n", map { slurp($_) }
    glob '{,user/,tools/,tests/host/}*.{c,h,S,py}';

# Defined in C, as a macro, as a label, or as one of usys.S's calls.
my %defined = map { $_ => 1 }
    $code =~ /^(\w+)\(/mg, $code =~ /^#define (\w+)\(/mg,
    $code =~ /^(\w+):/mg, map { /(\w+)/g } $code =~ /^\s*CALLS?\((.*)\)/mg;

sub missing_files {
    my %seen = map { $_ => 1 }
        $_[0] =~ m{(?<![\w./*-])((?:[\w-]+/)*[\w*-]+\.(?:c|S|h|ld|t|pm|py|md))\b}g;
    return grep { my $f = $_; !$TOMAKE{$f} && $f !~ m{^build/} &&
        !map { glob } map { "$_$f*" } '', qw(user/ tools/ tests/ tests/host/) }
        sort keys %seen;
}

sub missing_functions {
    my %seen = map { $_ => 1 } $_[0] =~ /\b([a-z_]\w*)\(\)/g;
    return grep { !$defined{$_} && !$TOMAKE{$_} } sort keys %seen;
}

for my $doc (@docs) {
    is join(' ', missing_files($text{$doc})), '', "$doc: the files exist";
    is join(' ', missing_functions($text{$doc})), '',
        "$doc: the functions exist";
    is join("\n", grep { length > 79 } split /\n/, $text{$doc}), '',
        "$doc fits a terminal" if $doc ne 'docs/performance.md';
}
is join(' ', grep { $defined{$_} } sort keys %TOMAKE), '',
    'what is left to the reader is not there yet';

my $readme = $text{README};
cmp_ok length $readme, '<=', 12 << 10, 'README is short';
is join(' ', grep { $readme !~ /\Q$_\E/ } glob '*.{c,S,ld}'), '',
    'the map has every kernel source';
is join(' ', grep { $readme !~ m{\bdocs/\Q$_\E\b} }
        map { s{docs/}{}r } glob 'docs/*.md'), '', 'and every chapter';

my %args = map { $_ => 1 } $code =~ /\bbootarg(?:_int)?\("([\w.]+)"/g;
is join(' ', grep { $readme !~ /\b\Q$_\E=/ } sort keys %args), '',
    'the boot arguments are all listed';
is join(' ', grep { !$args{$_} } $readme =~ /^    ((?:vm|fail)\.\w+)=/mg), '',
    'and no others';

# The README's steps, in a copy of the tree: with few programs, as all would be
# compiled anew, and what was compiled of the kernel.
my $dir = scratch() . '/tree';
sh("mkdir $dir && tar -cf - --exclude=./.git --exclude=./build "
   . "--exclude=./*.img --exclude=node_modules . | tar -C $dir -xf -");
unlink grep { !m{/(?:init|more|sh|test)\.c$} } map { "$dir/user/$_.c" } programs();
sh("mkdir $dir/build && cp -a build/flags build/kernel $dir/build")
    if $BUILD eq 'build';

sub edit {
    my ($name, $change) = @_;
    local $_ = slurp("$dir/$name");
    $change->();
    isnt $_, slurp("$dir/$name"), "$name has the place that README names";
    put("$dir/$name", $_);
}

sub block {
    my ($first, $last) = @_;
    $readme =~ /^(    \Q$first\E\n.*?^    \Q$last\E\n)/ms or return '';
    return $1 =~ s/^    //mgr;
}

put("$dir/user/hello.c", block('#include "user.h"', '}'));
put("$dir/user/whose.c", qq{#include "user.h"
int main(void)
{
    int child = fork(), mine;
    if (child == 0)
        for (;;)
            sleep(100);
    mine = parentof(child) == getpid();
    kill(child);
    wait(0);
    return mine && parentof(-5) == -1 && errno == ESRCH ? 7 : 1;
}
});
edit('syscall.h', sub { s/^#define NSYSCALL\s+(\d+)/
    "#define SYS_parentof $1\n#define NSYSCALL " . ($1 + 1)/me });
edit('sys.h', sub { $_ .= "int sys_parentof(const uint *a);\n" });
edit('sysproc.c', sub { $_ .= "\n" . block("int\n    sys_parentof(const uint *a)",
                                           '}') });
edit('syscall.c', sub { s{^(\s*\[SYS_fork\])}
    {[SYS_parentof] = { sys_parentof, 1 },\n$1}m });
edit('user/usys.S', sub { $_ .= "CALL(parentof)\n" });
edit('user/user.h', sub { s/^(int\s+kill)/int parentof(int pid);\n$1/m });

my ($status, $out) = sh("make -C $dir");
is $status, 0, 'a new program and a new system call build' or diag $out;
unlike $out, qr/warning/i, 'and nothing is to be warned of';
($status, $out) = guest('hello; whose', image => "$dir/teak.img");
like $out, qr/^hello, I am \d+$/m, 'the program runs';
is $status, 7, 'the call answers, and refuses' or diag $out;

done_testing;
