"""procs.py: processes, their calls and their registers."""
import gdb

from . import kernel as k
from . import programs

STATES = {
    "EMBRYO": "being made", "SLEEPING": "asleep", "RUNNABLE": "ready to run",
    "RUNNING": "running", "ZOMBIE": "ended, and not waited for",
}
# Through these everybody goes who gives up the CPU: they say nothing.
SWITCHING = ("switch_to", "give_way", "sleep_on", "sleep", "sleep_intr",
             "sleep_timed", "sleep_ticks", "wait", "acquiresleep", "swtch")
FDTYPES = {1: "file", 2: "device", 3: "pipe"}
TRAPS = {
    0: "division error", 1: "debug exception", 2: "NMI", 3: "breakpoint",
    4: "overflow", 5: "bound exceeded", 6: "illegal instruction",
    8: "double fault", 10: "invalid task", 11: "segment not present",
    12: "stack-segment fault", 13: "protection fault", 14: "page fault",
    16: "floating-point error", 17: "misaligned access",
    19: "floating-point error",
}
INTERRUPTS = {32: "the clock", 33: "the keyboard", 36: "the serial line",
              0xef: "the CPU's own clock", 0xf0: "a TLB shoot-down",
              0xf1: "another CPU has work for this one"}
GATES = 64, 65                      # of system calls
GENERAL = "eax ebx ecx edx esi edi ebp".split()
FLAGS = {0: "CF", 2: "PF", 4: "AF", 6: "ZF", 7: "SF", 8: "TF", 9: "IF",
         10: "DF", 11: "OF", 17: "VM", 18: "AC"}


def state(p):
    s = k.enum("procstate")[int(p["state"])]
    return "STOPPED" if int(p["stopped"]) and s != "ZOMBIE" else s


def calls(p):
    """The kernel functions that a switched-out process is in, newest first,
    by its chain of frame pointers."""
    low, at = int(p["kstack"]), k.addr(p["ctx"])
    if not low <= at < low + k.KSTACKSIZE - 20:
        return                      # it has not been switched out so far
    ebp, pc = k.words(at + 12, 2)
    while pc >= k.KERNBASE:
        yield k.function_at(pc - 1) or "?"
        if not low <= ebp < low + k.KSTACKSIZE - 8:
            return
        ebp, pc = k.words(ebp, 2)


def waits_in(p):
    if state(p) not in ("SLEEPING", "STOPPED") or not p["chan"]:
        return ""
    for call in calls(p):
        if call not in SWITCHING:
            return call
    return ""


def line(p):
    cpu = int(p["cpu"]["id"]) if p["cpu"] else "-"
    parent = k.pid(p["parent"]) if p["parent"] else 0
    pages = int(p["as"]["resident"]) if p["as"] else "-"
    return "%5d %5d %-8s %3s %6s %-15s %s" % (
        k.pid(p), parent, state(p), cpu, pages, k.name(p), waits_in(p))


HEAD = "  pid  ppid state    cpu  pages name            waits in"


class Ps(k.Command):
    """ps: list the processes.

    cpu is where it runs, or ran last; pages, how many it has in memory; `waits
    in`, the kernel function from which a sleeping one went to sleep."""

    def run(self):
        print(HEAD)
        for p in k.procs():
            print(line(p))


class Current(k.Command):
    """current: the process on the selected CPU.

    `info threads` lists the CPUs, `thread N` selects one."""

    def run(self):
        print(HEAD)
        print(line(k.current()))


class Proc(k.Command):
    """proc [PID]: all about a process, by default the current one."""
    most = 1

    def run(self, *args):
        p = k.chosen(args)
        self.life(p)
        self.stack(p)
        self.space(p)
        self.locks(p)
        self.files(p)

    def life(self, p):
        s, cpu = state(p), k.running(p)
        print("%s: %s%s" % (k.called(p), STATES.get(s, "stopped"),
              " on cpu %d" % cpu if cpu is not None else
              " in " + waits_in(p) if waits_in(p) else ""))
        print("parent %s, group %d, %d ticks of CPU time%s%s" % (
            k.called(p["parent"]) if p["parent"] else "none", int(p["pgrp"]),
            int(p["ticks"]), ", killed" if int(p["killed"]) else "",
            ", AST pending" if int(p["ast"]) else ""))
        if p["chan"]:
            print("sleeps on channel %s%s%s" % (
                p["chan"].format_string(symbols=True),
                ", a kill may end it" if int(p["interruptible"]) else "",
                ", at tick %d" % int(p["wakeat"]) if int(p["timed"]) else ""))

    def stack(self, p):
        low = int(p["kstack"])
        top = low + k.KSTACKSIZE
        at = k.addr(p["ctx"])
        used = ", %d bytes in use" % (top - at) \
            if k.running(p) is None and low <= at < top else ""
        print("kernel stack %08x-%08x%s" % (low, top, used))

    def space(self, p):
        if not p["as"]:
            print("no user memory")
            return
        s = p["as"]
        print("address space: directory in frame %#x; %d pages in memory, "
              "%d swapped, %d page tables, %d regions; break %08x" % (
                  (k.addr(s["pgdir"]) - k.KERNBASE) >> 12, int(s["resident"]),
                  int(s["swapped"]), int(s["ntables"]), int(s["nregions"]),
                  int(s["sz"])))
        path = programs.program(p)
        print("symbols: %s" % (path or "none that fit"))
        cases = k.enum("faultcase")
        print("faults: " + ", ".join(
            "%s %d" % (cases[i], int(p["faults"][i]))
            for i in sorted(cases) if cases[i] != "NCASE"))

    def locks(self, p):
        ranks, held = k.enum("sleeprank"), int(p["sranks"])
        held = ["%d %s" % (held >> 4 * r & 15, ranks[r]) for r in sorted(ranks)
                if held >> 4 * r & 15]
        print("sleep locks: %s" % (", ".join(held) or "none"))

    def files(self, p):
        if p["cwd"]:
            print("working directory: inode %d" % int(p["cwd"]["inum"]))
        for fd in range(int(p["nofile"])):
            f = p["ofile"][fd]
            if f:
                print("fd %d: %s" % (fd, self.file(f)))

    def file(self, f):
        kind = FDTYPES.get(int(f["type"]), "?")
        may = "".join(c for c, field in
                      (("r", "readable"), ("w", "writable")) if int(f[field]))
        if kind == "pipe":
            moved = f["pipe"]["moved"]
            what = "%s, %d bytes in it" % (
                f["pipe"], int(moved[1]) - int(moved[0]) & k.WORD)
        elif kind == "device":
            what = "major %d" % int(f["major"])
        else:
            what = "inode %d, offset %d" % (int(f["ip"]["inum"]),
                                            int(f["off"]))
        return "%s %s, %s, %d owners" % (kind, may, what, int(f["ref"]))


