"""teak-gdb.py: gdb commands that know Teak (`help COMMAND` says more).

  ps               every process, and where it waits
  proc [PID]       all about one            current  the one on this CPU
  bt [PID]         its calls, from the kernel into the program
  trapframe [PID]  with which registers it came into the kernel
  vmmap [PID]      what ought to be in its address space (or: regions)
  pt VA [PID]      the walk to an address, entry by entry
  pt all [PID]     every present entry
  pframe N|PA      a physical frame: kind, owners, what is cached in it
                   (`frame` is gdb's own, for the frames of calls)
  cache [BLOCK]    blocks of the disk in memory
  log              the write-ahead log        locks   held, by whom, rank
  faults           page faults by case        events  the event stream
  ubreak PROG PLACE   stop in that program alone
  user PROG        its symbols, before it runs
  connect [PORT]   attach to the emulator

Without PID: the process on the selected CPU, which gdb calls a thread. All
read the stopped guest and change nothing. The symbols of user programs follow
the process: programs.py.
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from teakgdb import memory, programs, procs, state   # noqa: E402

for part in memory, programs, procs, state:
    for command in part.COMMANDS:
        command()
