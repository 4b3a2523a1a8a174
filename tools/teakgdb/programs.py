"""programs.py: which user program's symbols gdb knows, and breakpoints in it.

All programs lie at the same addresses, so gdb knows one program's symbols at
a time: of the process on the selected CPU. Before each stop is shown, and
each prompt, follow() looks whose they are to be.
"""
import contextlib
import glob
import os
import re
import struct

import gdb

from . import kernel as k

PT_LOAD = 1
TOLERANCE = 16                      # bytes of a page that a program may have
                                    # changed in its own text


# ---- which file a process runs ----

def build():
    return os.path.dirname(os.path.abspath(gdb.current_progspace().filename))


def elf_of(prog):
    """The file with the symbols of the program so called, or None."""
    for where in "user/%s.elf", "port/%s":
        path = os.path.join(build(), where % prog)
        if "/" not in prog and os.path.exists(path):
            return path
    return None


def segments(path):
    """(vaddr, offset, filesz, memsz) of what an ELF file has loaded."""
    with open(path, "rb") as f:
        head = f.read(PGSIZE_HEAD)
    off, = struct.unpack_from("<I", head, 28)
    n, = struct.unpack_from("<H", head, 44)
    for i in range(n):
        ph = struct.unpack_from("<8I", head, off + 32 * i)
        if ph[0] == PT_LOAD and ph[5]:
            yield ph[2], ph[1], ph[4], ph[5]


PGSIZE_HEAD = 1024                  # the headers lie at a file's beginning


def first_page(p, start, end):
    """The first page in [start, end) that is in memory: its address, bytes."""
    pgdir = k.addr(k.space(p)["pgdir"])
    for d in range(start >> 22, (end - 1 >> 22) + 1):
        pde = k.word(pgdir + 4 * d)
        for t, pte in enumerate(k.table(pde) if pde & k.P else []):
            va = d << 22 | t << 12
            if start <= va < end and pte & k.P:
                return va, k.physical(pte & ~(k.PGSIZE - 1))
    return None, b""


