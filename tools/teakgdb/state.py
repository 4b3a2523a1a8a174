"""state.py: the cache, the log, the locks and the event stream."""
import gdb

from . import kernel as k
from .memory import DEVICES, VIDEO, Frames, claims, evictable


class Cache(k.Command):
    """cache [BLOCK [fs|swap]]: blocks of the disk that are in memory.

    For each device how many are cached, and of these: dirty, to be written
    some day; writing, on their way; failed, dirty as their last write failed;
    logged, in a transaction; in use, with owners besides the cache; evictable
    (rule F3 in kalloc.h). With BLOCK: the frame of that block."""
    most = 2

    def run(self, block=None, device="fs"):
        if device not in DEVICES.values():
            raise gdb.GdbError("usage: cache [BLOCK [fs|swap]]")
        if block is None:
            self.all()
        else:
            self.one(k.number(block), device)

    def all(self):
        c, frames = k.var("bcache.c", "cache"), list(Frames())
        print("device cached  dirty writing failed logged in-use evictable")
        for dev, name in DEVICES.items():
            mine = [pg for pg in frames if pg["dev"] == dev]
            print("%-6s %6d %6d %7d %6d %6d %6d %9d" % (
                name, len(mine), int(c["ndirty"][dev]),
                int(c["nwriting"][dev]), int(c["nfailed"][dev]),
                sum(pg["logged"] != 0 for pg in mine),
                sum(pg["ref"] > 1 for pg in mine),
                sum(evictable(pg) for pg in mine)))
        print("the cache counts %d frames in its clock" % int(c["count"]))

    def one(self, block, device):
        frames = Frames()
        for pfn, pg in enumerate(frames):
            if DEVICES.get(pg["dev"]) == device and pg["bno"] == block:
                print("%s block %d: frame %#x: %s" % (
                    device, block, pfn, frames.words(pfn)))
                return
        print("%s block %d is not in memory" % (device, block))


class Log(k.Command):
    """log: the write-ahead log: the running and the committing transaction.

    Credits are the blocks that open operations may yet change. log.c explains
    the steps of a commit."""

    def run(self):
        w = k.var("log.c", "wal")
        n = {f: int(w[f]) for f in (
            "cap", "credits", "freeze", "committing", "seq", "done", "n",
            "ncopy", "result", "error", "cur")}
        freed = [int(w["nfreed"][i]) for i in range(2)]
        print("running: transaction %d, %d of %d blocks%s" % (
            n["seq"], n["n"], n["cap"],
            self.blocks(w["pg"], n["n"])))
        print("  open operations may change %d more; %d blocks freed in it%s"
              % (n["credits"], freed[n["cur"]],
                 "; frozen: none may begin" if n["freeze"] else ""))
        if n["committing"]:
            print("committing: transaction %d, %d blocks%s; %d freed" % (
                n["seq"] - 1, n["ncopy"], self.blocks(w["old"], n["ncopy"]),
                freed[n["cur"] ^ 1]))
        print("home on disk: up to transaction %d; last commit %s%s" % (
            n["done"], "failed: error %d" % -n["result"] if n["result"]
            else "succeeded",
            "; READ-ONLY after a failure" if n["error"] else ""))

    def blocks(self, pages, n):
        numbers = [str(int(pages[i]["bno"])) for i in range(n)]
        return ": " + " ".join(numbers) if numbers else ""


class Spinlock:
    """A spin lock in the kernel's memory."""

    def __init__(self, at, owner, bit, name):
        self.at, self.owner, self.bit = at, owner, bit
        self.name = gdb.Value(name).cast(
            gdb.lookup_type("char").pointer()).string("latin-1")


def data():
    """From where to where the kernel's variables are."""
    end = next(int(c["stop"]) for c in claims()
               if int(c["start"]) == VIDEO and not int(c["isram"]))
    return k.number("&kdata"), k.KERNBASE + (end << 12)


