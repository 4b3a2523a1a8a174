// shell.js: types commands at Teak's prompt, for the buttons of the page.
//
// The prompt is known by what is on the terminal's last line. A command waits
// until it is there; what somebody has begun to type is taken away first.

const PROMPT = /^teak(:[^$]*)?\$ /;
const LONGEST = 4000;                   // more of a line is not kept
const RECENT = 100;
const CLEARLINE = '\x05\x15';           // ^E ^U
const INTERRUPT = '\x03';

export class Shell {
    constructor(send) {
        this.send = send;
        this.decoder = new TextDecoder();
        this.waiting = [];              // functions, called at the prompt
        this.listeners = new Set();
        this.prompts = 0;               // how many there have been
        this.reset();
    }

    reset() {
        this.line = '';
        this.ready = false;
        this.sent = false;              // a command, and no new line yet
        this.recent = '';               // what Teak has written last
        this.waiting = [];
    }

    // fn(ready) is told when the prompt comes and goes.
    subscribe(fn) { this.listeners.add(fn); }

    // What Teak has written to the terminal.
    see(bytes) {
        const text = this.decoder.decode(bytes, { stream: true });
        const plain = (this.line + text).replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '');

        this.recent = (this.recent + text).slice(-RECENT);
        if (plain.includes('\n'))
            this.tell(false);           // even if the prompt is back already
        else if (this.sent)
            return;
        this.sent = false;
        this.line = plain.slice(plain.lastIndexOf('\n') + 1).slice(-LONGEST);
        const last = this.line.slice(this.line.trimEnd().lastIndexOf('\r') + 1);
        this.tell(PROMPT.test(last));
    }

    tell(ready) {
        if (ready === this.ready)
            return;
        this.ready = ready;
        for (const fn of this.listeners)
            fn(ready);
        if (!ready)
            return;
        this.prompts++;
        this.waiting.shift()?.();
    }

    // Resolves when the prompt is there.
    prompt() {
        return this.ready ? Promise.resolve() :
            new Promise(resolve => this.waiting.push(resolve));
    }

    async run(command) {
        await this.prompt();
        this.tell(false);               // the line is taken
        this.sent = true;
        this.line = '';
        this.send(`${CLEARLINE}${command}\r`);
    }

    // Ends what runs and waits for the prompt.
    async interrupt() {
        this.send(INTERRUPT);
        await this.prompt();
    }
}
