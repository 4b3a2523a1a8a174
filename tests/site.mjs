// site.mjs: use the site that `make web` has built as somebody would, in
// headless Chromium. Prints "ok TEXT" or "not ok TEXT" for each claim.
//
// usage: node site.mjs SITE PUPPETEER CHROMIUM PATIENCE [SHOTS]
//
// SHOTS: a directory for pictures of the screen.
import fs from 'fs';
import http from 'http';
import path from 'path';

const [site, lib, chromium, patience, shots] = process.argv.slice(2);
const { default: puppeteer } = await import(lib);
const limit = ms => ms * Number(patience);

const TYPES = { '.html': 'text/html', '.css': 'text/css', '.txt': 'text/plain',
                '.js': 'text/javascript', '.mjs': 'text/javascript',
                '.wasm': 'application/wasm', '.json': 'application/json' };
const BASE = '/some/where/';            // any directory will do

function ok(right, text, ...why) {
    console.log(`${right ? 'ok' : 'not ok'} ${text}`);
    if (!right)
        console.log(...why.map(w => `# ${JSON.stringify(w)}\n`));
}

// ---- a server of files, and a browser ----

const broken = new Map();               // file: how it is answered instead

function answer(request, response) {
    const name = request.url.slice(BASE.length) || 'index.html';
    const file = path.join(site, name), type = TYPES[path.extname(name)];

    if (broken.has(name)) {
        broken.get(name)(response, file);
    } else if (request.url.startsWith(BASE) && fs.existsSync(file)) {
        response.writeHead(200, type ? { 'content-type': type } : {});
        fs.createReadStream(file).pipe(response);
    } else {
        response.writeHead(404);
        response.end();
    }
}

const server = http.createServer(answer);
await new Promise(done => server.listen(0, '127.0.0.1', done));
const url = `http://127.0.0.1:${server.address().port}${BASE}`;
const browser = await puppeteer.launch({
    executablePath: chromium, headless: true,
    args: ['--no-sandbox', '--disable-dev-shm-usage'] });

async function open(complaints) {
    const page = await browser.newPage();

    await page.setViewport({ width: 1280, height: 720 });
    page.setDefaultTimeout(limit(30000));
    page.on('console', m => /error|warn/.test(m.type()) &&
            complaints.push(m.text()));
    page.on('pageerror', e => complaints.push(e.message));
    return page;
}

async function shot(page, name) {
    if (shots)
        await page.screenshot({ path: path.join(shots, `${name}.png`) });
}

const atPrompt = page => page.waitForFunction(() => teak.shell.ready);

// Until act() has brought the next prompt.
async function prompted(page, act) {
    const n = await page.evaluate(() => teak.shell.prompts);
    await act();
    await page.waitForFunction(was => teak.shell.prompts > was, {}, n);
}

// The line is typed; what is on the terminal then.
async function type(page, line) {
    await atPrompt(page);
    await page.evaluate(() => {
        teak.screen.term.clear();
        teak.screen.focus();
    });
    await prompted(page, () => page.keyboard.type(`${line}\n`));
    await page.evaluate(() => new Promise(done =>
        teak.screen.term.write('', done)));
    return page.evaluate(() => teak.screen.text());
}

// ---- what is claimed ----

async function boots(page) {
    const began = Date.now();

    await page.goto(url);
    await page.waitForFunction(() => globalThis.teak?.shell.ready);
    const took = (Date.now() - began) / 1000;
    ok(took < limit(10), `it boots to the prompt in less than 10 s`, took);
    console.log(`# prompt after ${took} s`);
    await shot(page, 'boot');
}

async function runs(page) {
    ok(/^42 /m.test(await type(page, 'echo $((6 * 7)) it says')),
       'a command that is typed runs');
    const text = 'a line that is pasted\n'.repeat(500);
    await prompted(page, () => page.evaluate(t => teak.screen.term.paste(
        `cat >pasted\n${t}\x04`), text));
    ok(/^ *500 +2500 +11000 pasted/m.test(await type(page, 'wc pasted')),
       'all that is pasted arrives');
}

async function switches(page) {
    const fork = /parent: forks\n(.*\n){2} +(.*)\n/;
    const knob = value => page.waitForFunction(
        v => teak.machine.knobs().cow === v && teak.shell.ready, {}, value);
    const shared = async () =>
        (await type(page, 'cowdemo')).match(fork)?.[2];

    let said = await shared();
    ok(said === 'one frame, two owners', 'fork shares', said);
    await page.click('#knobs input[name=cow]');
    await knob(0);
    said = await shared();
    ok(said === 'two frames: each has its own', 'with the switch off it copies',
       said);
    await type(page, 'vmctl cow on; vmctl policy 2');
    await page.waitForFunction(() => document.querySelector('#knobs select')
        .value === '2' && document.querySelector('#knobs input').checked);
    ok(true, 'the switches show what is set at the prompt');
    await page.select('#knobs select', '0');
    await page.waitForFunction(() => teak.machine.knobs().policy === 0);
    ok(true, 'a policy can be chosen');
}

const tour = page => page.evaluate(() => {
    const { at, reached, waiting, trouble, demo, texts } = teak.guide.tour;
    return { at, reached, waiting, trouble, text: texts[at],
             last: demo.steps.length - 1, title: demo.title,
             place: teak.view.player.at, length: teak.model.length };
});

