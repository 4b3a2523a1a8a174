// page.js: the viewer on a page of its own. The stream is in the page, as
// tools/picture has put it there, or comes from the server (tools/view).

import { Model } from './model.js';
import { View } from './view.js';

const root = document.getElementById('view');
const recording = document.getElementById('recording');
const model = new Model();

// The text that gzip and base64 made of the recording.
async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream()
        .pipeThrough(new DecompressionStream('gzip'));
    return new Response(stream).text();
}

// Keys work wherever the focus is.
function takeKeys(view) {
    document.addEventListener('keydown', e => {
        if (!root.contains(e.target))
            view.key(e);
    });
    root.focus();
}

// It is shown from the first mark on, or from the end of the snapshot.
async function showRecording() {
    model.feed(await unpack(recording.textContent.trim()));
    model.finish();
    root.dataset.title = document.title;
    const view = new View(root, model);
    if (!view.player.jump(1, 'mark')) {
        view.player.go(0);
        view.player.step(1);
    }
    takeKeys(view);
    window.teak = view;
}

async function showLive() {
    const view = new View(root, model);
    takeKeys(view);
    window.teak = view;
    try {
        const answer = await fetch('events');
        if (!answer.ok)
            throw new Error(`the server says ${answer.status}`);
        const reader = answer.body.pipeThrough(new TextDecoderStream())
            .getReader();
        for (let r = await reader.read(); !r.done; r = await reader.read())
            model.feed(r.value);
        model.finish();
        view.trouble = 'Teak has ended: this is where it was';
    } catch (e) {
        view.trouble = `No more events (${e.message}); reload the page`;
    }
    view.refresh();
}

(recording ? showRecording() : showLive()).catch(e => {
    root.textContent = `This page cannot be shown: ${e.message}`;
});
