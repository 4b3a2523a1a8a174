// machine.js: the PC in the page. v86 emulates it; Teak runs on it.
//
//     const machine = await Machine.load(progress);
//     machine.console = bytes => ...       COM1: what the terminal shows
//     machine.events = text => ...         COM2: the stream of events
//     machine.start();
//     machine.send('ls\r');                typed on COM1
//     machine.pause(); machine.go();       the time between does not pass
//
// All that is needed is loaded once, in load(); after that no server is asked
// again. restart() begins with the disk as it was built.

const MB = 1 << 20;
const BURST = 256;                      // bytes typed at a time
const BURSTMS = 40;

// An error to be shown as it is: it says in words what is wrong.
export class Trouble extends Error { }

function demand() {
    const needs = {
        WebAssembly: globalThis.WebAssembly,
        DecompressionStream: globalThis.DecompressionStream,
    };
    for (const name in needs)
        if (!needs[name])
            throw new Trouble(`This browser has no ${name}, or it is ` +
                'switched off. Teak needs it here: any Firefox, Chrome, ' +
                'Edge or Safari since the middle of 2023 will do.');
}

async function download(name, progress) {
    let answer;

    try {
        answer = await fetch(name);
    } catch (e) {
        throw new Trouble(`${name} could not be loaded: the server does not ` +
                          `answer (${e.message}).`);
    }
    if (!answer.ok)
        throw new Trouble(`${name} could not be loaded: the server says ` +
                          `"${answer.status} ${answer.statusText}".`);
    try {
        return await collect(answer.body, progress);
    } catch (e) {
        throw new Trouble(`${name} broke off on the way: ${e.message}.`);
    }
}

// All bytes of a stream, in one array.
async function collect(stream, progress = () => { }) {
    const pieces = [];
    let size = 0, at = 0;

    for (const reader = stream.getReader(); ;) {
        const { done, value } = await reader.read();
        if (done)
            break;
        pieces.push(value);
        size += value.length;
        progress(value.length);
    }
    const all = new Uint8Array(size);
    for (const piece of pieces) {
        all.set(piece, at);
        at += piece.length;
    }
    return all;
}

// Some servers unpack a .gz on the way: then it is the image already.
async function unpack(bytes) {
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b)
        return bytes;
    try {
        return await collect(new Blob([bytes]).stream()
            .pipeThrough(new DecompressionStream('gzip')));
    } catch (e) {
        throw new Trouble(`The disk image is damaged (${e.message}). ` +
                          'Loading the page again may help.');
    }
}

async function compile(bytes) {
    try {
        return await WebAssembly.compile(bytes);
    } catch (e) {
        throw new Trouble(`The emulator is damaged (${e.message}).`);
    }
}

async function library() {
    try {
        return (await import('./v86/libv86.mjs')).V86;
    } catch (e) {
        throw new Trouble(`v86/libv86.mjs could not be loaded: ${e.message}.`);
    }
}

function about(bytes) {
    try {
        return JSON.parse(new TextDecoder().decode(bytes));
    } catch (e) {
        throw new Trouble(`teak.json is damaged (${e.message}).`);
    }
}

export class Machine {
    // progress(n) is called for each n bytes that have come.
    static async load(progress) {
        demand();
        const names = ['v86/v86.wasm', 'bios/bios.bin', 'bios/vgabios.bin',
                       'teak.img.gz', 'teak.json'];
        const [V86, wasm, bios, vga, disk, json] = await Promise.all(
            [library(), ...names.map(name => download(name, progress))]);
        const machine = new Machine();

        Object.assign(machine, { V86, bios, vga, disk });
        machine.about = about(json);
        machine.wasm = await compile(wasm);
        return machine;
    }

    constructor() {
        this.console = this.events = () => { };
        this.emulator = null;
        this.paused = false;
        this.typing = [];               // bytes still to be typed
        this.typist = 0;
    }

    async start() {
        const disk = await unpack(this.disk);

        if (disk.length !== this.about.disk)
            throw new Trouble(`The disk image has ${disk.length} bytes, not ` +
                `${this.about.disk}. Loading the page again may help.`);
        this.emulator = new this.V86({
            wasm_fn: async imports =>
                (await WebAssembly.instantiate(this.wasm, imports)).exports,
            bios: { buffer: this.bios.slice().buffer },
            vga_bios: { buffer: this.vga.slice().buffer },
            hda: { buffer: disk.buffer },
            memory_size: this.about.memory * MB,
            vga_memory_size: MB,
            uart1: true,
            disable_keyboard: true, disable_mouse: true, disable_speaker: true,
            autostart: true,
        });
        this.listen();
    }

    // Bytes come one by one, within the emulated instruction that sends
    // them; they are handed on together, a little later.
    listen() {
        const em = this.emulator;

        this.out = [[], []];
        this.decoder = new TextDecoder();   // of the events
        for (const port of [0, 1])
            em.add_listener(`serial${port}-output-byte`, byte => {
                if (this.emulator !== em)
                    return;
                this.out[port].push(byte);
                this.timer ||= setTimeout(() => this.flush(), 8);
            });
    }

    flush() {
        const [console, events] = this.out;

        this.timer = 0;
        this.out = [[], []];
        if (console.length)
            this.console(new Uint8Array(console));
        if (events.length)
            this.events(this.decoder.decode(new Uint8Array(events),
                                            { stream: true }));
    }

    async restart() {
        const old = this.emulator;

        this.emulator = null;
        this.typing = [];
        this.paused = false;
        await old?.destroy();
        await this.start();
    }

    // Typed in pieces that the guest's line takes: it has no room for more
    // at once.
    send(text) {
        this.typing = this.typing.concat(
            [...new TextEncoder().encode(text)]);
        this.typist ||= setTimeout(() => this.type(), 0);
    }

    type() {
        this.typist = 0;
        if (this.typing.length === 0 || !this.emulator)
            return;
        if (!this.paused)
            this.emulator.serial_send_bytes(
                0, Uint8Array.from(this.typing.splice(0, BURST)));
        if (this.typing.length)
            this.typist = setTimeout(() => this.type(), BURSTMS);
    }

    pause() {
        if (!this.paused)
            this.emulator?.stop();
        this.paused = true;
    }

    go() {
        if (this.paused)
            this.emulator?.run();
        this.paused = false;
    }

    // The kernel's switches, by their numbers (VM_* in syscall.h), as they
    // are in its memory now. Empty before there is a machine.
    knobs() {
        const { address, names } = this.about.knobs;

        if (!this.emulator)
            return {};
        const bytes = this.emulator.read_memory(address, names.length * 4);
        const words = new Int32Array(bytes.slice().buffer);
        return Object.fromEntries(names.map((name, i) => [name, words[i]]));
    }
}
