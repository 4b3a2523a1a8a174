// A recording that ends with a snapshot, from Teak: does the model know, just
// before it, what it says? Prints one line of JSON.

import { readFileSync } from 'node:fs';
import { Model } from '../../web/model.js';

const model = new Model();
model.feed(readFileSync(process.argv[2], 'utf8'));
model.finish();

const word = i => model.lines[i].split(' ')[4];
let start = model.length - 1;
while (start > 0 && word(start) !== 'start')
    start--;
const before = model.cursor().seek(start);
// Who runs where goes on changing while the snapshot is made.
const isState = text => !text.startsWith('cpu ');
const { top } = model.state;
let frames = 0;                     // without holes
for (let pfn = 0; pfn < top; pfn++) {
    const { kind, ref } = model.state.frame(pfn);
    frames += kind !== 'kernel' || ref > 0;
}
const counts = Object.fromEntries(['COW', 'ZERO', 'FILEPAGE', 'SWAPPED',
    'evictions', 'forks', 'kills', 'lost'].map(n => [n, model.state.count(n)]));
console.log(JSON.stringify({ events: model.length, bad: model.badLines,
    missing: model.missing, snapshot: start > 0, counts, frames,
    differences: before.compare(model.state, 10).filter(isState),
    miscounted: model.state.miscounted(10) }));
