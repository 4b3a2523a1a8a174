// knobs.js: the switches of the memory system. A click types the vmctl command
// at the prompt; what a switch shows is what the kernel has in its memory.

const LOOKMS = 250;

const SWITCHES = {
    cow: ['Copy-on-write', 'fork() shares frames until somebody writes'],
    lazyheap: ['Lazy heap', 'memory asked for comes when it is touched'],
    demandload: ['Demand loading', 'a program is read as it runs'],
};
const POLICIES = ['clock: a second chance', 'sweep: whatever comes',
                  'random: by lot'];

function label(text, title, input) {
    const all = document.createElement('label');

    all.title = title;
    all.append(input, text);
    return all;
}

function checkbox(name, [text, title], set) {
    const box = document.createElement('input');

    box.type = 'checkbox';
    box.role = 'switch';
    box.name = name;
    box.onchange = () => set(name, box.checked ? 'on' : 'off');
    return [box, label(text, title, box)];
}

function chooser(set) {
    const list = document.createElement('select');

    list.name = 'policy';
    list.append(...POLICIES.map((name, i) => new Option(name, i)));
    list.onchange = () => set('policy', list.value);
    const all = label('', 'which page has to go when memory is short', list);
    all.prepend('Eviction ');
    return [list, all];
}

export class Knobs {
    constructor(room, machine, shell) {
        this.machine = machine;
        this.shell = shell;
        this.inputs = {};
        const set = (name, value) => this.set(name, value);
        for (const name in SWITCHES)
            this.add(room, name, checkbox(name, SWITCHES[name], set));
        this.add(room, 'policy', chooser(set));
        setInterval(() => this.look(), LOOKMS);
        this.look();
    }

    add(room, name, [input, all]) {
        this.inputs[name] = input;
        input.disabled = true;
        room.append(all);
    }

    // Until the command has run, the switch shows what was asked for.
    async set(name, value) {
        this.inputs[name].dataset.asked = value;
        await this.shell.run(`vmctl ${name} ${value}`);
        await this.shell.prompt();
        delete this.inputs[name].dataset.asked;
        this.look();
    }

    // What was asked for will not come: the machine is another.
    forget() {
        for (const name in this.inputs)
            delete this.inputs[name].dataset.asked;
    }

    look() {
        const now = this.machine.knobs();

        for (const name in this.inputs) {
            const input = this.inputs[name];

            input.disabled = !(name in now);
            if (input.disabled || 'asked' in input.dataset)
                continue;
            if (input.type === 'checkbox')
                input.checked = now[name] !== 0;
            else
                input.value = now[name];
        }
    }
}
