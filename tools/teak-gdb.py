"""teak-gdb.py: gdb commands that know Teak.

  user PROG      symbols of a user program: then `break main`, and so on
  ps             every process: pid, state, CPU, name
  current        the process on the selected CPU (gdb calls it a thread)
  regions [PID]  what ought to be in its address space
  pt [PID]       what is: its present user PTEs

Without PID: the current process. All read the stopped guest's memory and
change nothing. Physical memory is read through the kernel's direct map.
"""
import gdb

KERNBASE = 0x80000000
PGSIZE = 4096
P, W, U = 1, 2, 4


def value(expr):
    return gdb.parse_and_eval(expr)


def word(va):
    mem = gdb.selected_inferior().read_memory(va, 4)
    return int.from_bytes(bytes(mem), "little")


def procs():
    p = value("ptable.first")
    while p:
        yield p.dereference()
        p = p["allnext"]


def current():
    """The process whose kernel stack %esp is on. In user mode %esp says
    nothing; then the one whose page directory CR3 holds."""
    sp = int(value("(unsigned)$esp"))
    if sp >= KERNBASE:
        p = value("*(struct proc **)%d" % (sp & ~(2 * PGSIZE - 1)))
        return p.dereference()
    cr3 = int(value("(unsigned)$cr3")) & ~(PGSIZE - 1)
    for p in procs():
        space = p["as"]
        if space and int(space["pgdir"]) - KERNBASE == cr3:
            return p
    raise gdb.GdbError("no process has this page directory")


def chosen(arg):
    if not arg.strip():
        return current()
    pid = int(arg, 0)
    for p in procs():
        if int(p["pid"]) == pid:
            return p
    raise gdb.GdbError("no process %d" % pid)


def space_of(p):
    if not p["as"]:
        raise gdb.GdbError("process %d has no user memory" % int(p["pid"]))
    return p["as"].dereference()


def line(p):
    state = str(p["state"].cast(gdb.lookup_type("enum procstate")))
    if int(p["stopped"]) and state != "ZOMBIE":
        state = "STOPPED"
    cpu = int(p["cpu"]["id"]) if p["cpu"] else "-"
    return "%5d %-9s %3s %s" % (int(p["pid"]), state, cpu, p["name"].string())


class Command(gdb.Command):
    """Its own name is the gdb command's; run() does the work."""

    def __init__(self):
        super().__init__(type(self).__name__.lower(), gdb.COMMAND_USER)

    def invoke(self, arg, from_tty):
        self.run(arg)


class User(Command):
    """user PROG: load the symbols of a user program."""

    def run(self, arg):
        kernel = gdb.objfiles()[0].filename
        build = kernel.rsplit("/", 1)[0]
        gdb.execute("add-symbol-file %s/user/%s.elf" % (build, arg.strip()))


class Ps(Command):
    """ps: list the processes."""

    def run(self, arg):
        print("  pid state     cpu name")
        for p in procs():
            print(line(p))


class Current(Command):
    """current: the process on this CPU."""

    def run(self, arg):
        print(line(current()))


class Regions(Command):
    """regions [PID]: a process's regions."""

    def run(self, arg):
        r = space_of(chosen(arg))["regions"]
        while r:
            prot = int(r["prot"])
            kind = r["kind"].cast(gdb.lookup_type("enum regionkind"))
            print("%08x-%08x %s%s%s %s %s" % (
                int(r["start"]), int(r["end"]),
                "r" if prot & 1 else "-", "w" if prot & 2 else "-",
                "x" if prot & 5 else "-",
                "shared " if r["shared"] else "private", kind))
            r = r["next"]


class Pt(Command):
    """pt [PID]: a process's present user PTEs: page, flags, frame."""

    def run(self, arg):
        pgdir = int(space_of(chosen(arg))["pgdir"])
        for d in range(KERNBASE >> 22):
            pde = word(pgdir + 4 * d)
            if pde & P:
                self.table(d, (pde & ~(PGSIZE - 1)) + KERNBASE)

    def table(self, d, base):
        mem = bytes(gdb.selected_inferior().read_memory(base, PGSIZE))
        for t in range(PGSIZE // 4):
            pte = int.from_bytes(mem[4 * t:4 * t + 4], "little")
            if pte & P:
                print("%05x P %s %s %05x" % (d << 10 | t,
                      "U" if pte & U else "-", "W" if pte & W else "-",
                      pte >> 12))


for command in User, Ps, Current, Regions, Pt:
    command()
