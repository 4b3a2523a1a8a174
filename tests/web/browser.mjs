// What the tests in a browser share: headless Chromium, and lines for prove.

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

export const patience = Number(process.env.TEAK_PATIENCE) || 1;
export const sleep = ms => new Promise(done => setTimeout(done, ms));

// A page, what the browser complains of, and the addresses it asks for.
export async function launch(chromium) {
    const need = createRequire(new URL('../../web/package.json',
                                       import.meta.url));
    const { default: puppeteer } =
        await import(pathToFileURL(need.resolve('puppeteer-core')));
    const browser = await puppeteer.launch({ executablePath: chromium,
        args: ['--no-sandbox', '--disable-gpu'] });
    const page = await browser.newPage();
    const complaints = [], asked = [];
    page.setDefaultTimeout(30000 * patience);
    page.on('console', m => complaints.push(m.text()));
    page.on('pageerror', e => complaints.push(e.message));
    page.on('request', r => asked.push(r.url()));
    await page.setViewport({ width: 1280, height: 720 });
    return { browser, page, complaints, asked };
}

// ok(good, what), is(got, want, what), like(got, pattern, what), end().
export function report() {
    let n = 0;
    const ok = (good, what, more = '') => {
        console.log(`${good ? '' : 'not '}ok ${++n} - ${what}`);
        if (!good && more !== '')
            console.log(`# ${more}`);
    };
    return { ok, end: () => console.log(`1..${n}`),
        is: (got, want, what) => ok(got === want, what,
                                    `got "${got}", want "${want}"`),
        like: (got, want, what) => ok(want.test(got), what, `got "${got}"`) };
}
