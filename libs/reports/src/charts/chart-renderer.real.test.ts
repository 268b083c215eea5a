import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { until } from '@rollcall/testkit';
import { dailyColumns, dailyRows } from '../../test/sample-charts.js';
import { ChartRenderer } from './chart-renderer.js';
import { chartSpec } from './chart-spec.js';
import { drawSvg } from './draw-svg.js';
import { FROM_SOURCE } from './start-worker.js';

const { report, chart, columns, rows } = dailyColumns(dailyRows(30));
const { vega, width, height } = chartSpec(report, chart, columns, rows, { theme: 'light', width: 640 });

/** Takes years: the expression tries every way to split the text. */
const ENDLESS = {
  $schema: 'https://vega.github.io/schema/vega/v6.json',
  signals: [{ name: 'never', update: `test(regexp('(a+)+$'), '${'a'.repeat(60)}b')` }],
  marks: [],
};

test('a thread draws what this thread would, the same bytes each time', async () => {
  await using renderer = new ChartRenderer();
  const pictures = await Promise.all([1, 2, 3, 4, 5].map(() => renderer.render(vega, rows, 'svg')));
  expect(new Set(pictures)).toEqual(new Set([await drawSvg(vega, rows)]));
});

test('a thread specifies what this thread would; one that is kept is there before it is asked and stays', async () => {
  await using renderer = new ChartRenderer({ workers: 1, keepOne: true, idleSeconds: 0.05 });
  expect(renderer.threads).toBe(1);
  const look = { theme: 'dark', width: 800, leftOut: 3 } as const;
  expect(await renderer.specify({ report, chart, columns, rows, look })).toEqual(
    chartSpec(report, chart, columns, rows, look),
  );
  await expect(
    renderer.specify({ report, chart: { ...chart, x: 'nowhere' }, columns, rows, look }),
  ).rejects.toMatchObject({ reason: 'failed' });
  await using other = new ChartRenderer({ workers: 1, idleSeconds: 0.05 });
  await other.render(vega, rows, 'svg');
  await until(() => other.threads === 0, { what: 'the end of a thread that is not kept' });
  expect(renderer.threads).toBe(1);
});

test('a PNG is twice the size, and has text in it', async () => {
  await using renderer = new ChartRenderer({ workers: 1 });
  const [first, second] = [await renderer.render(vega, rows, 'png'), await renderer.render(vega, rows, 'png')];
  const head = Buffer.from(first);
  expect(head.subarray(1, 4).toString()).toBe('PNG');
  expect([head.readUInt32BE(16), head.readUInt32BE(20)]).toEqual([width * 2, height * 2]);
  expect(Buffer.compare(head, Buffer.from(second))).toBe(0);
  // Without the font there would be no text, and no error: then these two would be the same picture.
  const blank = { $schema: 'https://vega.github.io/schema/vega/v6.json', width: 200, height: 40, marks: [] };
  const titled = await renderer.render({ ...blank, title: { text: 'Answers', font: 'Inter', offset: -30 } }, [], 'png');
  const untitled = await renderer.render({ ...blank, height: 41 }, [], 'png');
  expect(titled.length).toBeGreaterThan(untitled.length * 2);
});

test('a picture that takes too long is given up, and the next is drawn by another thread', async () => {
  await using renderer = new ChartRenderer({ workers: 1, limitSeconds: 3 });
  await expect(renderer.render(ENDLESS, [], 'svg')).rejects.toMatchObject({ reason: 'too-slow' });
  expect(await renderer.render(vega, rows, 'svg')).toContain('<svg');
});

test('a specification that cannot be drawn is said to be, and the thread goes on', async () => {
  await using renderer = new ChartRenderer({ workers: 1 });
  const wrong = { ...vega, marks: [{ type: 'rect', encode: { update: { x: { signal: 'nowhere' } } } }] };
  await expect(renderer.render(wrong, rows, 'svg')).rejects.toMatchObject({ reason: 'failed', message: /nowhere/ });
  await expect(renderer.render({ ...vega, f: () => 1 }, rows, 'svg')).rejects.toMatchObject({ reason: 'failed' });
  expect(await renderer.render(vega, rows, 'svg')).toContain('<svg');
});

test('more than may wait are refused; who gives up is let go, those who wait at the end are turned away', async () => {
  const renderer = new ChartRenderer({ workers: 1, maxWaiting: 2 });
  const drawn = renderer.render(vega, rows, 'svg');
  const abort = new AbortController();
  const givenUp = renderer.render(vega, rows, 'svg', { signal: abort.signal });
  const waiting = renderer.render(vega, rows, 'svg');
  await expect(renderer.render(vega, rows, 'svg')).rejects.toMatchObject({ reason: 'busy' });
  abort.abort(new Error('the visitor left'));
  await expect(givenUp).rejects.toThrow('the visitor left');
  const turnedAway = expect(waiting).rejects.toMatchObject({ reason: 'closed' });
  const ended = expect(drawn).rejects.toMatchObject({ reason: 'closed' });
  await renderer[Symbol.asyncDispose]();
  await Promise.all([turnedAway, ended]);
  await expect(renderer.render(vega, rows, 'svg')).rejects.toMatchObject({ reason: 'closed' });
});

test('a thread without work ends, and the next picture starts another', async () => {
  await using renderer = new ChartRenderer({ workers: 1, idleSeconds: 0.05 });
  const first = await renderer.render(vega, rows, 'svg');
  await until(() => renderer.threads === 0, { what: 'the thread to end' });
  expect(await renderer.render(vega, rows, 'svg')).toBe(first);
});

test('charts are drawn where code must not be made from strings', () => {
  const script = `
    const { ChartRenderer } = await import(${JSON.stringify(new URL('./chart-renderer.ts', import.meta.url).href)});
    const { spec, rows } = JSON.parse(process.argv[1]);
    let refused = false;
    try { new Function('return 1'); } catch { refused = true; }
    const renderer = new ChartRenderer({ workers: 1 });
    const svg = await renderer.render(spec, rows, 'svg');
    await renderer[Symbol.asyncDispose]();
    console.log(JSON.stringify({ refused, svg }));
  `;
  const flags = [
    '--disallow-code-generation-from-strings',
    '--import',
    FROM_SOURCE,
    '--input-type=module',
    '--eval',
    script,
  ];
  const sent = JSON.stringify({ spec: vega, rows: rows.slice(0, 40) });
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, '--', sent], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ refused: true, svg: expect.stringContaining('role="graphics-symbol"') });
});
