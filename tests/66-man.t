#!/usr/bin/perl
# The manual: a page for each program and each system call, in the form that
# `man` reads, whose references lead somewhere; and what `man` makes of them.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Teak;
use Test::More;

my @programs = programs();
my @calls = slurp('syscall.h') =~ /^#define SYS_(\w+)\s+\d/mg;
ok @programs > 40, 'programs: ' . @programs;
ok @calls > 40, 'system calls: ' . @calls;

is join(' ', grep { !-e "docs/man/1/$_.md" } @programs), '',
    'every program has its page';
is join(' ', grep { !-e "docs/man/2/$_.md" } @calls), '',
    'every system call has its page';

my (%page, %cut, @form, @lost, @long);
for my $file (glob 'docs/man/*/*.md') {
    my ($section, $name) = $file =~ m{/(\d)/(.*)\.md$} or next;
    $page{"$name($section)"} = slurp($file);
    push @{$cut{"$section/" . substr $name, 0, 14}}, $file;
}
for my $name (sort keys %page) {
    my ($bare) = $name =~ /(.*)\(/;
    my @lines = split /\n/, $page{$name};
    push @form, $name if $lines[0] !~ /^# \Q$bare\E - [^.]+$/ || $lines[1] ne ''
        || $page{$name} !~ /^## (?:SYNOPSIS|DESCRIPTION|KEYS)$/m
        || $page{$name} =~ /\t| $/m;
    push @long, $name if grep { length > 79 } @lines;
    my ($see) = $page{$name} =~ /^## SEE ALSO\n(.*)/ms or next;
    push @lost, map { "$name: $_" } grep { !$page{$_} } $see =~ /\w+\(\d\)/g;
    push @lost, map { "$name: $_" } grep { !-e } $see =~ m{docs/[\w-]+\.md}g;
}
is join(' ', @form), '', 'every page has a title, and a synopsis or a text';
is join(' ', @long), '', 'no line is longer than 79 columns';
is join(', ', @lost), '', 'every reference leads to a page';
is join(' ', map { @$_ } grep { @$_ > 1 } values %cut), '',
    'no two pages have one name on the disk';

my ($status, $out) = guest('man 2 open | cat; man getpagetableentry | head -5; '
    . 'man -k frame | cat; man nosuch; echo status $?; '
    . 'echo this is more | less');
like $out, qr/^open - open or make a file\n\nSYNOPSIS\n`int open\(/m,
    'man shows a page';
like $out, qr/^ {4}O_RDONLY   to read$/m, 'code is indented';
like $out, qr/^getpagetableentry - /m, 'a name of more than 14 bytes';
like $out, qr/^isphysicalpagefree\(2\) - /m, 'man -k searches the calls';
like $out, qr/^man: no page for nosuch.*\nstatus 16$/m, 'and says what is not there';
like $out, qr/this is more/, 'less is more';

done_testing;
