// guide.js: the panel of the demos: which there are, or the one that runs.

import { element } from './view/dom.js';
import { Tour } from './tour.js';
import { demos } from './demos/all.js';

// `so` is code and *so* is stressed.
function marked(text) {
    const parts = text.split(/(`[^`]+`|\*[^*]+\*)/);

    return parts.map(p => p[0] === '`' ? element('code', {}, p.slice(1, -1)) :
        p[0] === '*' ? element('strong', {}, p.slice(1, -1)) : p);
}

const button = (text, title, onclick) =>
    element('button', { type: 'button', title, onclick }, text);

export class Guide {
    // parts: what a Tour works with.
    constructor(room, parts) {
        this.room = room;
        this.parts = parts;
        this.tour = null;
        this.draw();
    }

    draw() {
        this.room.replaceChildren(...this.tour ? this.running() : this.list());
    }

    // ---- which there are ----

    list() {
        const entry = (demo, i) => element('button.demo',
            { type: 'button', onclick: () => this.start(demo) },
            element('kbd', {}, String(i + 1)),
            element('strong', {}, demo.title),
            element('span', {}, demo.about));

        return [element('h2', {}, 'Six demos, a minute each'),
                element('div.list', {}, ...demos.map(entry))];
    }

    async start(demo) {
        await this.leave();
        this.tour = new Tour(demo, this.parts, () => this.draw());
        this.draw();
        this.room.querySelector('.next')?.focus();
    }

    async leave() {
        const tour = this.tour;

        this.tour = null;
        this.draw();
        await tour?.end();
    }

    // The machine is switched off under it.
    drop() {
        this.tour?.drop();
        this.tour = null;
        this.draw();
    }

    restart() {
        if (this.tour)
            this.start(this.tour.demo);
    }

    // ---- the one that runs ----

    running() {
        const { tour } = this;

        return [this.head(tour),
                element('div.text', { 'aria-live': 'polite' },
                    ...tour.texts[tour.at].split('\n\n').map(p =>
                        element('p', {}, ...marked(p)))),
                this.state(tour), this.buttons(tour)];
    }

    head(tour) {
        const dots = tour.demo.steps.map((step, i) => element(
            'span.dot' + (i === tour.at ? '.here' : '') +
            (i <= tour.reached ? '.done' : '')));

        return element('h2', {}, tour.demo.title,
            element('span.dots', { role: 'img', 'aria-label':
                `step ${tour.at + 1} of ${tour.demo.steps.length}` },
                ...dots));
    }

    state(tour) {
        if (tour.trouble)
            return element('p.trouble', { role: 'alert' }, tour.trouble);
        return element('p.state', {}, tour.waiting ?
            `Teak runs until ${tour.until} ...` : this.where(tour));
    }

    where(tour) {
        return tour.at < tour.reached ?
            'This has been; the picture shows it as it was.' :
            tour.at === 0 ? '' : tour.last ? 'That is all.' :
            'Teak stands still here.';
    }

    buttons(tour) {
        const back = button('◂ Back', 'Page Up', () => this.tour.back());
        const next = tour.last ?
            button('Other demos', 'Escape', () => this.leave()) :
            button(tour.at === 0 ? 'Start ▸' : 'Next ▸', 'Page Down',
                   () => this.tour.next());

        back.disabled = tour.at === 0 || tour.waiting;
        next.disabled = tour.waiting && !tour.last;
        next.classList.add('next');
        return element('div.buttons', {}, back, next,
            element('span.gap'),
            button('From the start', 'Home', () => this.restart()),
            button('Leave', 'Escape', () => this.leave()));
    }

    // ---- keys ----

    // What a key does here, if anything. In the terminal (inside) only those
    // count that a shell has no use for.
    takes(event, inside) {
        if (event.ctrlKey || event.altKey || event.metaKey)
            return undefined;
        return this.tour ? this.keys(inside)[event.key] :
            inside ? undefined : this.choice(event.key);
    }

    key(event, inside) {
        const act = this.takes(event, inside);

        act?.();
        return act !== undefined;
    }

    keys(inside) {
        const keys = { PageDown: () => this.tour.next(),
                       PageUp: () => this.tour.back() };

        return inside ? keys : { ...keys, Home: () => this.restart(),
                                 Escape: () => this.leave() };
    }

    choice(key) {
        const demo = demos[Number(key) - 1];
        return demo ? () => this.start(demo) : undefined;
    }
}
