import { describe, expect, test, vi } from 'vitest';
import { formatFault } from '@rollcall/catalog';
import {
  sampleChart,
  sampleColumn,
  sampleReport,
  monthBubbles,
  sessionBars,
  weeklyChart,
  dailyColumns,
} from '../../test/sample-charts.js';
import { chartSpec } from './chart-spec.js';
import { checkChart } from './check-chart.js';
import { checkVegaLite, MAX_VEGA_LITE_BYTES } from './check-vega-lite.js';
import { drawSvg } from './draw-svg.js';

vi.setConfig({ testTimeout: 30_000 });

const FILE = 'reports/sample/scatter.vl.json';
const GOOD = `{
  "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
  "data": { "name": "rows" },
  "transform": [{ "calculate": "datum.answers / datum.participants", "as": "per_head" }],
  "mark": "point",
  "encoding": {
    "x": { "field": "day", "type": "temporal", "timeUnit": "utcyearmonthdate" },
    "y": { "field": "per_head", "type": "quantitative" }
  }
}`;
const COLUMNS = ['day', 'answers', 'participants'];

const faultsOf = (from: string, to: string, columns?: readonly string[]) => {
  expect(GOOD).toContain(from);
  return checkVegaLite(GOOD.replace(from, to), FILE, columns).map(formatFault);
};

test('a specification over the rows of its report is taken', () => {
  expect(checkVegaLite(GOOD, FILE, COLUMNS)).toEqual([]);
});

describe('refused, at its place in the file:', () => {
  const one = (rule: string, place: string) => [
    expect.stringMatching(new RegExp(`^${FILE}:${place}: error: .* \\[${rule}\\]$`)),
  ];

  test.each([
    ['data of a url', '{ "name": "rows" }', '{ "url": "https://example.org/x.csv" }', 'chart-data', '3:3'],
    [
      'data with values of its own',
      '{ "name": "rows" }',
      '{ "name": "rows", "values": [{ "a": 1 }] }',
      'chart-data',
      '3:3',
    ],
    [
      'data that is parsed by expressions',
      '{ "name": "rows" }',
      '{ "name": "rows", "format": { "parse": { "a": "date:\'%Y\'" } } }',
      'chart-data',
      '3:3',
    ],
    [
      'data of a lookup',
      '"as": "per_head" }',
      '"as": "per_head" }, { "lookup": "day", "from": { "key": "day", "data": { "url": "file:///etc/hostname" } } }',
      'chart-data',
      '4:\\d+',
    ],
    ['links', '"mark": "point"', '"mark": { "type": "point", "href": "https://example.org" }', 'chart-loads', '5:38'],
    ['image marks', '"mark": "point"', '"mark": "image"', 'chart-mark', '5:11'],
    ['usermeta', '"mark": "point"', '"usermeta": { "embedOptions": {} }, "mark": "point"', 'chart-key', '5:3'],
    [
      'a config of its own',
      '"mark": "point"',
      '"config": { "background": "red" }, "mark": "point"',
      'chart-key',
      '5:3',
    ],
    ['time units of the machine’s zone', 'utcyearmonthdate', 'yearmonthdate', 'chart-zone', '7:60'],
    ['time axes of the machine’s zone', ', "timeUnit": "utcyearmonthdate"', '', 'chart-zone', '7:36'],
    ['the clock', 'datum.answers / datum.participants', 'now() - datum.answers', 'chart-expression', '4:32'],
    ['chance', 'datum.answers / datum.participants', 'random() * datum.answers', 'chart-expression', '4:32'],
  ])('%s', (_, from, to, rule, place) => {
    expect(faultsOf(from, to)).toEqual(one(rule, place));
  });

  test('a field that is no column, with the nearest name', () => {
    expect(faultsOf('"field": "day"', '"field": "dya"', COLUMNS)).toEqual([
      expect.stringMatching(/:7:21: error: the chart has no column "dya".*day.* \[unknown-column\]$/),
    ]);
    expect(faultsOf('"field": "day"', '"field": "dya"')).toEqual([]);
  });

  test.each([
    ['an unknown mark', '"mark": "point"', '"mark": "blob"'],
    ['an unknown encoding', '"y": {', '"height": {'],
    ['a wrong expression', 'datum.answers / datum.participants', 'datum.answers /'],
    ['an unknown function', 'datum.answers / datum.participants', 'fetch(datum.answers)'],
  ])('%s, in the words of Vega-Lite', (_, from, to) => {
    expect(faultsOf(from, to)).toEqual([expect.stringMatching(/:1:1: error: .+ \[vega-lite\]$/)]);
  });

  test('what is no JSON, at the place where it stops being it', () => {
    expect(checkVegaLite('{\n  "mark": point\n}', FILE)).toMatchObject([{ line: 2, column: 11, rule: 'chart-json' }]);
    expect(checkVegaLite('[]', FILE)).toMatchObject([{ line: 1, rule: 'chart-json' }]);
  });

  test('what is too large', () => {
    expect(checkVegaLite(`"${'x'.repeat(MAX_VEGA_LITE_BYTES)}"`, FILE)).toMatchObject([{ rule: 'chart-size' }]);
  });
});