def runs(p, path):
    """Does p run this file? Its regions lie where the file says, and a page
    of its text has the file's bytes."""
    made = {int(r["start"]): r for r in k.regions(p)}
    for va, off, filesz, memsz in segments(path):
        r = made.get(va & ~(k.PGSIZE - 1))
        if not r or int(r["end"]) != -(-(va + memsz) // k.PGSIZE) * k.PGSIZE:
            return False
        if int(r["prot"]) & 2 and filesz and int(r["fileend"]) != va + filesz:
            return False
        at, mem = (None, b"") if int(r["prot"]) & 2 else \
            first_page(p, va, va + filesz)
        with open(path, "rb") as f:
            f.seek(off + (at or va) - va)
            want = f.read(min(len(mem), va + filesz - (at or va)))
        if sum(a != b for a, b in zip(mem, want)) > TOLERANCE:
            return False
    return True


found = {}                          # (text inode, name): file


def program(p):
    """The file that p runs, or None. Mostly it has p's name; but a script has
    its own, and its interpreter runs."""
    if not p["as"]:
        return None
    path = elf_of(k.name(p))
    if path and runs(p, path):
        return path
    text = [int(r["ip"]["inum"]) for r in k.regions(p) if r["ip"]]
    key = text[0] if text else 0, k.name(p)
    if key not in found:
        fits = [f for f in glob.glob(build() + "/user/*.elf") if runs(p, f)]
        if len(fits) != 1:
            return None
        found[key] = fits[0]
    return found[key]


# ---- whose symbols ----

loaded = None                       # the file whose symbols gdb knows


def show(path):
    """Let these be the symbols of user addresses; None: there are none."""
    global loaded
    if path == loaded:
        return
    if loaded:
        gdb.execute("remove-symbol-file %s" % loaded, to_string=True)
    loaded = None
    if path:
        gdb.execute("add-symbol-file %s" % path, to_string=True)
        loaded = path


def follow():
    """Symbols of the current process's program. Whatever is wrong with the
    guest, a stop is to be shown."""
    try:
        k.need_guest()
        show(program(k.current()))
    except (gdb.GdbError, gdb.error):
        pass


def follow_thread():
    """After `thread N`: that CPU's program, and its frame once more if gdb has
    shown it with another's symbols."""
    before = loaded
    follow()
    if loaded != before and k.register("eip") < k.KERNBASE:
        print("with the symbols of its own program:")
        gdb.execute("frame")


def level():
    """How far up the user has gone from the newest frame."""
    f, n = gdb.selected_frame(), 0
    while f.newer():
        f, n = f.newer(), n + 1
    return n


@contextlib.contextmanager
def seen_from(p):
    """looking_from(), with the symbols of p's program. Afterwards all is as
    before, the selected frame, too."""
    n = level()
    try:
        with k.looking_from(p):
            show(program(p))
            yield
    finally:
        follow()
        f = gdb.newest_frame()
        while n > 0 and f.older():
            f, n = f.older(), n - 1
        f.select()


def asked(prog):
    path = elf_of(prog)
    if not path:
        raise gdb.GdbError("no program %s in %s/user" % (prog, build()))
    return path


class User(k.Command):
    """user PROG: gdb knows the symbols of PROG, until another program stops.

    From then on they follow the process on the selected CPU."""
    least, most, guest = 1, 1, False

    def run(self, prog):
        show(asked(prog))


# ---- breakpoints in one program ----

class InProgram(gdb.Function):
    """$_in_program("PROG"): 1 if the current process runs that program."""

    def __init__(self):
        super().__init__("_in_program")

    def invoke(self, prog):
        try:
            return int(program(k.current()) == elf_of(prog.string()))
        except (gdb.GdbError, gdb.error):
            return 0


class Ubreak(k.Command):
    """ubreak PROG PLACE: stop where PROG, and no other program, gets to PLACE.

    PLACE is a function, FILE:LINE or *ADDRESS. PROG need not run yet. It is a
    hardware breakpoint, because pages of a program come into memory when they
    are touched, and then belong to the cache: an instruction written there
    would be seen by others, and might get to the disk. A real CPU has four of
    them, QEMU's own (TCG) as many as one likes. Other programs are stopped by
    it too, but go on at once, as $_in_program("PROG") is false for them."""
    least, most, guest = 2, 2, False

    def run(self, prog, place):
        places = self.places(prog, place)
        if not places:
            raise gdb.GdbError("no code at %s in %s" % (place, prog))
        for pc, line in places:
            print("in %s, %s:" % (prog, line))
            b = gdb.Breakpoint("*%#x" % pc, gdb.BP_HARDWARE_BREAKPOINT)
            b.condition = '$_in_program("%s")' % prog

    def places(self, prog, place):
        """(address, line) of each; gdb forgets the rest with the symbols."""
        before = loaded
        show(asked(prog))
        try:
            return [(pc, self.line(pc)) for pc in self.addresses(place)]
        finally:
            show(before)

    def addresses(self, place):
        """Where gdb would stop, behind the prologue of a function. It reads
        the code in the file: in memory there may be none."""
        gdb.decode_line(place)      # is there such a place?
        gdb.execute("set trust-readonly-sections on")
        try:
            b = gdb.Breakpoint(place, internal=True)
            said = gdb.execute("maint info breakpoints %d" % b.number,
                               to_string=True)
            b.delete()
        finally:
            gdb.execute("set trust-readonly-sections off")
        found = {int(a, 16) for a in re.findall(r" y +(0x[0-9a-f]+)", said)}
        return sorted(a for a in found if a < k.KERNBASE)

    def line(self, pc):
        sal = gdb.find_pc_line(pc)
        return "%s:%d" % (sal.symtab, sal.line) if sal.symtab else "%#x" % pc


# ---- the connection ----

class Connect(k.Command):
    """connect [PORT]: attach to the emulator that waits at 127.0.0.1:PORT.

    Without PORT: $port, if that is set; else the one that `make qemu-gdb` or
    `tools/run --gdb` has written to gdb-port in the build directory."""
    most, guest = 1, False

    def run(self, port=None):
        port = port or gdb.convenience_variable("port") or self.written()
        if not str(port).isdigit():
            raise gdb.GdbError("%s: not a port" % port)
        try:
            gdb.execute("target remote 127.0.0.1:%s" % port)
        except gdb.error as e:
            raise gdb.GdbError("nobody waits for gdb at port %s (%s): is "
                               "`make qemu-gdb` running?" % (port, e))

    def written(self):
        path = os.path.join(build(), "gdb-port")
        try:
            with open(path) as f:
                return f.read().strip()
        except OSError:
            raise gdb.GdbError("no %s: start `make qemu-gdb` first" % path)


InProgram()
gdb.events.before_prompt.connect(follow)
COMMANDS = User, Ubreak, Connect
