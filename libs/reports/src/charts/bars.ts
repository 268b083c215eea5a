import { facetsOf, facetView } from './facets.js';
import { datum, keyExpression, lookupExpression, numberExpression, type Field } from './field.js';
import { keyText } from './key-text.js';
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
const LEAST_PLOT = 100;

/** Horizontal bars in the order of the rows, each with its value at the end. `x` is the value, `y` what it is of. */
export function sketchBars(input: SketchInput, category: Field, value: Field): Sketch {
  const { width, theme, fields } = input;
  const facets = fields.facet === undefined ? undefined : facetsOf(fields.facet, input.marks, value.column.additive);
  const marks = facets === undefined ? input.marks : input.marks.filter(({ facet }) => facets.shown.includes(facet));
  const colours = THEMES[theme];
  const series =
    fields.color === undefined ? undefined : seriesOf(input.report, fields.color, marks, input.colourDomain);
  const values = marks.map(({ y }) => y ?? 0);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const format = value.kind === 'number' ? value.numberFormat : '';
  const widths = marks.map(({ y }) => textWidth(numberText(y, format), LABEL_SIZE, 600) + LABEL_GAP + 2);
  /** For values beside the bars that point this way. */
  const roomOf = (negative: boolean) => Math.max(0, ...widths.filter((_, at) => (values[at] ?? 0) < 0 === negative));
  const [leftRoom, rightRoom] = [roomOf(true), roomOf(false)];
  const labels = labelling(
    marks.map(({ place }) => keyText(category, place)),
    Math.min(340, Math.max(110, width * 0.38), Math.max(60, width - leftRoom - rightRoom - LEAST_PLOT)),
  );
  const left = labels.width + LABEL_GAP + leftRoom;
  const legend = series === undefined ? undefined : legendLayout(series.shown, width - left);
  const said: Said[] = [
    ...(facets === undefined ? [] : [{ field: facets.field, from: '_facet', as: '_tf' }]),
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
    labelExpr: labels.expression,
    minExtent: labels.width + LABEL_GAP,
    maxExtent: labels.width + LABEL_GAP,
    offset: leftRoom,
  };
  const y = { field: '_bar', type: 'ordinal', sort: null, axis };
  const x = {
    field: '_end',
    type: 'quantitative',
    axis: null,
    scale: { domain: low === high ? [0, 1] : [low, high], nice: false },
  };
  const color =
    series === undefined
      ? {}
      : {
          color: {
            field: '_series',
            type: 'nominal',
            scale: seriesScale(series, theme),
            legend: { columns: legend?.columns, labelLimit: legend?.labelLimit },
          },
        };
  const side = (negative: boolean): Json => ({
    transform: [{ filter: `${datum('_end')} ${negative ? '<' : '>='} 0` }],
    mark: {
      type: 'text',
      align: negative ? 'right' : 'left',
      baseline: 'middle',
      dx: negative ? -LABEL_GAP : LABEL_GAP,
      fontWeight: 600,
      aria: false,
    },
    encoding: { y, x, text: { field: '_ty', type: 'nominal' } },
  });
  const transform = [
    { window: [{ op: 'row_number', as: '_row' }], frame: [null, null] },
    { calculate: keyExpression(category), as: '_key' },
    { calculate: numberExpression(value), as: '_value' },
    { calculate: `isValid(${datum('_value')}) ? ${datum('_value')} : 0`, as: '_end' },
    ...(series === undefined ? [] : [{ calculate: seriesExpression(series), as: '_series' }]),
    ...(facets?.transform ?? []),
    ...saidTransforms(said),
    { calculate: `${datum('_tx')} + '${SEPARATOR}' + ${datum('_row')}`, as: '_bar' },
  ];
  const zero = { mark: { type: 'rule', aria: false, color: colours.axis }, encoding: { x: { datum: 0 } } };
  const layers = [
    { mark: { type: 'bar', tooltip: true }, encoding: { y, x, ...saidEncoding(said), ...color } },
    side(false),
    ...(low < 0 ? [side(true), zero] : []),
  ];
  const step = rowHeight(marks.length);
  const legendHeight = legend?.height ?? 0;
  if (facets === undefined) {
    return { spec: { transform, layer: layers }, height: legendHeight + step * marks.length + 6, notes: [] };
  }
  return facetView({
    facets,
    transform,
    layers,
    leftWidth: left,
    plotWidth: width - PADDING.left - PADDING.right - left - rightRoom,
    plotHeight: { step },
    plotHeights: step * marks.length,
    axisHeight: 0,
    legendHeight,
    notes: [],
  });
}

/** Many bars are thinner, down to where a label still has its line. */
function rowHeight(rows: number): number {
  return rows <= 80 ? 26 : rows <= 300 ? 20 : 15;
}

/** The category without its row, its middle cut out until the widest fits. */
function labelling(labels: readonly string[], room: number): { readonly expression: string; readonly width: number } {
  const full = `split(datum.value, '${SEPARATOR}')[0]`;
  const longest = Math.max(...labels.map((label) => [...label].length));
  const fits = (length: number) => labels.every((label) => textWidth(cutMiddle(label, length), LABEL_SIZE) <= room);
  let length = longest;
  while (length > 3 && !fits(length)) length--;
  const width = Math.ceil(Math.max(...labels.map((label) => textWidth(cutMiddle(label, length), LABEL_SIZE))));
  if (length === longest) return { expression: full, width };
  // Expressions count UTF-16 units: where that would cut a character in two, the cut text is given.
  const wide = labels.filter((label) => label.length !== [...label].length && [...label].length > length);
  const given = wide.map((label) => [label, cutMiddle(label, length)] as const);
  const head = Math.ceil((length - 1) / 2);
  const tail = length - 1 - head;
  const cut = `length(${full}) > ${length} ? slice(${full}, 0, ${head}) + '…' + slice(${full}, -${tail}) : ${full}`;
  return { expression: lookupExpression(given, full, cut), width };
}
