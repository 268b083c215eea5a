import { describe, expect, test } from 'vitest';
import { cutOff, overlaps, pictureOf } from '../../test/drawn-chart.js';
import {
  dailyColumns,
  dailyRows,
  monthBubbles,
  monthRows,
  sessionBars,
  sessionRows,
  weeklyChart,
  weeklyRows,
  type SampleChart,
} from '../../test/sample-charts.js';
import type { Chart } from '../report.js';
import type { Row } from '../shown/api.js';

const with_ = (sample: SampleChart, parts: Partial<Chart>): SampleChart => ({
  ...sample,
  chart: { ...sample.chart, ...parts },
});
const without = (sample: SampleChart, ...parts: readonly ('color' | 'facet')[]): SampleChart => ({
  ...sample,
  chart: Object.fromEntries(
    Object.entries(sample.chart).filter(([key]) => !parts.some((part) => part === key)),
  ) as unknown as Chart,
});

const LONG = 'a name that is far longer than any axis has room for, and then some more';
const NAMES = [
  'Zoë ✓ Ünïcödé',
  '日本語のセッション',
  'Пленарное заседание',
  '👩🏽‍💻 emoji 🎉🎉🎉',
  '',
  '<b>&amp;"\'',
  '__proto__',
  LONG,
];
const oddBars: readonly Row[] = [
  ...NAMES.map((session_id, at) => ({ session_id, answers: String((at - 3) * 1234) })),
  { session_id: null, answers: '17' },
  { session_id: 'none', answers: null },
  { session_id: LONG, answers: '9007199254740993' },
];
const tickets = ['in person', 'online', 'crew', 'speaker', 'press', 'staff', 'student', 'partner', 'late'];

const SAMPLES: Readonly<Record<string, SampleChart>> = {
  'bars, 30': sessionBars(sessionRows(30)),
  'bars, one': sessionBars(sessionRows(1)),
  'bars, odd values': sessionBars(oddBars),
  'bars, all zero': sessionBars(sessionRows(3).map((row) => ({ ...row, answers: '0' }))),
  'bars by colour in facets': with_(dailyColumns(dailyRows(6)), { kind: 'bars', x: 'events', y: 'day' }),
  'columns of weeks': without(weeklyChart('columns', weeklyRows(16, ['all'])), 'color'),
  'columns, one': without(weeklyChart('columns', weeklyRows(1, ['all'])), 'color'),
  'columns of names': without(weeklyChart('columns', weeklyRows(1, [...tickets, LONG]), { x: 'ticket' }), 'color'),
  'columns of 60 names': without(
    weeklyChart(
      'columns',
      weeklyRows(
        1,
        sessionRows(60).map((row) => String(row['session_id'])),
      ),
      { x: 'ticket' },
    ),
    'color',
  ),
  'grouped days in facets': dailyColumns(dailyRows(30)),
  'grouped days, eight facets, 90 days': dailyColumns(dailyRows(90, ['a', 'b', 'c', 'd', 'e', 'f', LONG, 'h'])),
  'grouped days': without(dailyColumns(dailyRows(14, ['app_opened'])), 'facet'),
  'grouped by nine': weeklyChart('grouped-columns', weeklyRows(6, tickets)),
  'stacked weeks': weeklyChart('stacked-columns', weeklyRows(16)),
  'stacked by nine': weeklyChart('stacked-columns', weeklyRows(40, tickets)),
  lines: weeklyChart('lines', weeklyRows(16)),
  'lines that end close': weeklyChart('lines', weeklyRows(12, tickets.slice(0, 5).concat(LONG))),
  'lines, nine': weeklyChart('lines', weeklyRows(40, tickets)),
  'lines, one point': weeklyChart('lines', weeklyRows(1, ['all'])),
  'lines in facets': with_(dailyColumns(dailyRows(30)), { kind: 'lines' }),
  bubbles: monthBubbles(monthRows(12)),
  'bubbles, one': monthBubbles(monthRows(1).slice(0, 1)),
  'bubbles, 40 months': monthBubbles(monthRows(40)),
  'no rows': sessionBars([]),
  'no values': sessionBars([{ session_id: 'a', answers: null }]),
};

describe.each(Object.entries(SAMPLES))('%s', { timeout: 30_000 }, (name, sample) => {
  test.each([320, 900])(
    'at %i pixels: no text is cut off or lies over another, and the size is as said',
    async (width) => {
      const picture = await pictureOf(sample, { width });
      expect(picture.width).toBe(width);
      expect(picture.height).toBe(picture.spec.height);
      expect(cutOff(picture)).toEqual([]);
      // Two thousand bars are compared by the first hundred.
      expect(overlaps(picture.texts.slice(0, 220))).toEqual([]);
      expect(picture.texts.filter(({ text }) => /undefined|NaN|\bnull\b|\[object/.test(text))).toEqual([]);
      expect(
        picture.marks.every(({ said }) => said !== '' && !/undefined|NaN|\[object/.test(said)),
        name,
      ).toBe(true);
    },
  );
});

test('two thousand bars are drawn, each with its value', { timeout: 30_000 }, async () => {
  const picture = await pictureOf(sessionBars(sessionRows(2000)), { width: 1600 });
  expect(picture.marks).toHaveLength(2000);
  expect(cutOff(picture)).toEqual([]);
  expect(overlaps(picture.texts.slice(0, 150))).toEqual([]);
});
