"""kernel.py: how the other files look at the stopped guest.

Everything is read through the kernel's globals and the direct map, which are
the same on every CPU. Nothing in the guest's memory is changed. For the time
of one command a CPU may lend its registers: see looking_from().
"""
import contextlib
import inspect

import gdb

KERNBASE = 0x80000000
DIRECTTOP = 0x78000000
PGSIZE = 4096
KSTACKSIZE = 2 * PGSIZE
P, W, U, A, D, PS, G = 1, 2, 4, 0x20, 0x40, 0x80, 0x100
CR0_PG = 1 << 31
WORD = 0xffffffff


# ---- values and memory ----

def value(expr):
    return gdb.parse_and_eval(expr)


def var(file, expr):
    """A kernel variable, or what is in it. Programs, and the function that is
    stopped, may have others of that name: so a file is told."""
    return value("'%s'::%s" % (file, expr))


def kernel_type(name):
    return gdb.lookup_type(name, gdb.block_for_pc(addr(
        var("ptable.c", "proc_new").address)))


def struct(name, at):
    """The structure of that type at an address."""
    return gdb.Value(at).cast(kernel_type("struct " + name).pointer()) \
        .dereference()


def constant(kind, name):
    return {n: v for v, n in enum(kind).items()}[name]


def number(expr):
    """What an argument comes to; a function stands for its address."""
    v = value(expr)
    if v.type.strip_typedefs().code == gdb.TYPE_CODE_FUNC:
        v = v.address
    return int(v.cast(gdb.lookup_type("unsigned int"))) & WORD


def register(name):
    """Of the CPU, whichever frame is selected."""
    v = gdb.newest_frame().read_register(name)
    return int(v.cast(gdb.lookup_type("unsigned int"))) & WORD


def memory(va, n):
    return bytes(gdb.selected_inferior().read_memory(va, n))


def word(va):
    return int.from_bytes(memory(va, 4), "little")


def words(va, n):
    mem = memory(va, 4 * n)
    return [int.from_bytes(mem[i:i + 4], "little") for i in range(0, 4 * n, 4)]


def physical(pa, n=PGSIZE):
    return memory(KERNBASE + pa, n)