def spinlocks():
    """All in the kernel's data, found by their look: an owner that is a CPU
    or 0, one bit that is a rank, a name in read-only data. And the pipes'."""
    start, end = data()
    mem = k.words(start, (end - start) // 4)
    owners = {0} | {k.addr(c.address) for c in k.cpus()}
    bits = {1 << r for r in k.enum("rank") if r < k.constant("rank", "NRANK")}
    for i in range(len(mem) - 2):
        owner, bit, name = mem[i:i + 3]
        if owner in owners and bit in bits and k.KERNBASE < name < start:
            yield Spinlock(start + 4 * i, owner, bit, name)
    yield from pipe_locks()


def pipe_locks():
    seen = set()
    for p in k.procs():
        for fd in range(int(p["nofile"])):
            f = p["ofile"][fd]
            if f and f["pipe"] and k.addr(f["pipe"]) not in seen:
                seen.add(k.addr(f["pipe"]))
                lk = f["pipe"]["lock"]
                yield Spinlock(k.addr(lk.address), k.addr(lk["owner"]),
                               int(lk["bit"]), k.addr(lk["name"]))


class Locks(k.Command):
    """locks: the locks that are held: by whom, their ranks, who waits.

    A CPU holds spin locks, a process sleep locks. Ranks are taken in ascending
    order: spinlock.h and sleeplock.h list them."""

    def run(self):
        spin = list(spinlocks())
        found = list(self.spin(spin)) + list(self.sleep(spin))
        print("\n".join(found or ["no lock is held"]))

    def spin(self, locks):
        ranks = k.enum("rank")
        for c in k.cpus():
            mine = [lk for lk in locks if lk.owner == k.addr(c.address)]
            wants = int(c["held"])
            for lk in sorted(mine, key=lambda lk: lk.bit):
                wants &= ~lk.bit
                yield "%s holds %s (%s)" % (
                    self.on(c), lk.name, ranks[lk.bit.bit_length() - 1])
            for r in range(wants.bit_length()):
                if wants >> r & 1:
                    yield self.wanted(c, locks, ranks[r], 1 << r)

    def wanted(self, c, locks, rank, bit):
        """acquire() counts a rank as held before it has the lock."""
        for lk in locks:
            if lk.bit == bit and lk.owner:
                return "%s wants one of %s: %s is held" % (
                    self.on(c), rank, lk.name)
        return "%s takes or gives back one of %s" % (self.on(c), rank)

    def on(self, c):
        who = [p for p in list(k.procs()) + k.idle()
               if k.running(p) == int(c["id"])]
        return "cpu %d, %s," % (int(c["id"]),
                                k.called(who[0]) if who else "?")

    def sleep(self, spin):
        ranks, procs = k.enum("sleeprank"), list(k.procs())
        for at, what in self.sleeplocks(spin):
            lk = k.struct("sleeplock", at)
            if not lk["owner"]:
                continue
            rank = (int(lk["unit"]).bit_length() - 1) // 4
            waiting = [k.called(p) for p in procs if k.addr(p["chan"]) == at]
            yield "%s holds %s (%s)%s" % (
                k.called(lk["owner"]), what, ranks[rank],
                "; waiting: " + ", ".join(waiting) if waiting else "")
        log = k.constant("sleeprank", "SRANK_LOG")
        for p in procs:
            if int(p["sranks"]) >> 4 * log & 15:
                yield "%s has a transaction open (SRANK_LOG)" % k.called(p)

    def sleeplocks(self, spin):
        """(address, what it guards): static ones, address spaces, inodes."""
        rank = 1 << k.constant("rank", "RANK_SLEEPLOCK")
        inside = k.struct("sleeplock", 0)["lk"].address
        for lk in spin:
            if lk.bit == rank:
                yield lk.at - k.addr(inside), "the %s lock" % lk.name
        for s in k.chain(k.var("aspace.c", "list.head"), "next"):
            yield k.addr(s["lock"].address), "the address space of " + \
                self.owner(s.address)
        chains = k.var("fs.c", "itable.chain")
        for i in range(chains.type.range()[1] + 1):
            for ip in k.chain(chains[i], "hnext"):
                yield k.addr(ip["lock"].address), \
                    "inode %d" % int(ip["inum"])

    def owner(self, s):
        for p in k.procs():
            if p["as"] == s or p["newas"] == s:
                return k.called(p)
        return "nobody (it is going)"


class Events(k.Command):
    """events: the state of the event stream: on or off, its next line's number.

    lost: lines that could not be written since the stream last said so; stuck:
    nobody reads COM2. `vmctl events on` in the guest switches it on."""

    def run(self):
        try:
            on, ev = int(k.var("event.c", "events_on")), k.var("event.c", "ev")
        except gdb.error:
            raise gdb.GdbError("events: this kernel has no event stream")
        print("events: %s; next line %d, %d lost%s" % (
            "on" if on else "off", int(ev["seq"]), int(ev["lost"]),
            ", stuck" if int(ev["stuck"]) else ""))


COMMANDS = Cache, Log, Locks, Events