describe('a specification that came another way', () => {
  const columns = [
    sampleColumn('day', 'date', 'day', { label: 'Day' }),
    sampleColumn('answers', 'int8', 'int', { label: 'Answers' }),
  ];
  const spec = {
    mark: 'bar',
    encoding: { x: { field: 'day', type: 'nominal' }, y: { field: 'answers', type: 'quantitative' } },
  };
  const { kind: _kind, ...base } = sampleChart('bars', 'Authored', {});
  const rows = [{ day: '2026-08-03', answers: '12' }];

  test('is not drawn when it loads', () => {
    const chart = { ...base, kind: 'vega-lite', spec: { ...spec, data: { url: 'file:///etc/hostname' } } } as const;
    expect(() => chartSpec(sampleReport(columns), chart, columns, rows, { theme: 'light', width: 640 })).toThrow(
      /the rows of the report/,
    );
  });

  test('reads numbers as numbers, in the theme and at the width of the page', async () => {
    const chart = { ...base, kind: 'vega-lite', spec } as const;
    const { vega, height } = chartSpec(sampleReport(columns), chart, columns, rows, { theme: 'dark', width: 640 });
    const svg = await drawSvg(vega, rows);
    expect(svg).toContain(`width="640" height="${height}"`);
    expect(svg).toContain('#12161d');
    expect(svg).toMatch(/linear scale with values from 0 to 12/);
  });
});

test('a compiled specification with a url draws nothing and reads nothing', async () => {
  const vega = {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    width: 100,
    height: 100,
    data: [{ name: 'rows', url: 'file:///etc/hostname', format: { type: 'dsv', delimiter: '\n', header: ['line'] } }],
    marks: [{ type: 'text', from: { data: 'rows' }, encode: { enter: { text: { field: 'line' } } } }],
  };
  expect(await drawSvg(vega, [])).not.toContain('<text');
});

describe('checkChart', () => {
  test('finds nothing wrong with the kinds of chart', () => {
    const samples = [
      sessionBars([]),
      dailyColumns([]),
      monthBubbles([]),
      weeklyChart('stacked-columns', []),
      weeklyChart('lines', []),
    ];
    for (const { report, chart } of samples.filter(({ chart: { group } }) => group === undefined)) {
      expect(checkChart(report, chart)).toEqual([]);
    }
  });

  test('says what Vega-Lite refuses', () => {
    const { report, chart } = sessionBars([]);
    const spec = {
      mark: 'bar',
      encoding: { x: { field: 'answers', type: 'quantitative' }, bogus: { field: 'answers' } },
    };
    expect(checkChart(report, { ...chart, kind: 'vega-lite', spec })).toEqual([expect.stringMatching(/bogus/)]);
    expect(checkChart(report, { ...chart, kind: 'vega-lite', spec: { mark: 'bar', data: { url: 'x' } } })).toEqual([
      expect.stringMatching(/rows of the report/),
    ]);
  });
});
