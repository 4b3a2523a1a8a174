# teak.gdb: what `make gdb` gives to gdb. Attaches to the emulator that
# `make qemu-gdb` started, at localhost:$port, and adds Teak's commands.

set confirm off
set pagination off
set architecture i386
source tools/teak-gdb.py
eval "target remote localhost:%d", $port
