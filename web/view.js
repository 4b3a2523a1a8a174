// view.js: the viewer: panels of one model in an element.
//
//     const view = new View(element, model);
//
// It follows the stream as it comes until somebody goes back; `End` follows
// again. The panels: memory.js, spaces.js, tree.js, events.js, timeline.js.
// Where it is in the stream: player.js.

import { element } from './dom.js';
import { LEGEND, LOOKS } from './look.js';
import { P, ENTRY, FRAME, pageKey } from './state.js';
import { Player, SPEEDS } from './player.js';
import { MemoryPanel } from './memory.js';
import { SpacesPanel } from './spaces.js';
import { TreePanel } from './tree.js';
import { EventsPanel, StoryPanel } from './events.js';
import { TimeLine } from './timeline.js';
import { eventWhere, eventWords, frameWhere, frameWords, hex, pageWhere,
         pageWords, plural } from './words.js';

const KEYS = [
    ['.  ,', 'one event on, one back (also arrow keys in the time line)'],
    ['Space', 'play, pause'], ['+  −', 'play faster, slower'],
    ['m  M', 'next, last mark: what the program said'],
    ['c  C', 'next, last copy-on-write'],
    ['e  E', 'next, last eviction'], ['o  O', 'next, last out of memory'],
    ['f  F', 'next, last page fault of any kind'],
    ['[  ]', 'to the beginning, to the end (and follow)'],
    ['Tab', 'the next panel'],
    ['arrows', 'in a panel: from cell to cell; Enter chooses'],
    ['x', 'time line: by event or by time'], ['t', 'light or dark'],
    ['Esc', 'choose nothing'], ['?', 'this list'],
];
const JUMPS = { m: ['mark'], c: ['cow'], e: ['evict'], o: ['oom'],
                f: ['fault', 'cow', 'swapin'] };
const LARGE = 1700;                 // pixels: a large screen (style.css)
const LOOKBACK = 500;               // changes that pageNow() looks at
const MOSTLINKS = 8;                // frames whose links are drawn
const LONGSTREAM = 1000000;         // events that a page keeps with ease
const NAMES = { m: 'mark', c: 'copy-on-write', e: 'eviction',
                o: 'out of memory', f: 'page fault' };

export class View {
    constructor(root, model) {
        this.root = root;
        this.model = model;
        this.player = new Player(model, () => this.refresh());
        this.hovered = this.selected = null;
        this.changed = new Set();   // keys of cells that the event changed
        this.linked = new Set();    // keys of cells that belong together
        this.said = '';             // what the last key could not do
        this.build();
        this.theme();
        root.addEventListener('keydown', e => this.key(e));
        new ResizeObserver(() => this.refresh()).observe(root);
        model.subscribe(() => { this.player.grown(); this.refresh(); });
        this.refresh();
    }

    // ---- what is on the page ----

    build() {
        const panel = (name, title, ...inner) =>
            element(`section.panel.${name}`, { 'aria-label': title },
                    element('h2', {}, title), ...inner);
        const box = name => this[name] = element(`div.box.${name}`);

        this.root.classList.add('teak-view');
        this.root.tabIndex = -1;
        this.root.append(
            this.top(),
            element('main', {},
                panel('memory', 'Physical memory', box('memoryBox'),
                      this.legend()),
                panel('spaces', 'Address spaces', box('spacesBox')),
                panel('detail', 'Translation of an address', box('treeBox')),
                panel('list', 'What happened', box('storyBox'),
                      box('eventsBox'))),
            this.controls(),
            element('div.timeline', {}, this.lineBox = element('div')),
            this.overlay = element('canvas.overlay', { 'aria-hidden': true }),
            this.help());
        this.memory = new MemoryPanel(this, this.memoryBox);
        this.spaces = new SpacesPanel(this, this.spacesBox);
        this.tree = new TreePanel(this, this.treeBox);
        this.events = new EventsPanel(this, this.eventsBox);
        this.story = new StoryPanel(this, this.storyBox);
        this.line = new TimeLine(this, this.lineBox);
    }

    top() {
        return element('header', {},
            element('div.said', {}, this.title = element('h1'),
                this.counters = element('p.counters')),
            this.warning = element('p.warning', { role: 'alert' }),
            element('div.caption', { 'aria-live': 'polite' },
                this.caption = element('p.now'),
                this.explain = element('p.explain')));
    }

