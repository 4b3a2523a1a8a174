// The page that a server shows while Teak runs: the events come in, and when
// Teak has ended it says so. Prints lines for prove.
//
//     node tests/web/live.mjs IMAGE CHROMIUM

import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { launch, patience, report, sleep } from './browser.mjs';

const [,, image, chromium] = process.argv;
const { ok, is, like, end } = report();

// ---- Teak, with its terminal on pipes ----

const view = spawn('tools/view', ['--image', image, '--mem', '16']);
let said = '';
for (const stream of [view.stdout, view.stderr])
    stream.on('data', data => { said += data; });
const ended = new Promise(done => view.on('exit', done));

// Wait until the terminal shows it.
async function expect(pattern) {
    for (let ms = 0; ms < 60000 * patience; ms += 50) {
        const found = pattern.exec(said);
        if (found)
            return found;
        await sleep(50);
    }
    view.kill();
    throw new Error(`no ${pattern} in: ${said}`);
}

const [, url, port] = await expect(/(http:\/\/127\.0\.0\.1:(\d+)\/)/);
await expect(/teak\$ $/);
const { browser, page, complaints } = await launch(chromium);
await page.goto(url, { waitUntil: 'domcontentloaded' });
const shown = what => page.waitForFunction(what);

await shown(() => window.teak?.model.length > 300);
ok(true, 'a page that comes late has what happened before');
view.stdin.write('forkdemo\n');
await shown(() => window.teak.story.rows.length === 10);
like(await page.$eval('h1', e => e.textContent),
     /nobody saw the other's$/, 'and goes on with the terminal');
ok(await page.evaluate(() => window.teak.player.following), 'it follows');
await page.keyboard.press('c');
await page.keyboard.press('C');
await shown(() => window.teak.player.state.count('COW') > 0 &&
                  !window.teak.player.following);
const at = await page.evaluate(() => window.teak.player.at);
const before = await page.evaluate(() => window.teak.model.length);
view.stdin.write('ls\n');
await page.waitForFunction(n => window.teak.model.length > n + 50, {}, before);
is(await page.evaluate(() => window.teak.player.at), at,
   'who has gone back is left there');
await page.keyboard.press(']');
await shown(() => window.teak.player.at === window.teak.model.length);
ok(true, ']: to the end again');
is(await page.evaluate(() => window.teak.model.bad +
                             window.teak.model.missing), 0,
   'every event is there and understood');

// ---- who may ask for what ----

const asked = (path, host) => new Promise((done, fail) =>
    get({ host: '127.0.0.1', port, path, headers: host ? { host } : {} },
        r => { r.resume(); done(r.statusCode); }).on('error', fail));
is(await asked('/model.js'), 200, 'a module is served');
is(await asked('/../Makefile'), 404, 'nothing else is');
is(await asked('/package.json'), 404, 'of no kind');
is(await asked('/events', 'elsewhere.example'), 403,
   'and to no other site\'s page');

view.stdin.write('\x01x');
is(await ended, 0, 'Ctrl-A X ends it');
await shown(() => /Teak has ended/.test(
    document.querySelector('.warning').textContent));
ok(true, 'and the page says so');
is(complaints.join(), '', 'the browser has no complaints');
await browser.close();
end();
