// tree.js: the panel of an address's translation, level by level: directory,
// table, frame, each entry with its bits in words and its neighbours.

import { element } from './dom.js';
import { LOOKS, bitWords, frameLook } from './look.js';
import { P } from './state.js';
import { address, hex, ownerName } from './words.js';

const PERMISSIVE = 7;               // what a directory entry allows: all
const BESIDE = 1;                   // entries shown before and after

export class TreePanel {
    constructor(view, box) {
        this.view = view;
        this.box = box;
    }

    // page: {space, vpn}, or null.
    draw(page) {
        const { state } = this.view.player;
        this.box.replaceChildren();
        if (!page || !state.spaces.has(page.space)) {
            this.box.append(element('p.hint', {}, 'Choose a page, by mouse ' +
                'or keyboard, to see how its address is translated.'));
            return;
        }
        const space = state.spaces.get(page.space);
        const pdx = page.vpn >>> 10, ptx = page.vpn & 1023;
        const table = space.tables.get(pdx) || 0;
        this.box.append(this.cut(page, pdx, ptx),
            this.level('Directory', page.space, pdx, i => {
                const t = space.tables.get(i) || 0;
                return t ? (t << 12 | PERMISSIVE) >>> 0 : 0;
            }));
        if (!table)
            return this.box.append(this.stop('no page table: nothing is there'));
        this.box.append(this.level('Table', table, ptx,
            i => space.entries.get(pdx << 10 | i) || 0));
        this.box.append(this.end(state, space.entries.get(page.vpn) || 0));
    }

    // How the address is cut in three.
    cut(page, pdx, ptx) {
        const owner = ownerName(this.view.player.state, page);
        return element('p.cut', {}, element('b', {}, owner), ' = entry ',
            element('b', {}, hex(pdx)), ' of the directory, entry ',
            element('b', {}, hex(ptx)), ' of the table');
    }

    level(name, pfn, index, entryAt) {
        const rows = [];
        for (let i = Math.max(0, index - BESIDE);
             i <= Math.min(1023, index + BESIDE); i++)
            rows.push(this.row(i, entryAt(i), i === index));
        return element('div.level', {},
            element('h3', {}, `${name} in frame ${hex(pfn)}`), ...rows);
    }

    row(i, entry, chosen) {
        return element(chosen ? 'div.entry.chosen' : 'div.entry', {},
            element('span.index', {}, `${chosen ? '▸' : ''}[${hex(i)}]`),
            element('code', {}, address(entry)),
            element('span.bits', {}, bitWords(entry).join(', ')));
    }

    stop(text) { return element('p.stop', {}, `■ ${text}`); }

    end(state, entry) {
        if (!entry)
            return this.stop('empty: an access will fault');
        if (!(entry & P))
            return this.stop(`on disk, in swap slot ${hex(entry >>> 12)}: ` +
                             'an access will fault');
        const pfn = entry >>> 12, look = LOOKS[frameLook(state, pfn)];
        const owners = state.owners(pfn);
        return element('div.level', {},
            element('h3', {}, element('span.swatch',
                { style: `background:${look.fill};color:${look.ink}` },
                look.letter), `Frame ${hex(pfn)}: ${look.name}`),
            ...owners.slice(0, 8).map(o => element('button.owner',
                { type: 'button', onclick: () => this.view.select(o) },
                ownerName(state, o))),
            owners.length > 8 ? `and ${owners.length - 8} more` : '');
    }
}