    legend() {
        const swatch = key => element('span.swatch',
            { style: LOOKS[key].fill ? `background:${LOOKS[key].fill};` +
              `color:${LOOKS[key].ink}` : '' }, LOOKS[key].letter);
        return element('div.legend', {}, ...LEGEND.map(key =>
            element('span.key', {}, swatch(key), LOOKS[key].name)),
            element('span.key', {}, element('span.swatch', {}, '2'),
                    'mapped so often'),
            element('span.key', {}, element('span.swatch.dirty'), 'dirty'));
    }

    controls() {
        const button = (text, title, act) => element('button',
            { type: 'button', title, onclick: act }, text);
        const jump = key => button(`${NAMES[key]} ▸`,
            `next ${NAMES[key]} (${key}; back: ${key.toUpperCase()})`,
            () => this.jump(1, key));
        return element('div.controls', { role: 'toolbar' },
            button('|◂', 'beginning ([)', () => this.player.go(0)),
            button('◂ step', 'one event back (,)',
                   () => this.player.step(-1)),
            this.playButton = button('▶ play', 'play, pause (Space)',
                                     () => this.player.toggle()),
            button('step ▸', 'one event on (.)', () => this.player.step(1)),
            button('▸|', 'end, and follow (])', () => this.player.follow()),
            element('span.next', {}, 'next:'),
            ...Object.keys(JUMPS).map(jump),
            this.position = element('span.position'),
            button('x', 'time line by event or by time (x)',
                   () => this.turnAxis()),
            button('◐', 'light or dark (t)', () => this.turnTheme()),
            button('?', 'keys (?)', () => this.showHelp()));
    }

    help() {
        const rows = KEYS.map(([key, text]) => element('tr', {},
            element('th', {}, key), element('td', {}, text)));
        this.helpBox = element('dialog', { 'aria-label': 'Keys' },
            element('h2', {}, 'Keys'), element('table', {}, ...rows),
            element('p', {}, 'The working set here: how many different ' +
                'pages had a page fault, or had their entry set by the ' +
                'kernel (fork, protection), in the last second. What is ' +
                'used again without a fault, the kernel does not see.'),
            element('form', { method: 'dialog' },
                    element('button', {}, 'Close')));
        return this.helpBox;
    }

    // ---- keys ----

    key(e) {
        if (e.ctrlKey || e.altKey || e.metaKey || this.helpBox.open)
            return;
        const pressed = e.target.tagName === 'BUTTON' &&
                        (e.key === ' ' || e.key === 'Enter');
        const act = pressed ? undefined : this.action(e.key);
        if (!act)
            return;
        act();
        e.preventDefault();
        e.stopPropagation();
    }

    action(key) {
        const small = key.toLowerCase();
        return key.length === 1 && Object.hasOwn(JUMPS, small) ?
            () => this.jump(key === small ? 1 : -1, small) : this.keys()[key];
    }

    keys() {
        const { player } = this, step = by => () => player.step(by);
        return { '.': step(1), ',': step(-1), ArrowRight: step(1),
                 ArrowLeft: step(-1), ' ': () => player.toggle(),
                 '+': () => player.faster(1), '=': () => player.faster(1),
                 '-': () => player.faster(-1), '[': () => player.go(0),
                 ']': () => player.follow(), Home: () => player.go(0),
                 End: () => player.follow(), x: () => this.turnAxis(),
                 t: () => this.turnTheme(), '?': () => this.showHelp(),
                 Escape: () => this.select(null) };
    }

    jump(by, key) {
        this.player.pause();
        if (!this.player.jump(by, ...JUMPS[key]))
            this.said = `There is no ${NAMES[key]} ` +
                        (by > 0 ? 'after' : 'before') + ' this.';
        this.refresh();
    }

    showHelp() { this.helpBox.showModal(); }

    turnAxis() {
        this.line.byTime = !this.line.byTime;
        this.refresh();
    }

    // ---- light and dark ----

    turnTheme() { this.setTheme(this.colours.dark ? 'light' : 'dark'); }

    // 'light' or 'dark'; at first it is what the reader's system has.
    setTheme(theme) {
        this.root.dataset.theme = theme;
        this.theme();
        this.refresh();
    }

