// events.js: the panel of events, as a list in words. Only the rows that can
// be seen exist: a recording may have hundreds of thousands.

import { element } from './dom.js';
import { TAGS } from './model.js';
import { eventWords } from './words.js';

const ROW = 26;                     // a row's height in pixels (style.css)
const PART = 100000;                // events: a third of what the list has, as
                                    // browsers draw nothing millions of pixels
                                    // high
const LETTERS = { cow: 'C', evict: 'E', oom: '!', mark: '»', fork: 'Y',
                  exec: 'X', swapin: 'S', fault: 'f', lost: '?' };

export class EventsPanel {
    constructor(view, box) {
        this.view = view;
        this.box = box;
        this.tall = element('div.tall');
        this.from = this.to = 0;    // of the events, those that the list has
        box.tabIndex = 0;
        box.setAttribute('role', 'listbox');
        box.setAttribute('aria-label', 'Events; arrow keys step');
        box.append(this.tall);
        box.addEventListener('scroll', () => this.fill());
        box.addEventListener('keydown', e => this.key(e));
    }

    key(e) {
        const by = { ArrowUp: -1, ArrowDown: 1, PageUp: -15, PageDown: 15 }[
            e.key];
        if (!by)
            return;
        this.view.player.step(by);
        e.preventDefault();
        e.stopPropagation();
    }

    // The event of the position in the middle.
    draw() {
        const { model, player } = this.view;
        this.from = Math.max(0, Math.floor(player.at / PART) - 1) * PART;
        this.to = Math.min(model.length, this.from + 3 * PART);
        this.tall.style.height = `${(this.to - this.from) * ROW}px`;
        const y = (player.at - 1 - this.from) * ROW;
        const room = this.box.clientHeight;
        if (y < this.box.scrollTop + ROW ||
            y > this.box.scrollTop + room - 2 * ROW)
            this.box.scrollTop = y - room / 2;
        this.fill();
    }

    fill() {
        const { scrollTop, clientHeight } = this.box;
        const from = this.from + Math.max(0, Math.floor(scrollTop / ROW) - 2);
        const to = Math.min(this.to, this.from + 2 +
                            Math.ceil((scrollTop + clientHeight) / ROW));
        const rows = [];
        for (let i = from; i < to; i++)
            rows.push(this.row(i));
        this.tall.replaceChildren(...rows);
    }

    row(i) {
        const { model, player } = this.view, ev = model.event(i);
        const here = i === player.at - 1;
        const name = 'div.row' + (ev.tag ? `.tag-${ev.tag}` : '') +
                     (here ? '.here' : '') + (i >= player.at ? '.later' : '');
        const words = eventWords(model, ev);
        return element(name, { style: `top:${(i - this.from) * ROW}px`,
                               title: words,
                               role: 'option', 'aria-selected': here,
                               onclick: () => player.go(i + 1) },
            element('span.letter', {}, LETTERS[ev.tag] || ''),
            element('span.when', {}, (ev.tick / model.hz).toFixed(2)),
            words);
    }
}

const MARK = TAGS.indexOf('mark');

// The panel of marks: what the program said, a story to follow.
export class StoryPanel {
    constructor(view, box) {
        this.view = view;
        this.box = box;
        this.seen = 0;              // events looked through
        this.rows = [];             // {index, element}
    }

    draw() {
        const { model, player } = this.view;
        for (; this.seen < model.length; this.seen++) {
            if (model.tags.data[this.seen] === MARK)
                this.add(model.event(this.seen));
        }
        this.box.hidden = this.rows.length === 0;
        const past = this.rows.filter(r => r.index < player.at);
        this.rows.forEach((r, i) => {
            r.element.classList.toggle('here', i === past.length - 1);
            r.element.classList.toggle('later', i >= past.length);
        });
        this.show(past[past.length - 1]?.element);
    }

    // Scroll the story, and nothing around it.
    show(row) {
        const { scrollTop, clientHeight: room } = this.box;
        if (!row || this.shown === row)
            return;
        this.shown = row;
        const y = row.offsetTop - this.box.offsetTop;
        if (y < scrollTop || y + 2 * row.offsetHeight > scrollTop + room)
            this.box.scrollTop = y - room / 2;
    }

    add(ev) {
        const index = ev.index, button = element('button.mark',
            { type: 'button', onclick: () => this.view.player.go(index + 1) },
            ev.args[0]);
        this.box.append(button);
        this.rows.push({ index, element: button });
    }

    // The last mark before the position, or ''.
    now() {
        const { model, player } = this.view;
        const past = this.rows.filter(r => r.index < player.at);
        const last = past[past.length - 1];
        return last ? model.event(last.index).args[0] : '';
    }
}
