// when.js: what a step of a demo can wait for. Each of these gives a function
// of (event, c, model), which keeps what it saw in c for the texts.

export const hex = n => n.toString(16);
export const address = n => n.toString(16).padStart(8, '0');
export const frame = entry => hex(entry >>> 12);

const spaceOf = (model, pid) => model.state.procs.get(pid)?.space;

// A program's mark; c gets its words, and who said it.
export const says = (pattern, keep = () => { }) => (event, c, model) => {
    const said = event.word === 'mark' && pattern.exec(event.args[0]);

    if (!said)
        return false;
    c.said = said;
    c.pid = event.pid;
    c.space = spaceOf(model, event.pid);
    keep(c, said);
    return true;
};

// A fault that has been dealt with.
export const fault = (kase, test = () => true) => (event, c) => {
    if (event.word !== 'fault' || event.args[3] !== kase ||
        event.args[4] === 'again')
        return false;
    const [space, va, access, , , old, now] = event.args;
    const seen = { space, va, access, old, now, vpn: va >>> 12,
                   pid: event.pid };
    if (!test(seen, c))
        return false;
    c.fault = seen;
    return true;
};

// A process is born, exec'd, at its end; gone.
export const process = (why, test) => (event, c) => {
    if (event.word !== 'proc' || event.args[2] !== why)
        return false;
    const [pid, ppid, , space, name] = event.args;
    const seen = { pid, ppid, space, name };
    if (!test(seen, c))
        return false;
    c.process = seen;
    return true;
};

// A page goes to swap: its entry names a slot from now on.
export const evicted = test => (event, c) => {
    if (event.word !== 'pte' || event.args[2] !== 'evict')
        return false;
    const [space, va, , [[entry]]] = event.args;
    const seen = { space, va, vpn: va >>> 12, slot: entry >>> 12 };
    if (entry === 0 || !test(seen, c))
        return false;
    c.evicted = seen;
    return true;
};

// A region is made.
export const region = test => (event, c) => {
    if (event.word !== 'region')
        return false;
    const [space, start, end, rights, kind, sharing] = event.args;
    const seen = { space, start, end, rights, kind, sharing,
                   vpn: start >>> 12, pid: event.pid };
    if (!test(seen, c))
        return false;
    c.region = seen;
    return true;
};

// What the picture is to point at.
export const atFault = c => ({ space: c.fault.space, vpn: c.fault.vpn });
export const atPage = c => ({ space: c.space, vpn: c.va >>> 12 });
