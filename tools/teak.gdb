# teak.gdb: what `make gdb` gives to gdb: Teak's commands, and the connection
# to the emulator that `make qemu-gdb` started.

set confirm off
set pagination off
set architecture i386
# An address means something else on each CPU, and in each process.
set stack-cache off
set code-cache off
# The port is there before the emulator is: on a busy machine, long before.
set remotetimeout 60
source tools/teak-gdb.py

# Before a stop is shown, gdb gets the symbols of the program that stopped.
define hook-stop
    python programs.follow()
end
define hookpost-thread
    python programs.follow_thread()
end

connect