def table(entry):
    """The 1024 entries of the page table that a directory entry names."""
    return words(KERNBASE + (entry & ~(PGSIZE - 1)), PGSIZE // 4)


def enum(name):
    """The names of an enum's values: {number: name}."""
    return {f.enumval: f.name for f in kernel_type("enum " + name).fields()}


def addr(pointer):
    return int(pointer) & WORD


def chain(p, link):
    """The structures of a list."""
    while p:
        yield p.dereference()
        p = p[link]


def function_at(pc):
    """The function whose code is at pc, not one that is inlined there; None."""
    block = gdb.block_for_pc(pc) if pc >= KERNBASE else None
    name = None
    while block:
        name = block.function.name if block.function else name
        block = block.superblock
    return name


# ---- processes ----

def cpus():
    return [var("cpu.c", "cpus[%d]" % i)
            for i in range(int(var("cpu.c", "ncpu")))]


def procs():
    return chain(var("ptable.c", "ptable.first"), "allnext")


def pid(p):
    return int(p["pid"])


def name(p):
    return p["name"].string("latin-1")


def called(p):
    """A process in a few words: pid 4 cat."""
    return "pid %d %s" % (pid(p), name(p)) if pid(p) else name(p)


def process(n):
    for p in procs():
        if pid(p) == n:
            return p
    raise gdb.GdbError("no process %d: `ps` lists them" % n)


def current():
    """The process on the selected CPU: whose kernel stack %esp is on. In user
    mode %esp says nothing; then the one whose page directory CR3 holds."""
    sp, cr3 = register("esp"), register("cr3") & ~(PGSIZE - 1)
    if sp >= KERNBASE:
        at = word(sp & ~(KSTACKSIZE - 1))
        for p in list(procs()) + idle():
            if addr(p.address) == at:
                return p
        raise gdb.GdbError("this CPU is on no process's stack")
    for p in procs():
        if p["as"] and addr(p["as"]["pgdir"]) - KERNBASE == cr3:
            return p
    raise gdb.GdbError("no process has this CPU's page directory")


def idle():
    return [c["idle"].dereference() for c in cpus() if c["idle"]]


def chosen(args):
    """The process that the last argument names, else the current one."""
    return process(number(args[-1])) if args else current()


def space(p):
    if not p["as"]:
        raise gdb.GdbError("%s has no user memory" % called(p))
    return p["as"].dereference()


def regions(p):
    return chain(space(p)["regions"], "next")


def running(p):
    """The CPU that p runs on, or None."""
    for c in cpus():
        if p["cpu"] == c.address and \
                int(p["state"]) == constant("procstate", "RUNNING"):
            return int(c["id"])
    return None


# ---- looking from elsewhere ----

def select_cpu_of(p):
    """Select the CPU that is on p's stack, or in its program. Is there one?"""
    for thread in gdb.selected_inferior().threads():
        thread.switch()
        try:
            if current().address == p.address:
                return True
        except gdb.GdbError:
            pass
    return False


SAVED = "edi", "esi", "ebx", "ebp", "eip", "esp"


def in_double_fault(cpu):
    """That has a stack of its own, and leaves the TSS as it was (cpu.c)."""
    top = int(var("cpu.c", "cpus[%d].dfts.esp" % cpu))
    for thread in gdb.selected_inferior().threads():
        thread.switch()
        if top - KSTACKSIZE <= register("esp") < top:
            return True
    return False


def context(p):
    """The registers with which a process that is switched out will go on:
    swtch() has pushed them (swtch.S). After a double fault: which it had."""
    cpu, at = running(p), addr(p["ctx"])
    if cpu is not None and in_double_fault(cpu):
        ts = var("cpu.c", "cpus[%d].ts" % cpu)
        regs = {r: int(ts[r]) for r in SAVED}
    elif at:
        regs = dict(zip(SAVED, words(at, 5) + [at + 20]))
    else:
        raise gdb.GdbError("%s is being made: it has no context" % called(p))
    if p["as"]:
        regs["cr3"] = addr(p["as"]["pgdir"]) - KERNBASE
    return regs


def set_registers(regs):
    """In the newest frame: in others a register stands for a saved one, and
    each change may lead gdb to select another frame."""
    for r in regs:
        gdb.newest_frame().select()
        gdb.execute("set var $%s = %d" % (r, regs[r]))


@contextlib.contextmanager
def looking_from(p):
    """gdb's own commands see p's registers and memory: on the CPU where it
    runs, else with its saved context in the registers of this CPU, which has
    its own back before it can run."""
    thread = gdb.selected_thread()
    try:
        if select_cpu_of(p):
            yield
            return
        regs = context(p)
        thread.switch()
        gdb.newest_frame().select()
        mine = {r: register(r) for r in regs}
        try:
            set_registers(regs)
            yield
        finally:
            set_registers(mine)
    finally:
        thread.switch()


# ---- commands ----

def need_guest():
    if not gdb.selected_thread():
        raise gdb.GdbError("there is no guest: `make qemu-gdb` starts one, "
                           "`connect` attaches to it")
    if not register("cr0") & CR0_PG:
        raise gdb.GdbError("paging is still off: `hbreak kmain`, `continue`")


class Command(gdb.Command):
    """The class's name, in lower case, is the command's; its text is what
    `help` says. run() gets the arguments, between `least` and `most`."""
    least, most = 0, 0
    guest = True                    # it looks at one

    def __init_subclass__(cls):
        cls.__doc__ = inspect.cleandoc(cls.__doc__)

    def __init__(self):
        self.word = type(self).__name__.lower()
        super().__init__(self.word, gdb.COMMAND_DATA)

    def invoke(self, line, from_tty):
        args = gdb.string_to_argv(line)
        if not self.least <= len(args) <= self.most:
            raise gdb.GdbError("usage: %s" % self.__doc__.split(":")[0])
        try:
            if self.guest:
                need_guest()
            self.run(*args)
        except gdb.GdbError:
            raise
        except Exception as e:      # a message, never a traceback
            raise gdb.GdbError("%s: %s" % (self.word, str(e).strip()))