    theme() {
        this.root.dataset.theme ||=
            matchMedia('(prefers-color-scheme: dark)').matches ? 'dark'
                : 'light';
        const style = getComputedStyle(this.root);
        const get = name => style.getPropertyValue(`--${name}`).trim();
        this.colours = { ink: get('ink'), back: get('back'), soft: get('soft'),
                         faint: get('faint'), raised: get('raised'),
                         now: get('now'), pick: get('pick'),
                         dark: this.root.dataset.theme === 'dark' };
    }

    // ---- what is pointed at ----

    hover(what) {
        if (JSON.stringify(what) === JSON.stringify(this.hovered))
            return;
        this.hovered = what;
        this.refresh();
    }

    select(what) {
        if (what?.pid !== undefined)
            this.spaces.toggle(what.pid);
        else
            this.selected = what;
        this.refresh();
    }

    // The page that something is about, if it is one.
    pageOf(what) {
        const { state } = this.player;
        if (what?.vpn !== undefined)
            return what;
        return what?.frame !== undefined ? state.owners(what.frame)[0] : null;
    }

    // ---- drawing, once for each frame of the screen ----

    refresh() {
        if (!this.pending)
            this.pending = requestAnimationFrame(() => this.draw());
    }

    draw() {
        this.pending = 0;
        this.scale = this.root.clientWidth >= LARGE ? 1.3 : 1;
        this.root.classList.toggle('large', this.scale > 1);
        this.findChanged();
        this.findLinked();
        this.drawTop();
        this.memory.draw();
        this.spaces.draw();
        this.showChanged();
        this.tree.draw(this.pageOf(this.hovered) || this.pageOf(this.selected)
                       || this.pageNow());
        this.story.draw();
        this.events.draw();
        this.line.draw();
        this.drawText();
        this.drawLines();
        this.said = '';
    }

    // The cells that the event has changed.
    findChanged() {
        const { log, ticks } = this.model, { at } = this.player;
        this.changed.clear();
        this.entryFrames = new Set();   // named by entries before or now
        this.page = null;
        if (at === 0 || at > ticks.length || this.model.snapshot.data[at - 1])
            return;
        for (let row = log.rowOf(at - 1); row < log.rowOf(at); row++) {
            const what = log.what.data[row], a = log.a.data[row];
            if (what === ENTRY)
                this.changedEntry(a, log.b.data[row], log, row);
            else if (what === FRAME)
                this.changed.add(`f${a}`);
        }
    }

    changedEntry(space, vpn, log, row) {
        this.page ||= { space, vpn };
        this.changed.add(`v${pageKey(space, vpn)}`);
        for (const entry of [log.was.data[row], log.now.data[row]])
            if (entry & P) {
                this.changed.add(`f${entry >>> 12}`);
                this.entryFrames.add(entry >>> 12);
            }
    }

    // The page that the event, or the last one before it, is about.
    pageNow() {
        const { log } = this.model;
        const to = log.rowOf(this.player.at);
        for (let row = to - 1; row >= Math.max(0, to - LOOKBACK); row--)
            if (log.what.data[row] === ENTRY)
                return this.page || { space: log.a.data[row],
                                      vpn: log.b.data[row] };
        return this.page;
    }

    // The frames that are meant, and all pages that are in them.
    findLinked() {
        const { state } = this.player;
        this.linked.clear();
        this.frames = this.framesMeant();
        for (const pfn of this.frames) {
            this.linked.add(`f${pfn}`);
            for (const { space, vpn } of state.owners(pfn))
                this.linked.add(`v${pageKey(space, vpn)}`);
        }
    }

    // Of what is pointed at; else of the pages that the event has changed.
    framesMeant() {
        const what = this.hovered || this.selected;
        if (what?.frame !== undefined)
            return [what.frame];
        const page = what?.vpn !== undefined ? what :
            this.changed.size ? null : this.pageNow();
        if (!page)
            return [...this.entryFrames].slice(0, MOSTLINKS);
        const entry = this.player.state.entry(page.space, page.vpn);
        return entry & P ? [entry >>> 12] : [];
    }

    // What has changed ought to be seen, unless somebody looks elsewhere.
    showChanged() {
        if (this.hovered || this.player.at === this.shown)
            return;
        this.shown = this.player.at;
        for (const panel of [this.memory, this.spaces])
            for (const key of this.changed)
                if (panel.placeOf(key)) {
                    panel.show(panel.placeOf(key));
                    break;
                }
    }

    // ---- texts ----