class Bt(k.Command):
    """bt [PID]: the calls of any process, innermost first.

    From the kernel's across <signal handler called>, which stands for the
    trap, into the program's. Of one that sleeps it begins where it gave up the
    CPU; of one that runs, with what its CPU does. More arguments are those of
    gdb's own `backtrace` (`bt 4 full`), which is also what `bt` alone does."""
    most = 9

    def run(self, *args):
        if not args or not args[0][0].isdigit():
            gdb.execute("backtrace " + " ".join(args))
            return
        with programs.seen_from(k.process(int(args[0], 0))):
            gdb.execute("backtrace " + " ".join(args[1:]))


class Trapframe(k.Command):
    """trapframe [PID]: the registers with which a process came into the kernel.

    Innermost first, if an interrupt or a fault came while it was there."""
    most = 1

    def run(self, *args):
        p = k.chosen(args)
        with programs.seen_from(p):
            frames = list(self.frames())
            for at, calls in frames:
                self.print(at, calls)
        if not frames:
            print("%s is in its program, or never was there: no trap frame"
                  % k.called(p))

    def frames(self):
        """(address of a trap frame, functions that the trap has called)"""
        f, calls = gdb.newest_frame(), []
        while f and f.pc() >= k.KERNBASE:
            calls.append(f.name())
            if f.type() == gdb.SIGTRAMP_FRAME:
                yield int(f.read_register("esp").cast(
                    gdb.lookup_type("unsigned int"))), calls
                calls = []
            f = f.older()

    def print(self, at, calls):
        tf = k.struct("trapframe", at)
        reg = {f.name: int(tf[f.name]) for f in tf.type.fields()}
        user = reg["cs"] & 3
        print("trap frame at %08x, from %s mode: %s" % (
            at, "user" if user else "kernel", self.why(reg, calls)))
        print("  eip %08x %s" % (reg["eip"], self.place(reg["eip"])))
        print("  " + "  ".join("%s %08x" % (r, reg[r]) for r in GENERAL[:4]))
        print("  " + "  ".join("%s %08x" % (r, reg[r]) for r in GENERAL[4:])
              + ("  esp %08x" % reg["esp"] if user else ""))
        print("  cs %02x  ds %02x  eflags %08x %s" % (
            reg["cs"] & 0xffff, reg["ds"] & 0xffff, reg["eflags"],
            " ".join(n for b, n in FLAGS.items() if reg["eflags"] >> b & 1)))

    def why(self, reg, calls):
        n = reg["trapno"]
        if n in GATES and "syscall" not in calls:
            return "back from a system call: %d, gate %d" % (
                (reg["eax"] ^ 1 << 31) - (1 << 31), n)
        if n in GATES:
            return "system call %d %s, gate %d" % (
                reg["eax"], self.call(reg["eax"]), n)
        if n == 14:
            return "page fault, a %s, %s" % (
                "write" if reg["err"] & 2 else "read",
                "forbidden by the entry" if reg["err"] & 1 else
                "nothing present")
        return TRAPS.get(n) or "interrupt %d%s" % (
            n, ", " + INTERRUPTS[n] if n in INTERRUPTS else "")

    def call(self, n):
        try:
            fn = k.var("syscall.c", "systable[%d].fn" % n)
            return "(%s)" % (k.function_at(k.addr(fn)) or "?")
        except gdb.error:
            return ""

    def place(self, pc):
        sal = gdb.find_pc_line(pc)
        return "%s:%d" % (sal.symtab, sal.line) if sal.symtab else ""


COMMANDS = Ps, Current, Proc, Bt, Trapframe
