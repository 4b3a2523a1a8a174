// main.js: puts the page together: the machine, its terminal, the picture, the
// switches and the demos.

import { Machine, Trouble } from './machine.js';
import { Screen } from './screen.js';
import { Shell } from './shell.js';
import { Knobs } from './knobs.js';
import { Stream } from './stream.js';
import { Guide } from './guide.js';
import { Model } from './view/model.js';
import { View } from './view/view.js';

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

function themes(screen, view) {
    const is = () => document.documentElement.dataset.theme === 'dark';
    const set = dark => {
        const name = dark ? 'dark' : 'light';

        document.documentElement.dataset.theme = name;
        view.root.dataset.theme = name;
        view.theme();
        view.refresh();
        screen.theme(dark);
        at('theme').textContent = dark ? 'Light' : 'Dark';
    };

    set(wants.matches);
    wants.onchange = () => set(wants.matches);
    at('theme').onclick = () => set(!is());
}

// ---- keys ----

function turnFocus(screen) {
    if (screen.focused)
        (document.querySelector('#demos .next, #demos button')).focus();
    else
        screen.focus();
}

// The demos and the page have the keys that nothing else wants: the panels of
// the picture have theirs first, a shell nearly all.
function takeKeys(screen, guide) {
    const busy = event => event.defaultPrevented ||
        document.querySelector('dialog[open]') ||
        /^(INPUT|SELECT)$/.test(event.target.tagName);

    screen.passes(event => event.key === LEAVE || guide.takes(event, true));
    addEventListener('keydown', event => {
        if (event.key === LEAVE)
            turnFocus(screen);
        else if (busy(event) || !guide.key(event, screen.focused))
            return;
        event.preventDefault();
    });
}

// ---- the machine ----

let size = 0;
function progress(n) {
    size += n;
    status(`loading: ${(size / 1e6).toFixed(1)} MB`);
}

function watchPrompt(shell) {
    let first = true;
    const late = setTimeout(() => tell(new Trouble('Teak has not come to ' +
        'its prompt. The terminal may say why.')), SLOW);

    shell.subscribe(ready => {
        const took = ((performance.now() - began) / 1000).toFixed(1);

        status(!ready ? 'running' : first ? `ready after ${took} s` : 'ready');
        if (!ready)
            return;
        first = false;
        clearTimeout(late);
    });
}

function watchEnd(text) {
    if (text.includes(OFF))
        status('Teak is off: "Restart Teak" switches it on.');
}

// Everything in the page that follows the machine. The picture knows of the
// machine only from the stream of its events.
function assemble(machine) {
    const send = text => machine.send(text);
    const shell = new Shell(send), screen = new Screen(at('screen'), send);
    const model = new Model(), stream = new Stream(machine, model);
    const view = new View(at('picture'), model);
    const knobs = new Knobs(at('knobs'), machine, shell);
    const guide = new Guide(at('demos'), { stream, shell, machine, view });

    machine.console = bytes => {
        screen.write(bytes);
        shell.see(bytes);
        watchEnd(shell.recent);
    };
    machine.events = text => stream.feed(text);
    themes(screen, view);
    takeKeys(screen, guide);
    watchPrompt(shell);
    return { machine, shell, screen, model, stream, view, knobs, guide };
}

async function restart({ machine, shell, screen, stream, knobs, guide }) {
    guide.drop();
    screen.clear();
    shell.reset();
    stream.reset();
    knobs.forget();
    await machine.restart();
    screen.focus();
}

async function run() {
    const parts = assemble(await Machine.load(progress));

    globalThis.teak = parts;            // for tests, and for the curious
    at('help').onclick = () => at('about').showModal();
    at('reboot').onclick = () => restart(parts);
    status('starting');
    await parts.machine.start();
    parts.screen.focus();
}

run().catch(tell);