    drawTop() {
        const { state } = this.player, { sums } = state;
        const n = name => state.count(name).toLocaleString('en');
        this.counters.textContent =
            `${sums.frames[0].toLocaleString('en')} frames free · ` +
            `${sums.cached} cached, ${sums.dirty} dirty · ` +
            `faults: ${n('ZERO')} zero, ${n('FILEPAGE')} file, ` +
            `${n('COW')} copy-on-write (${n('copies')} copied), ` +
            `${n('SWAPPED')} swapped, ${n('BAD')} bad · ` +
            `${n('forks')} forks · ${n('evictions')} evictions · ` +
            `${n('kills')} killed`;
        this.warning.textContent = this.warnings().join('. ');
    }

    warnings() {
        const { model } = this, out = [];
        const lost = model.state.count('lost');
        if (model.bad)
            out.push(`${plural(model.bad, 'line')} of the stream could not ` +
                     `be understood, the first: ` +
                     `“${model.badLines[0].text.slice(0, 60)}” ` +
                     `(${model.badLines[0].why})`);
        if (lost + model.missing)
            out.push(`${plural(lost + model.missing, 'event')} lost: what is ` +
                'drawn may be wrong until the next snapshot (vmctl events on ' +
                'makes one)');
        if (model.length > LONGSTREAM)
            out.push(`This page keeps all ${plural(model.length, 'event')}: ` +
                     'if it becomes slow, begin anew');
        if (this.trouble)
            out.push(this.trouble);
        return out;
    }

    drawText() {
        const { model, player } = this, ev = player.at ?
            model.event(player.at - 1) : null;
        this.title.textContent = this.said || this.story.now() ||
            this.root.dataset.title || 'Teak: memory as it moves';
        this.caption.textContent = !ev ? 'Nothing has happened yet.' :
            (ev.word === 'run' ? '' : `CPU ${ev.cpu}: `) +
            `${eventWords(model, ev, player.state)}.`;
        this.explain.textContent = this.explanation(ev);
        this.position.textContent = `${player.at.toLocaleString('en')} / ` +
            `${model.length.toLocaleString('en')} · ` +
            `${((ev?.tick || 0) / model.hz).toFixed(2)} s · ` +
            `${SPEEDS[player.speed]}/s` + (player.following ? ' · live' : '');
        this.playButton.textContent = player.playing ? '‖ pause' : '▶ play';
    }

    // What is pointed at, or else where the event is from.
    explanation(ev) {
        const what = this.hovered || this.selected, { state } = this.player;
        const from = ([fn, doc]) => ` — kernel: ${fn}; read: ${doc}`;
        if (what?.frame !== undefined)
            return frameWords(state, what.frame) +
                from(frameWhere(state, what.frame));
        if (what?.vpn !== undefined)
            return pageWords(state, what.space, what.vpn) +
                from(pageWhere(state, what.space, what.vpn));
        if (what?.bar)
            return `Frames ${hex(what.from)} to ${hex(what.to - 1)}: ` +
                (what.bar === 'free' ? 'never used.' : "the kernel's, or no " +
                 'memory is there; they never change.') +
                from(frameWhere(state, what.from));
        return ev ? from(eventWhere(ev)).slice(3) : '';
    }

    // ---- lines from a frame to the pages that are in it ----

    drawLines() {
        const canvas = this.overlay, ratio = window.devicePixelRatio;
        const base = this.root.getBoundingClientRect();
        canvas.width = base.width * ratio;
        canvas.height = base.height * ratio;
        const ctx = canvas.getContext('2d');
        ctx.scale(ratio, ratio);
        for (const pfn of this.frames || []) {
            const from = this.memory.rect(`f${pfn}`);
            for (const o of from ? this.player.state.owners(pfn) : []) {
                const to = this.spaces.rect(`v${pageKey(o.space, o.vpn)}`);
                if (to)
                    this.link(ctx, base, from, to);
            }
        }
    }

    link(ctx, base, from, to) {
        const x1 = from.x + from.w - base.x, y1 = from.y + from.h / 2 - base.y;
        const x2 = to.x - base.x, y2 = to.y + to.h / 2 - base.y;
        ctx.beginPath();
        ctx.moveTo(x1, y1);
        ctx.bezierCurveTo(x1 + 60, y1, x2 - 60, y2, x2, y2);
        for (const [colour, width] of [[this.colours.back, 6],
                                       [this.colours.pick, 3]]) {
            ctx.strokeStyle = colour;
            ctx.lineWidth = width;
            ctx.stroke();
        }
    }
}
