import { describe, expect, test, vi } from 'vitest';
import { pictureOf } from '../../test/drawn-chart.js';
import {
  dailyColumns,
  dailyRows,
  monthBubbles,
  monthRows,
  sampleChart,
  sampleColumn,
  sampleReport,
  sessionBars,
  sessionRows,
  weeklyChart,
  weeklyRows,
} from '../../test/sample-charts.js';
import { chartSpec } from './chart-spec.js';
import { pngZoom } from './draw-png.js';
import { drawSvg } from './draw-svg.js';
import { THEMES } from './theme.js';

// The first picture of a process reads Vega, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const LOOK = { theme: 'light', width: 640 } as const;

test('the same chart gives the same specification and the same bytes', async () => {
  const { report, chart, columns, rows } = dailyColumns(dailyRows(30));
  const specs = [1, 2].map(() => chartSpec(report, chart, columns, rows, LOOK));
  expect(specs[0]).toEqual(specs[1]);
  const vega = specs[0]?.vega ?? {};
  expect(await drawSvg(vega, rows)).toBe(await drawSvg(vega, rows));
});

test('a picture can stand in a page that allows no inline style and no script', async () => {
  for (const { report, chart, columns, rows } of [
    sessionBars(sessionRows(3)),
    dailyColumns(dailyRows(3)),
    monthBubbles(monthRows(3)),
  ]) {
    const svg = await drawSvg(chartSpec(report, chart, columns, rows, LOOK).vega, rows);
    expect(svg).not.toMatch(/\sstyle=|<style|<script|\son\w+=|href=/);
    expect(svg).not.toMatch(/(?:src|url)\s*[(=]\s*["']?https?:/);
  }
});

test('a specification is plain data: what a browser gets as JSON draws the same', async () => {
  const { report, chart, columns, rows } = monthBubbles(monthRows(6));
  const { vega } = chartSpec(report, chart, columns, rows, LOOK);
  const sent = JSON.parse(JSON.stringify({ vega, rows }));
  expect(await drawSvg(sent.vega, sent.rows)).toBe(await drawSvg(vega, rows));
});

describe('bars', () => {
  test('stand in the order of the rows, one for each, with full ids said to screen readers', async () => {
    const rows = [
      { session_id: 'twice', answers: '5' },
      { session_id: 'b', answers: '1204' },
      { session_id: 'twice', answers: '7' },
    ];
    const { marks, texts } = await pictureOf(sessionBars(rows));
    expect(marks.map(({ said }) => said)).toEqual([
      'Session: twice; Answers: 5',
      'Session: b; Answers: 1\u202f204',
      'Session: twice; Answers: 7',
    ]);
    expect(marks.map(({ top }) => top)).toEqual(marks.map(({ top }) => top).toSorted((a, b) => a - b));
    expect(texts.filter(({ role }) => role === 'axis-label').map(({ text }) => text)).toEqual(['twice', 'b', 'twice']);
    expect(texts.filter(({ role }) => role === 'mark').map(({ text }) => text)).toEqual(['5', '1\u202f204', '7']);
  });

  test('have ids cut in the middle on a narrow picture, and whole in their words', async () => {
    const rows = sessionRows(3);
    const { marks, texts } = await pictureOf(sessionBars(rows), { width: 320 });
    const labels = texts.filter(({ role }) => role === 'axis-label').map(({ text }) => text);
    expect(labels.every((label) => /^5f.*….*12$/.test(label))).toBe(true);
    expect(marks.map(({ said }) => said.includes('…'))).toEqual([false, false, false]);
    expect(marks[0]?.said).toContain(String(rows[0]?.['session_id']));
  });

  test('without a value are no bars of zero length unsaid: the dash stands there', async () => {
    const { texts, marks } = await pictureOf(
      sessionBars([
        { session_id: 'a', answers: null },
        { session_id: null, answers: '3' },
      ]),
    );
    expect(texts.filter(({ role }) => role === 'mark').map(({ text }) => text)).toEqual(['–', '3']);
    expect(marks.map(({ said }) => said)).toEqual(['Session: a; Answers: –', 'Session: (no value); Answers: 3']);
  });
});

describe('series', () => {
  const fills = async (rows: ReturnType<typeof weeklyRows>, look = {}) => {
    const { marks } = await pictureOf(weeklyChart('grouped-columns', rows), look);
    const pairs = marks.map(({ said, fill }) => [/Ticket type: ([^;]*)/.exec(said)?.[1] ?? '', fill] as const);
    return new Map(pairs);
  };

  test('keep their colours when a filter hides others', async () => {
    const all = await fills(weeklyRows(3));
    expect(Object.fromEntries(all)).toEqual({ crew: '#2f5fd0', 'in person': '#0f8b8d', online: '#c2690c' });
    const filtered = await fills(weeklyRows(3, ['online']), { colourDomain: ['in person', 'online', 'crew'] });
    expect(Object.fromEntries(filtered)).toEqual({ online: '#c2690c' });
  });

  test('have the same place in both themes', async () => {
    const [light, dark] = [await fills(weeklyRows(2)), await fills(weeklyRows(2), { theme: 'dark' })];
    for (const [name, colour] of light) {
      expect(THEMES.dark.series.indexOf(dark.get(name) ?? '')).toBe(THEMES.light.series.indexOf(colour));
    }
  });

  test('beyond six are summed as Other, in grey, and the subtitle says which', async () => {
    const rows = weeklyRows(2, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    const { spec, marks } = await pictureOf(weeklyChart('stacked-columns', rows));
    const others = marks.filter(({ said }) => said.includes('Other'));
    expect(others).toHaveLength(2);
    expect(new Set(others.map(({ fill }) => fill))).toEqual(new Set([THEMES.light.mute]));
    expect(spec.subtitle).toMatch(/Other: g, h$/);
  });

  test('that must not be summed are left out beyond six, and the subtitle says so', async () => {
    const sample = weeklyChart('grouped-columns', weeklyRows(2, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']));
    const columns = sample.columns.map((column) => ({ ...column, additive: 'none' as const }));
    const { spec, marks } = await pictureOf({ ...sample, columns });
    expect(marks).toHaveLength(12);
    expect(spec.subtitle).toMatch(/The 6 largest are shown; left out: g, h$/);
  });
});

describe('subtitles', () => {
  test('name the unit where their words do not, and the rows that a limit left out', () => {
    const { report, chart, columns, rows } = sessionBars(sessionRows(30));
    const plain = chartSpec(report, { ...chart, title: 'Sessions', subtitle: 'Largest first' }, columns, rows, {
      ...LOOK,
      leftOut: 1200,
    });
    expect(plain.subtitle).toBe('Largest first (answers) · The first 30 of 1\u202f230');
    expect(chartSpec(report, chart, columns, rows, LOOK).subtitle).toBe('Answers given in each session, largest first');
  });

  test('say which facets are left out', () => {
    const { report, chart, columns, rows } = dailyColumns(dailyRows(3, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']));
    expect(chartSpec(report, chart, columns, rows, LOOK).subtitle).toMatch(
      /The 6 largest of 8 are shown; left out: a, b$/,
    );
  });
});

test('a line has a hole where a day has no row', async () => {
  const rows = ['01', '02', '05', '06'].map((day) => ({ day: `2026-08-${day}`, events: '4' }));
  const columns = [
    sampleColumn('day', 'date', 'day', { label: 'Day', inGrain: true }),
    sampleColumn('events', 'int8', 'int', { label: 'Events', unit: 'events', additive: 'sum' }),
  ];
  const chart = sampleChart('lines', 'Events', { x: 'day', y: 'events' });
  const svg = await drawSvg(chartSpec(sampleReport(columns), chart, columns, rows, LOOK).vega, rows);
  expect(
    svg.match(/<path aria-label[^>]*|<path d="M[^"]*L[^"]*"/g)?.filter((path) => /d="M[^"]*L/.test(path)),
  ).toHaveLength(2);
});

test('every bubble is in its place, and its area grows with its count', async () => {
  const rows = [1, 4, 9].map((count) => ({
    month: '2026-08-01',
    sessions: String(count),
    top_users: String(count * 100),
  }));
  const { marks } = await pictureOf(monthBubbles(rows));
  const widths = marks.map(({ left, right }) => right - left).toSorted((a, b) => a - b);
  expect(marks).toHaveLength(3);
  expect((widths[2] ?? 0) / (widths[0] ?? 1)).toBeGreaterThan(2);
  expect(marks.map(({ said }) => said)).toContain('Month: Aug 2026; Sessions: 9; Top users: 900 users');
});

test('the description says how many marks there are, the largest, the smallest and the sum', () => {
  const { report, chart, columns, rows } = sessionBars(sessionRows(2));
  const [first, second] = rows.map((row) => String(row['session_id']));
  expect(chartSpec(report, chart, columns, rows, LOOK).description).toBe(
    `Answers per session: 2 bars. Largest: ${first} with 18\u202f204 answers; smallest: ${second} with 10\u202f455 answers. Together 28\u202f659 answers.`,
  );
});

test('without rows there is a picture of the same width with a sentence in it', async () => {
  const { spec, texts, width } = await pictureOf(sessionBars([]), { width: 480 });
  expect(width).toBe(480);
  expect(texts.map(({ text }) => text)).toContain('There are no rows to show here.');
  expect(spec.description).toBe('Answers per session: There are no rows to show here.');
});

test('the width stays within its bounds', () => {
  const { report, chart, columns, rows } = sessionBars(sessionRows(2));
  const width = (asked: number) => chartSpec(report, chart, columns, rows, { theme: 'light', width: asked }).width;
  expect([width(1), width(640.4), width(99_999)]).toEqual([320, 640, 1600]);
});

test('a PNG is twice the size of its SVG, and less where it would be too large to open', () => {
  const zoom = (width: number, height: number) =>
    pngZoom(`<svg xmlns="x" width="${width}" height="${height}" viewBox="0 0 1 1">`);
  expect(zoom(900, 600)).toBe(2);
  expect(zoom(900, 30_000)).toBeCloseTo(16_000 / 30_000);
  expect(1600 * 8000 * zoom(1600, 8000) ** 2).toBeLessThanOrEqual(24_000_000);
});
