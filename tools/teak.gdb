# teak.gdb: what `make gdb` gives to gdb. Attaches to the emulator that
# `make qemu-gdb` started, at 127.0.0.1:$port, and adds Teak's commands.

set confirm off
set pagination off
set architecture i386
source tools/teak-gdb.py
eval "target remote 127.0.0.1:%d", $port
