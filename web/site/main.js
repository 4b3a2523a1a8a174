// main.js: puts the page together: the machine, its terminal, the picture, the
// switches and the demos.

import { Machine, Trouble } from './machine.js';
import { Screen } from './screen.js';
import { Shell } from './shell.js';
import { Knobs } from './knobs.js';

const SLOW = 30000;                     // ms to the prompt that are worrying
const OFF = 'safe to turn off your computer.';
const LEAVE = 'F6';

const at = id => document.getElementById(id);
const began = performance.now();
const status = text => { at('status').textContent = text; };

function tell(error) {
    const text = error instanceof Trouble ? error.message :
        `Something in this page has gone wrong: ${error.message || error}`;

    console.error(error);
    globalThis.trouble(text);
    status('stopped');
}

addEventListener('error', e => tell(e.error || e.message));
addEventListener('unhandledrejection', e => tell(e.reason));

// ---- light and dark ----

const wants = matchMedia('(prefers-color-scheme: dark)');

function theme(screen, dark) {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    at('theme').textContent = dark ? 'Light' : 'Dark';
    screen.theme(dark);
}

function themes(screen) {
    const now = () => document.documentElement.dataset.theme === 'dark';

    theme(screen, wants.matches);
    wants.onchange = () => theme(screen, wants.matches);
    at('theme').onclick = () => theme(screen, !now());
}

// ---- keys ----

// What the page takes of what is pressed in the terminal.
function ofPage(event) {
    return event.key === LEAVE;
}

function keys(screen) {
    addEventListener('keydown', event => {
        if (event.key === LEAVE) {
            event.preventDefault();
            if (screen.focused)
                at('reboot').focus();
            else
                screen.focus();
        } else if (event.key === '?' && !screen.focused) {
            at('about').showModal();
        }
    });
}

// ---- the machine ----

let size = 0;
function progress(n) {
    size += n;
    status(`loading: ${(size / 1e6).toFixed(1)} MB`);
}

function watchPrompt(shell, machine) {
    let first = true;
    const late = setTimeout(() => tell(new Trouble('Teak has not come to ' +
        'its prompt. The terminal may say why.')), SLOW);

    shell.subscribe(ready => {
        if (ready && first) {
            first = false;
            clearTimeout(late);
            machine.booted = performance.now() - began;
        }
        status(ready ? `ready: it took ${(machine.booted / 1000).toFixed(1)} s`
                     : 'running');
    });
}

function watchEnd(line) {
    if (line.endsWith(OFF))
        status('Teak is off: "Restart Teak" switches it on.');
}

async function run() {
    const machine = await Machine.load(progress);
    const shell = new Shell(text => machine.send(text));
    const screen = new Screen(at('screen'), text => machine.send(text), ofPage);
    const knobs = new Knobs(at('knobs'), machine, shell);

    themes(screen);
    keys(screen);
    machine.console = bytes => {
        screen.write(bytes);
        shell.see(bytes);
        watchEnd(shell.line);
    };
    const raw = document.createElement('pre');
    at('picture').append(raw);
    machine.events = text => raw.append(text);
    at('reboot').onclick = async () => {
        screen.clear();
        shell.reset();
        await machine.restart();
        screen.focus();
    };
    at('help').onclick = () => at('about').showModal();
    watchPrompt(shell, machine);
    globalThis.teak = { machine, shell, screen, knobs };    // for tests
    status('starting');
    await machine.start();
    screen.focus();
}

run().catch(tell);
