"""memory.py: address spaces and frames: what ought to be, what is, by whom."""
import gdb

from . import kernel as k

DEVICES = {1: "fs", 2: "swap"}     # DEV_*
VIDEO, KERNEL = 0xa0, 0x100         # frames: from VIDEO to the kernel's end are
                                    # one claim, the kernel begins at KERNEL
BITS = ((0x020, "accessed", "not accessed"), (0x040, "dirty", "clean"))


def rights(prot):
    return "".join(c if prot & bit else "-"
                   for c, bit in (("r", 1), ("w", 2), ("x", 4)))


def kind(r):
    return k.enum("regionkind")[int(r["kind"])][2:].lower()


def backing(r):
    if not r["ip"]:
        return "zeroes"
    return "inode %d from %#x" % (int(r["ip"]["inum"]), int(r["off"]))


def entry_words(e):
    """The bits of a present entry."""
    said = ["writable" if e & k.W else "read-only",
            "user" if e & k.U else "kernel only"]
    said += [yes if e & bit else no for bit, yes, no in BITS]
    said += [w for bit, w in ((0x100, "global"), (0x10, "not cached"))
             if e & bit]
    return ", ".join(said)


# ---- the frame table ----

def claims():
    """Who has which frames: ram.c."""
    for i in range(int(k.var("ram.c", "nclaims"))):
        yield k.var("ram.c", "claims[%d]" % i)


class Frames:
    """The kernel's frame table, read once: [frame number] is a dictionary."""
    FIELDS = ("ref", "kind", "dev", "reading", "writing", "valid", "dirty",
              "failed", "used", "bno", "logged")

    def __init__(self):
        kind = k.kernel_type("struct page")
        self.size, self.n = kind.sizeof, int(k.var("kalloc.c", "frontier_pfn"))
        self.kinds = [n[6:].lower() for _, n in
                      sorted(k.enum("framekind").items())]
        self.at = {f.name: (f.bitpos, f.bitsize or 8 * f.type.sizeof)
                   for f in kind.fields() if f.name in self.FIELDS}
        self.table = k.addr(k.var("kalloc.c", "frames"))
        self.mem = k.memory(self.table, self.size * self.n)
        self.top = int(k.var("ram.c", "ram_top"))

    def __getitem__(self, pfn):
        rec = self.mem[self.size * pfn:self.size * (pfn + 1)]
        bits = int.from_bytes(rec, "little")
        pg = {f: bits >> at & (1 << n) - 1 for f, (at, n) in self.at.items()}
        pg["kind"] = self.kinds[pg["kind"]]
        return pg

    def __iter__(self):
        return (self[pfn] for pfn in range(self.n))


    def words(self, pfn):
        """All that is known of a frame."""
        if pfn >= self.n:
            return "never used" if pfn < self.top else "not RAM"
        pg = self[pfn]
        if pg["kind"] == "free":
            return self.claimed(pfn) or "free"
        said = [pg["kind"], "%d owner%s" % (pg["ref"], "s" * (pg["ref"] != 1))]
        if pg["dev"]:
            said.append("caches %s block %d" % (DEVICES[pg["dev"]], pg["bno"]))
            said += [s for s in ("reading", "writing", "dirty", "logged")
                     if pg[s]]
            said += ["its last write failed"] * pg["failed"]
            said += ["evictable"] * evictable(pg)
        return ", ".join(said)

    def claimed(self, pfn):
        """What has frames that the allocator was never given: ram.c."""
        table = self.table - k.KERNBASE >> 12
        if table <= pfn <= table + (self.size * self.top >> 12):
            return "the frame table"
        for c in claims():
            if int(c["start"]) <= pfn < int(c["stop"]) and not int(c["isram"]):
                return "the kernel itself" if pfn >= KERNEL and \
                    int(c["start"]) == VIDEO else "the firmware's, or the start of CPUs"
        return ""


def evictable(pg):
    """Rule F3 in kalloc.h."""
    return bool(pg["dev"]) and pg["ref"] == 1 and not (
        pg["reading"] or pg["writing"] or pg["dirty"] or pg["logged"])


# ---- page tables ----

