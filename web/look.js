// look.js: what frames and pages look like: name, colour, letter. No DOM.
//
// Colours are Okabe and Ito's, which colour-blind people can tell apart;
// each kind has a letter besides, or, where a cell is too small for that, a
// pattern (cells.js). ink: the letter's colour.

import { P, U, W } from './state.js';

const BLACK = '#000', WHITE = '#fff';

export const LOOKS = {
    free:    { name: 'free', fill: null, letter: '' },
    kernel:  { name: 'the kernel', fill: '#8a8a8a', ink: BLACK, letter: 'K' },
    table:   { name: 'page table', fill: '#F0E442', ink: BLACK, letter: 'T',
               small: 'box' },
    own:     { name: "a process's own", fill: '#0072B2', ink: WHITE,
               letter: 'O' },
    cow:     { name: 'copy-on-write: shared until written',
               fill: '#D55E00', ink: BLACK, letter: 'C', pattern: 'stripes' },
    shared:  { name: 'shared: all see what one writes', fill: '#E69F00',
               ink: BLACK, letter: 'M', small: 'dot' },
    file:    { name: 'file in the cache', fill: '#009E73', ink: BLACK,
               letter: 'F', small: 'bar' },
    swap:    { name: 'swap: cached, or on disk', fill: '#CC79A7', ink: BLACK,
               letter: 'S', small: 'slash' },
    moving:  { name: 'just taken', fill: '#56B4E9', ink: BLACK, letter: '?' },
    empty:   { name: 'empty: comes when touched', fill: null, letter: '·' },
    none:    { name: 'no access', fill: '#8a8a8a', ink: BLACK, letter: 'N' },
};
export const LEGEND = ['own', 'cow', 'shared', 'file', 'swap', 'table',
                       'kernel', 'free', 'empty'];

// The region that a page lies in.
function regionOf(state, { space, vpn }) {
    return state.region(space, vpn * 4096);
}

// Which look has a frame that processes map, but for the cache's.
function mappedLook(state, pfn) {
    const owners = state.owners(pfn);

    if (owners.length < 2)
        return owners.length ? 'own' : 'moving';
    return owners.some(o => regionOf(state, o)?.shared) ? 'shared' : 'cow';
}

// The key in LOOKS of a frame.
export function frameLook(state, pfn) {
    const f = state.frame(pfn);

    if (f.kind !== 'user')
        return f.kind;
    if (f.dev === 'fs')
        return 'file';
    return f.dev === 'swap' ? 'swap' : mappedLook(state, pfn);
}

// The key in LOOKS of a page.
export function pageLook(state, space, vpn) {
    const e = state.entry(space, vpn);

    if (e === 0)
        return 'empty';
    if (!(e & P))
        return 'swap';
    if (!(e & U))
        return 'none';
    if (state.region(space, vpn * 4096)?.shared)
        return 'shared';
    return state.frame(e >>> 12).dev === 'fs' ? 'file' :
        mappedLook(state, e >>> 12);
}

// An entry's bits in words.
export function bitWords(entry) {
    if (entry === 0)
        return ['empty'];
    if (!(entry & P))
        return ['not present', `swap slot ${(entry >>> 12).toString(16)}`];
    return ['present', entry & W ? 'writable' : 'read-only',
            entry & U ? 'user' : 'kernel only',
            ...(entry & 0x20 ? ['accessed'] : []),
            ...(entry & 0x40 ? ['dirty'] : [])];
}
