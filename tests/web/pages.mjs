// A picture in headless Chromium, from its file: looked at, stepped, scrubbed
// and searched by keyboard. Prints lines for prove.
//
//     node tests/web/pages.mjs FILE.html CHROMIUM

import { pathToFileURL } from 'node:url';
import { launch, report } from './browser.mjs';

const [,, file, chromium] = process.argv;
const { ok, is, like, end } = report();
const { browser, page, complaints, asked } = await launch(chromium);

const text = selector => page.$eval(selector, e => e.textContent);
// Everything has been drawn: the viewer draws once for each frame.
const drawn = () => page.evaluate(() => new Promise(done =>
    requestAnimationFrame(() => requestAnimationFrame(done))));
async function press(...keys) {
    for (const key of keys)
        await page.keyboard.press(key);
    await drawn();
}
const now = () => text('.now');
const at = () => page.evaluate(() => window.teak.player.at);

await page.goto(pathToFileURL(file).href);
await page.waitForFunction(() => window.teak && !window.teak.pending);

// ---- at the first mark ----

is(await text('h1'), 'parent: writes to 4 pages',
   'it begins at the first mark');
is(await page.title(), 'fork & <look>', 'its title is the command');
like(await text('.counters'), /^1,586 frames free · 54 cached, 6 dirty/,
     'the counters');
is(await page.$$eval('.mark', all => all.length), 6, 'all marks are listed');
is((await page.$$eval('.mark', all => all[1].textContent)),
   'parent: forks </script><b>', 'a mark is text, whatever it says');

// ---- events in words ----

await press('.', '.');
is(await now(), 'CPU 1: forkdemo (6) writes to 00206004, which nothing has ' +
   'touched: it gets frame 230, all zeroes.', 'a step: a fault, in words');
like(await text('.explain'), /fill_zero\(\) in vm\.c; .*docs\/04-faults\.md/,
     'with the kernel function and the chapter');
like(await text('.treeBox'), /\[206\]00230067present, writable, user/,
     'the walk to it, with the bits in words');
const before = await at();
await press(',');
is(await at(), before - 1, 'a step back');
await press('c');
is(await now(), 'CPU 0: forkdemo (7) writes to 00206000, in frame 230, which ' +
   'it shares: it gets a copy of its own, frame 240.', 'the next COW');
like(await text('.explain'), /copy_on_write\(\).*docs\/05-fork\.md/,
     'it is in the chapter on fork');
await press('c', 'c');
like(await now(), /last owner.*nothing is copied/, 'the sole owner\'s');
await press('C');
like(await now(), /00207000.*frame 241/, 'and back to the one before');
await press('e');
like(await now(), /is short: the page of forkdemo \(7\) at 00207000/,
     'an eviction');
await press('o');
like(await now(), /process 7 with 4 pages has to die/, 'out of memory');
await press('o');
is(await text('h1'), 'There is no out of memory after this.',
   'where there is no further one, it says so');
await press('M', 'M');
is(await text('h1'), 'parent: writes to page 0, and is its last owner',
   'marks backwards');

// ---- the time line, by keyboard ----

await page.focus('.timeline canvas');
await press('End');
const length = await at();
is(length, await page.evaluate(() => window.teak.model.length), 'to the end');
await press('Home', 'ArrowRight');
is(await now(), 'CPU 0: the snapshot is complete.',
   'the snapshot is one step');
await press('x', 'PageUp');
ok(await at() > 490, 'and pages', await at());
const box = await (await page.$('.timeline canvas')).boundingBox();
await page.mouse.click(box.x + box.width - 4, box.y + 20);
await drawn();
ok(await at() >= length - 1, 'the mouse scrubs', await at());

// ---- pages and frames, by keyboard and mouse ----

await press('[', 'm', 'm', 'c', ',', ',');
await page.focus('.spacesBox canvas');
await press('Home', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown',
            'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight');
like(await text('.explain'), /^forkdemo \(7\) at 00207000 is in frame 231 /,
     'arrow keys go to a page');
like(await text('.explain'), /forkdemo \(6\) at 00207000, forkdemo \(7\) at/,
     'whose frame names all its owners');
is(await page.evaluate(() => [...window.teak.linked].sort().join()),
   [`f${0x231}`, `v${0x210 * 0x100000 + 0x207}`,
    `v${0x220 * 0x100000 + 0x207}`].join(), 'and is linked to them');
await press('Enter', '.');
like(await text('.explain'), /00207000/, 'Enter keeps it');
await press('Escape');
await page.focus('.memoryBox canvas');
await press('Home');
like(await text('.explain'), /Frames 0 to 18f: the kernel's/,
     'long runs of frames are one bar');
await press('ArrowDown');
like(await text('.explain'), /Frame 190, file in the cache.*mapped by sh \(2\)/,
     'and others a cell each');

// ---- the keys, the looks ----

await page.focus('.eventsBox');
await press('ArrowDown');
like(await text('.row.here'), /./, 'the list of events shows where one is');
await press('?');
ok(await page.$eval('dialog', d => d.open), '? lists the keys');
await press('Escape');
const theme = () => page.$eval('#view', e => e.dataset.theme);
const was = await theme();
await press('t');
ok(await theme() !== was, 't turns light and dark');
await press('[', ' ');
await page.waitForFunction(() => window.teak.player.at > 495);
await press(' ');
ok(!await page.evaluate(() => window.teak.player.playing), 'Space plays');

for (const [width, height] of [[1280, 720], [1920, 1080]]) {
    await page.setViewport({ width, height });
    await drawn();
    const out = await page.evaluate(() => {
        const { innerWidth: w, innerHeight: h } = window;
        return [...document.querySelectorAll(
            'header, .panel, .controls, .timeline, .box > canvas, button')]
            .map(e => [e, e.getBoundingClientRect()])
            .filter(([e, r]) => r.width && (r.right > w + 1 || r.left < 0 ||
                    !e.closest('.box') && (r.bottom > h + 1 || r.top < 0)))
            .map(([e]) => e.className || e.textContent).join() +
            (document.documentElement.scrollHeight > h ? ' page' : '');
    });
    is(out, '', `nothing sticks out at ${width}x${height}`);
}
is(complaints.join(), '', 'the browser has no complaints');
is(asked.filter(u => !/^(file|data|blob):/.test(u)).join(), '',
   'and needed no network');
await browser.close();
end();