def entries(p):
    """(va, entry) of a process's user entries that are not zero."""
    pgdir = k.addr(k.space(p)["pgdir"])
    for d, pde in enumerate(k.words(pgdir, k.KERNBASE >> 22)):
        for t, pte in enumerate(k.table(pde) if pde & k.P else ()):
            if pte:
                yield d << 22 | t << 12, pte


class Vmmap(k.Command):
    """vmmap [PID]: the regions of a process: what ought to be there.

    pages: all; mem: in memory; shared: of these, with owners besides this
    entry; swap: in swap slots. `pt VA` shows what is there."""
    most = 1

    def run(self, *args):
        p = k.chosen(args)
        pages, frames = list(entries(p)), Frames()
        print("%s: start-end rights sharing kind  pages mem shared swap"
              "  backing" % k.called(p))
        for r in k.regions(p):
            start, end = int(r["start"]), int(r["end"])
            mine = [e for va, e in pages if start <= va < end]
            here = [e for e in mine if e & k.P]
            shared = [e for e in here if frames[e >> 12]["ref"] > 1]
            print("%08x-%08x %s %-7s %-5s %5d %3d %6d %4d  %s" % (
                start, end, rights(int(r["prot"])),
                "shared" if int(r["shared"]) else "private", kind(r),
                end - start >> 12, len(here), len(shared),
                len(mine) - len(here), backing(r)))


class Regions(Vmmap):
    """regions [PID]: the same as vmmap."""


class Pt(k.Command):
    """pt VA [PID]: the walk from the directory to an address, in words.

    `pt all [PID]`: every present user entry: page, bits, frame. Without PID
    the CPU's own directory is walked, which may be the kernel's."""
    least, most = 1, 2

    def run(self, va, *args):
        if va == "all":
            self.all(k.chosen(args))
        elif args:
            p = k.chosen(args)
            self.walk(k.number(va), k.addr(k.space(p)["pgdir"]), p)
        else:
            self.walk(k.number(va), self.loaded(), k.current())

    def loaded(self):
        return (k.register("cr3") & ~(k.PGSIZE - 1)) + k.KERNBASE

    def all(self, p):
        for va, e in entries(p):
            if e & k.P:
                print("%05x P %s %s %s %s %05x" % (
                    va >> 12, "U" if e & k.U else "-",
                    "W" if e & k.W else "-", "A" if e & k.A else "-",
                    "D" if e & k.D else "-", e >> 12))

    def walk(self, va, pgdir, p):
        d, t = va >> 22, va >> 12 & 1023
        pde = k.word(pgdir + 4 * d)
        print("%08x = directory entry %d, table entry %d, offset %#x"
              % (va, d, t, va & k.PGSIZE - 1))
        print("directory: in frame %#x" % (pgdir - k.KERNBASE >> 12))
        if not pde & k.P:
            print("pde[%d] = %08x: no page table" % (d, pde))
            self.next(va, 0, p)
        elif pde & k.PS:
            self.result("pde[%d] = %08x: a 4 MB page" % (d, pde), pde,
                        (pde & ~0x3fffff) + (va & 0x3fffff))
        else:
            print("pde[%d] = %08x: page table in frame %#x; %s"
                  % (d, pde, pde >> 12, entry_words(pde)))
            self.last(va, t, k.table(pde)[t], p)

    def last(self, va, t, pte, p):
        if pte & k.P:
            self.result("pte[%d] = %08x: frame %#x" % (t, pte, pte >> 12),
                        pte, (pte & ~(k.PGSIZE - 1)) + va % k.PGSIZE)
        elif pte:
            print("pte[%d] = %08x: not present: swapped, in slot %d"
                  % (t, pte, pte >> 12))
        else:
            print("pte[%d] = 0: nothing mapped" % t)
        self.next(va, pte, p)

    def result(self, head, e, pa):
        print("%s; %s" % (head, entry_words(e)))
        print("physical address %08x" % pa)
        print("frame %#x: %s" % (pa >> 12, Frames().words(pa >> 12)))

    def next(self, va, pte, p):
        """What the page fault would make of an access: classify()."""
        if va >= k.KERNBASE or not p["as"]:
            return
        r = next((r for r in k.regions(p)
                  if int(r["start"]) <= va < int(r["end"])), None)
        if r is None:
            print("no region is there: an access kills the program")
            return
        print("region %08x-%08x %s %s %s, %s: read %s, write %s" % (
            int(r["start"]), int(r["end"]), rights(int(r["prot"])),
            "shared" if int(r["shared"]) else "private", kind(r), backing(r),
            self.case(r, pte, va, 0), self.case(r, pte, va, k.W)))

    def case(self, r, pte, va, write):
        prot, need = int(r["prot"]), k.U | write
        if prot == 0 or (write and not prot & 2):
            return "kills (BAD)"
        if pte & k.P:
            if pte & need == need:
                return "goes through"
            return "COW" if write and not int(r["shared"]) else "UPGRADE"
        if pte:
            return "SWAPPED"
        page = va & ~(k.PGSIZE - 1)
        return "FILEPAGE" if r["ip"] and page < int(r["fileend"]) else "ZERO"


