import { datum, keyExpression, numberExpression, type Field } from './field.js';
import type { Json, Sketch } from './frame.js';
import { legendLayout } from './frame.js';
import { numberText } from './number-text.js';
import { seriesExpression, seriesOf, seriesScale } from './series.js';
import type { SketchInput } from './sketch-input.js';
import { saidEncoding, saidTransforms, type Said } from './spoken.js';
import { cutMiddle, textWidth } from './text-width.js';
import { LABEL_SIZE, PADDING, THEMES } from './theme.js';

/** Stands between a category and the number of its row: every row has its bar, also where two have the same label. */
const SEPARATOR = '\u2063';
const LABEL_GAP = 6;

/** Horizontal bars in the order of the rows, each with its value at the end. `x` is the value, `y` what it is of. */
export function sketchBars(input: SketchInput, category: Field, value: Field): Sketch {
  const { marks, width, theme } = input;
  const colours = THEMES[theme];
  const series = input.fields.color === undefined ? undefined : seriesOf(input.report, input.fields.color, marks, input.colourDomain);
  const legend = series === undefined ? undefined : legendLayout(series.shown, width);
  const valueTexts = marks.map(({ y }) => numberText(y, value.kind === 'number' ? value.numberFormat : ''));
  const room = Math.max(...valueTexts.map((text) => textWidth(text, LABEL_SIZE, 600))) + LABEL_GAP + 2;
  const values = marks.map(({ y }) => y ?? 0);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const said: Said[] = [
    { field: category, from: '_key', as: '_tx' },
    ...(series === undefined ? [] : [{ field: series.field, from: '_series', as: '_ts' }]),
    { field: value, from: '_value', as: '_ty' },
  ];
  const axis = {
    title: null,
    grid: false,
    labelLimit: 0,
    labelColor: colours.ink,
    labelOverlap: false,
    labelExpr: labelExpression(marks.map(({ place }) => place), Math.min(340, Math.max(110, width * 0.38))),
    ...(low < 0 ? { offset: room } : {}),
  };
  const y = { field: '_bar', type: 'ordinal', sort: null, axis };
  const x = { field: '_end', type: 'quantitative', axis: null, scale: { domain: low === high ? [0, 1] : [low, high], nice: false } };
  const color = series === undefined ? {} : {
    color: {
      field: '_series',
      type: 'nominal',
      scale: seriesScale(series, theme),
      legend: { columns: legend?.columns, labelLimit: legend?.labelLimit },
    },
  };
  const side = (negative: boolean): Json => ({
    transform: [{ filter: `${datum('_end')} ${negative ? '<' : '>='} 0` }],
    mark: { type: 'text', align: negative ? 'right' : 'left', baseline: 'middle', dx: negative ? -LABEL_GAP : LABEL_GAP, fontWeight: 600, aria: false },
    encoding: { y, x, text: { field: '_ty', type: 'nominal' } },
  });
  return {
    spec: {
      transform: [
        { window: [{ op: 'row_number', as: '_row' }], frame: [null, null] },
        { calculate: keyExpression(category), as: '_key' },
        { calculate: `${datum('_key')} + '${SEPARATOR}' + ${datum('_row')}`, as: '_bar' },
        { calculate: numberExpression(value), as: '_value' },
        { calculate: `isValid(${datum('_value')}) ? ${datum('_value')} : 0`, as: '_end' },
        ...(series === undefined ? [] : [{ calculate: seriesExpression(series), as: '_series' }]),
        ...saidTransforms(said),
      ],
      layer: [
        { mark: { type: 'bar', tooltip: true }, encoding: { y, x, ...saidEncoding(said), ...color } },
        side(false),
        ...(low < 0 ? [side(true), { mark: { type: 'rule', aria: false, color: colours.axis }, encoding: { x: { datum: 0 } } }] : []),
      ],
    },
    height: rowHeight(marks.length) * marks.length + (legend?.height ?? 0) + 6,
    right: Math.max(room, PADDING.right),
    notes: [],
  };
}

/** Many bars are thinner, down to where a label still has its line. */
function rowHeight(rows: number): number {
  return rows <= 80 ? 26 : rows <= 300 ? 20 : 15;
}

/** The category without its row, its middle cut out until the widest fits. */
function labelExpression(labels: readonly string[], room: number): string {
  const full = `split(datum.value, '${SEPARATOR}')[0]`;
  const longest = Math.max(...labels.map((label) => [...label].length));
  const fits = (length: number) => labels.every((label) => textWidth(cutMiddle(label, length), LABEL_SIZE) <= room);
  let length = longest;
  while (length > 8 && !fits(length)) length--;
  if (length === longest) return full;
  // Expressions count UTF-16 units: where that would cut a character in two, the cut text is given.
  const wide = labels.filter((label) => label.length !== [...label].length && [...label].length > length);
  const given = JSON.stringify(Object.fromEntries(wide.map((label) => [label, cutMiddle(label, length)])));
  const head = Math.ceil((length - 1) / 2);
  const tail = length - 1 - head;
  const cut = `length(${full}) > ${length} ? slice(${full}, 0, ${head}) + '…' + slice(${full}, -${tail}) : ${full}`;
  return wide.length === 0 ? cut : `${given}[${full}] || (${cut})`;
}
