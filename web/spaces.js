// spaces.js: the panel of address spaces: for each process its regions, for
// each region its pages.
//
// Runs of pages that are never touched are one cell. A process whose memory
// never changes is its headline only, until it is chosen.

import { Cells } from './cells.js';
import { pageLook } from './look.js';
import { pageKey } from './state.js';
import { address, plural } from './words.js';

const HEAD = 30, LABEL = 20, GAP = 8, INDENT = 14;  // at scale 1
const SIDE = 24, SMALL = 8;         // of a page's cell; where there are many
const MANY = 400;                   // pages of a process
const RUN = 3;                      // pages never there: one cell

export class SpacesPanel extends Cells {
    constructor(view, element) {
        super(view, element, 'Address spaces, a cell for each page; ' +
              'arrow keys move');
        this.toggled = new Set();   // pids whose state is not the usual one
    }

    get side() { return Math.round(SIDE * this.view.scale); }
    get head() { return HEAD * this.view.scale; }
    get label() { return LABEL * this.view.scale; }

    toggle(pid) {
        if (!this.toggled.delete(pid))
            this.toggled.add(pid);
    }

    open(pid) {
        return this.view.model.active.has(pid) !== this.toggled.has(pid);
    }

    // The youngest first: they are what one wants to see.
    layout(width) {
        const { state } = this.view.player;
        const procs = [...state.procs.values()].sort((a, b) => b.pid - a.pid);
        let y = 0;
        for (const open of [true, false])
            for (const p of procs)
                if (this.open(p.pid) === open)
                    y = this.addProcess(p, y, width, open);
        return Math.max(y, 1);
    }

    addProcess(p, y, width, open) {
        const space = this.view.player.state.spaces.get(p.space);
        this.cells.push({ x: 1, y, w: width - 2, h: this.head - 4, proc: p,
                          space, open, key: `p${p.pid}`, what: { pid: p.pid } });
        y += this.head;
        if (!open || !space)
            return y;
        const side = space.entries.size > MANY ? SMALL : this.side;
        const regions = [...space.regions.values()];
        for (const r of regions.sort((a, b) => a.start - b.start))
            y = this.addRegion(p, r, y, width, side);
        return y + GAP;
    }

    addRegion(p, r, y, width, side) {
        this.cells.push({ x: INDENT, y, w: width - INDENT - 2, h: this.label,
                          region: r, key: `r${p.space}.${r.start}`,
                          what: { space: p.space, region: r.start } });
        y += this.label;
        let x = INDENT;
        for (const run of this.pageRuns(p.space, r)) {
            const w = run.n > 1 ? this.runWidth(run.n, side) : side;
            if (x + w > width - 2) {
                x = INDENT;
                y += side;
            }
            this.addPage(p, run, x, y, w, side);
            x += w;
        }
        return y + side + 3;
    }

    addPage(p, run, x, y, w, h) {
        this.cells.push({ x, y, w, h, ...run, space: p.space,
                          key: `v${pageKey(p.space, run.vpn)}`,
                          what: { space: p.space, vpn: run.vpn, n: run.n } });
    }

    runWidth(n, side) {
        return side === SMALL ? 6 * SMALL : Math.ceil(
            (String(n).length * 9 + 24) / SIDE) * this.side;
    }

    // {vpn, n}: n > 1 for a run of pages that are never touched.
    pageRuns(space, r) {
        const { pages } = this.view.model, runs = [];
        for (let vpn = r.start / 4096; vpn < r.end / 4096; ) {
            let n = 0;
            while (vpn + n < r.end / 4096 &&
                   !pages.has(pageKey(space, vpn + n)))
                n++;
            if (n >= RUN)
                runs.push({ vpn, n });
            else
                for (let i = 0; i < Math.max(n, 1); i++)
                    runs.push({ vpn: vpn + i, n: 1 });
            vpn += Math.max(n, 1);
        }
        return runs;
    }

    paint(ctx, cell) {
        if (cell.proc)
            this.paintHead(ctx, cell);
        else if (cell.region)
            this.paintLabel(ctx, cell);
        else
            this.paintPage(ctx, cell);
    }

    paintHead(ctx, { x, y, w, h, proc, space, open }) {
        const { colours, player } = this.view;
        const cpu = player.state.cpus.indexOf(proc.pid);
        ctx.fillStyle = cpu >= 0 ? colours.now : colours.raised;
        ctx.fillRect(x, y, w, h);
        const text = `${open ? '▾' : '▸'} ${proc.name}  (${proc.pid})`;
        const more = proc.zombie ? 'zombie: waits to be waited for'
            : !space ? 'no memory'
            : plural(space.resident, 'page') +
              (space.swapped ? `, ${space.swapped} swapped` : '') +
              (cpu >= 0 ? `; runs on CPU ${cpu}` : '');
        const colour = cpu >= 0 ? '#000' : colours.ink;
        this.text(ctx, text, x + 6, y + h / 2, { bold: true, size: 17,
                                                 colour });
        const from = x + ctx.measureText(text).width + 20;
        this.text(ctx, more, from, y + h / 2, { colour, width: w - from });
    }

    paintLabel(ctx, { x, y, w, region: r }) {
        const text = `${r.kind}  ${r.rights}  ` +
            `${address(r.start)}-${address(r.end)}` +
            (r.ino ? `  file ${r.ino}` : '') + (r.shared ? '  shared' : '');
        this.text(ctx, text, x, y + this.label / 2 + 1,
                  { size: 14, colour: this.view.colours.soft, width: w });
    }

    paintPage(ctx, cell) {
        const { state } = this.view.player;
        if (cell.n > 1) {
            this.tile(ctx, { ...cell, w: cell.w }, 'empty',
                      cell.h > SMALL ? `· ${cell.n} ·` : '');
            return;
        }
        const look = pageLook(state, cell.space, cell.vpn);
        this.tile(ctx, cell, look);
    }
}