class Pframe(k.Command):
    """pframe N|PA: a physical frame: its kind, its owners, its cached block.

    N: a frame number. PA: any address in it, physical or the kernel's; or a
    struct page *. A number below the highest frame number is
    taken for one. (`frame` is gdb's own, for the frames of calls.)"""
    least, most = 1, 9

    def run(self, *args):
        frames = Frames()
        pfn = self.pfn(" ".join(args), frames.n)
        print("frame %#x: physical %08x%s" % (
            pfn, pfn << 12, ", kernel address %08x" % (
                (pfn << 12) + k.KERNBASE) if pfn < k.DIRECTTOP >> 12 else ""))
        print("  " + frames.words(pfn))
        for owner in self.owners(pfn):
            print("  " + owner)

    def pfn(self, arg, n):
        v = k.value(arg)
        if v.type.strip_typedefs() == k.kernel_type("struct page").pointer():
            return int(v - k.var("kalloc.c", "frames"))
        v = k.number(arg)
        if v < n:
            return v
        if v >= k.KERNBASE + (int(k.var("ram.c", "ram_top")) << 12):
            return self.mapped(v)   # a kernel stack, a device
        return (v - k.KERNBASE if v >= k.KERNBASE else v) >> 12

    def mapped(self, va):
        pde = int(k.var("kvm.c", "kpgdir[%d]" % (va >> 22)))
        pte = pde if pde & k.PS or not pde & k.P else \
            k.table(pde)[va >> 12 & 1023]
        if not pte & k.P:
            raise gdb.GdbError("nothing is mapped at %08x" % va)
        return pte >> 12 | (va >> 12 & 1023 if pde & k.PS else 0)

    def owners(self, pfn):
        for p in k.procs():
            if self.of_stack(p, pfn):
                yield "kernel stack of " + k.called(p)
            if not p["as"]:
                continue
            pgdir = k.addr(k.space(p)["pgdir"])
            if pgdir - k.KERNBASE >> 12 == pfn:
                yield "page directory of " + k.called(p)
            for d, pde in enumerate(k.words(pgdir, k.KERNBASE >> 22)):
                if pde & k.P and pde >> 12 == pfn:
                    yield "page table of %s for %08x" % (k.called(p), d << 22)
            for va, e in entries(p):
                if e & k.P and e >> 12 == pfn:
                    yield "mapped by %s at %08x, %s" % (
                        k.called(p), va, entry_words(e))

    def of_stack(self, p, pfn):
        va = int(p["kstack"])
        pde = int(k.var("kvm.c", "kpgdir[%d]" % (va >> 22)))
        if not pde & k.P or pde & k.PS:
            return False
        stack = k.table(pde)[va >> 12 & 1023:][:k.KSTACKSIZE // k.PGSIZE]
        return pfn in [e >> 12 for e in stack]


class Faults(k.Command):
    """faults: page faults by case: of the machine since boot, of each process.

    The cases are explained above classify() in region.h."""

    def run(self):
        cases = [n for i, n in sorted(k.enum("faultcase").items())
                 if n != "NCASE"]
        print("  pid name           " + "".join("%9s" % c for c in cases))
        self.line("", "all, ever", k.var("vm.c", "fault_total"), cases)
        for p in k.procs():
            self.line(k.pid(p), k.name(p), p["faults"], cases)

    def line(self, pid, name, counts, cases):
        print("%5s %-15s" % (pid, name)
              + "".join("%9d" % int(counts[i]) for i in range(len(cases))))


COMMANDS = Vmmap, Regions, Pt, Pframe, Faults