async function step(page, key, name) {
    await page.keyboard.press(key);
    await page.waitForFunction(() => !teak.guide.tour.waiting ||
                               teak.guide.tour.trouble);
    await page.evaluate(() => new Promise(requestAnimationFrame));
    const t = await tour(page);
    await shot(page, `${name}-${t.at}`);
    return t;
}

// The command of demo n, or another one from now on.
const command = (page, n, other) => page.evaluate(async (i, c) => {
    const { demos } = await import('./demos/all.js');
    return demos[i].command = c ?? demos[i].command;
}, n - 1, other);

// To the last step, each by one key, without the pauses for watchers.
async function demo(page, n) {
    const usual = await command(page, n);

    await atPrompt(page);
    await command(page, n, usual.replace(' -s', ''));
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press(String(n));
    let t = await tour(page);
    while (t.at < t.last && !t.trouble)
        t = await step(page, 'PageDown', `demo${n}`);
    ok(t.at === t.last && !t.trouble, `demo ${n}, ${t.title}, gets to its end`,
       t, await page.evaluate(() => teak.screen.text().slice(-1500)));
    await command(page, n, usual);
}

async function back(page) {
    const end = await tour(page), before = await step(page, 'PageUp', 'back');

    ok(before.at === end.at - 1 && before.place < end.place,
       'one step back, in text and picture', before, end);
    await step(page, 'PageDown', 'forth');
    ok((await tour(page)).place === (await tour(page)).length, 'and forth');
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('Home');
    await page.waitForFunction(() => teak.guide.tour?.reached === 0);
    ok(true, 'from the start');
    await step(page, 'PageDown', 'again');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !teak.guide.tour && teak.shell.ready);
    ok(true, 'in the middle the demo is left, and its program ends');
}

async function fits(page, width, height) {
    await page.setViewport({ width, height });
    await page.evaluate(() => new Promise(ok => setTimeout(ok, 300)));
    const seen = await page.evaluate(() => ({
        page: document.documentElement.scrollWidth,
        screen: document.querySelector('.xterm-screen').offsetWidth,
        room: document.querySelector('#screen').clientWidth,
        columns: teak.screen.term.cols, lines: teak.screen.term.rows }));
    await shot(page, `size-${width}`);
    ok(seen.page <= width && seen.screen <= seen.room && seen.columns === 80 &&
       seen.lines === 25, `80 columns and all else fit into ${width}`, seen);
}

async function restarts(page) {
    await page.evaluate(() => teak.screen.focus());
    await page.keyboard.type('poweroff\n');
    await page.waitForFunction(() => /is off/.test(
        document.getElementById('status').textContent));
    ok(true, 'that Teak is off is told');
    await prompted(page, () => page.click('#reboot'));
    await type(page, 'echo gone >kept');
    await prompted(page, () => page.click('#reboot'));
    ok(/cannot|not found|No such/.test(await type(page, 'cat kept')),
       'after a restart the disk is as it was built');
}

async function stream(page) {
    const seen = await page.evaluate(() => ({
        bad: teak.model.badLines, missing: teak.model.missing,
        lost: teak.model.state.count('lost'), events: teak.model.length }));
    ok(seen.bad.length === 0 && seen.missing === 0 && seen.lost === 0,
       'every event has come and was understood', seen);
}

// ---- what goes wrong is told in words ----

async function tells(name, pattern, how, before = () => { }) {
    const page = await open([]);

    broken.clear();
    if (name)
        broken.set(name, how);
    await before(page);
    await page.goto(url);
    await page.waitForSelector('#trouble:not([hidden])');
    const text = await page.$eval('#trouble p', p => p.textContent);
    ok(pattern.test(text), `told in words: ${pattern.source}`, text);
    await shot(page, 'trouble');
    await page.close();
    broken.clear();
}

const missing = response => {
    response.writeHead(404);
    response.end();
};
const half = (response, file) => {
    const bytes = fs.readFileSync(file);
    response.writeHead(200);
    response.end(bytes.subarray(0, bytes.length / 2));
};

async function troubles() {
    await tells('teak.img.gz', /teak\.img\.gz could not.*404/, missing);
    await tells('teak.img.gz', /disk image is damaged/, half);
    await tells('v86/v86.wasm', /emulator is damaged/, half);
    await tells('tour.js', /part of this page could not be loaded/, missing);
    await tells('', /no WebAssembly/, null, page =>
        page.evaluateOnNewDocument(() => { delete globalThis.WebAssembly; }));
}

async function all() {
    const complaints = [], page = await open(complaints);

    await boots(page);
    await page.setOfflineMode(true);    // no server is needed from here on
    await runs(page);
    await switches(page);
    await demo(page, 1);
    await page.keyboard.press('Escape');
    await demo(page, 2);
    await back(page);
    for (const n of [3, 4, 5, 6]) {
        await demo(page, n);
        await page.keyboard.press('Escape');
    }
    await stream(page);
    await restarts(page);
    for (const [width, height] of [[1920, 1080], [800, 1000]])
        await fits(page, width, height);
    ok(complaints.length === 0, 'the console has no complaints', complaints);
    await page.close();
    await troubles();
}

try {
    await all();
} catch (e) {
    ok(false, `the test got to its end: ${e.stack}`);
}
await browser.close();
server.close();
console.log('done');
