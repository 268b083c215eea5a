import { continuousAcross, discreteAcross, upAxis } from './axes.js';
import { gapMilliseconds } from './calendar.js';
import { facetsOf, plotView } from './facets.js';
import { asCategory, datum, lookupExpression, numberExpression, type Field } from './field.js';
import { legendLayout, type Json, type Sketch } from './frame.js';
import type { Mark } from './marks.js';
import { colourEncoding, othersNote, seriesExpression, seriesOf, type Series } from './series.js';
import type { SketchInput } from './sketch-input.js';
import { saidEncoding, saidTransforms, type Said } from './spoken.js';
import { summed, sumTransform } from './sums.js';
import { fitText, textWidth } from './text-width.js';
import { LEGEND_SIZE, PADDING } from './theme.js';

const PLOT_HEIGHT = 280;
const LABEL_LINE = 15;
const LABEL_GAP = 8;

/** Lines with their points. Where a day, week or month has no row the line has a hole. Up to six series are named at their last point. */
export function sketchLines(input: SketchInput, x: Field, y: Field): Sketch {
  const { theme, width, fields } = input;
  const facets = fields.facet === undefined ? undefined : facetsOf(fields.facet, input.marks, y.column.additive);
  const marks = facets === undefined ? input.marks : input.marks.filter(({ facet }) => facets.shown.includes(facet));
  const series =
    fields.color === undefined ? undefined : seriesOf(input.report, fields.color, marks, input.colourDomain);
  const direct = series !== undefined && facets === undefined && series.others.length === 0 && x.kind !== 'category';
  const height = facets?.plotHeight ?? PLOT_HEIGHT;
  const sums = summed(marks, y.column.additive, series);
  const up = upAxis(
    y,
    sums.map(({ y: value }) => value),
    '_y',
    height,
  );
  const legend = series === undefined || direct ? undefined : legendLayout(series.shown, width - up.width);
  const room = width * 0.3;
  const right = direct
    ? Math.min(room, Math.max(...series.shown.map((name) => textWidth(name, LEGEND_SIZE, 600)))) + LABEL_GAP
    : 0;
  const plotWidth = width - PADDING.left - PADDING.right - right - up.width;
  const across =
    (x.kind === 'category' ? discreteAcross(x, marks, plotWidth) : undefined) ??
    continuousAcross(x, marks, plotWidth, 'points');
  const said: Said[] = [
    ...(facets === undefined ? [] : [{ field: facets.field, from: '_facet', as: '_tf' }]),
    { field: x, from: x.kind === 'calendar' ? '_key' : '_x', as: '_tx' },
    ...(series === undefined ? [] : [{ field: asCategory(series.field), from: '_series', as: '_ts' }]),
    { field: y, from: '_y', as: '_ty' },
  ];
  const colour = series === undefined ? {} : colourEncoding(series, legend, theme);
  const places = { x: across.encoding, y: facets === undefined ? up.encoding : up.shared };
  const groups = [...(series === undefined ? [] : ['_series']), ...(facets === undefined ? [] : ['_facet'])];
  const layers = [
    {
      mark: { type: 'line', aria: false },
      encoding: {
        ...places,
        ...colour,
        ...(x.kind === 'calendar' ? { detail: { field: '_piece', type: 'nominal' } } : {}),
      },
    },
    {
      mark: { type: 'point', filled: true, tooltip: true, size: pointSize(sums.length, plotWidth) },
      encoding: { ...places, ...colour, ...saidEncoding(said) },
    },
    ...(direct ? [lastPointLabels(series, sums, up.domain, room, colour, across.encoding)] : []),
  ];
  const transform = [
    ...across.transform,
    ...(x.kind === 'calendar' ? [{ filter: `isValid(${datum('_x')})` }] : []),
    { calculate: numberExpression(y), as: '_y' },
    ...(series === undefined ? [] : [{ calculate: seriesExpression(series), as: '_series' }]),
    ...(facets?.transform ?? []),
    ...sumTransform(marks, sums, y.column.additive, series),
    ...(x.kind === 'calendar'
      ? [...pieces(x.step, groups), { calculate: `utcFormat(${datum('_x')}, '%Y-%m-%d')`, as: '_key' }]
      : []),
    ...saidTransforms(said),
  ];
  const notes = othersNote(series, y.column.additive === 'none');
  return plotView({
    facets,
    transform,
    layers,
    leftWidth: up.width,
    plotWidth,
    plotHeight: height,
    axisHeight: across.height,
    legendHeight: legend?.height ?? 0,
    notes,
  });
}

/** Numbers the pieces of a line: a new one begins after each gap. */
function pieces(step: 'day' | 'week' | 'month', groupby: readonly string[]): readonly Json[] {
  const sort = [{ field: '_x', order: 'ascending' }];
  const gap = `isValid(${datum('_before')}) && ${datum('_x')} - ${datum('_before')} > ${gapMilliseconds(step)}`;
  return [
    { window: [{ op: 'lag', field: '_x', as: '_before' }], groupby, sort },
    { calculate: `${gap} ? 1 : 0`, as: '_gap' },
    { window: [{ op: 'sum', field: '_gap', as: '_piece' }], groupby, sort, frame: [null, 0] },
  ];
}

/** Names beside the last points, moved apart where lines end near each other. */
function lastPointLabels(
  series: Series,
  marks: readonly Mark[],
  domain: readonly [number, number],
  room: number,
  colour: Json,
  x: Json,
): Json {
  const ends = series.shown.flatMap((name) => {
    const own = marks.filter((mark) => mark.series === name && mark.at !== null && mark.y !== null);
    const last = own.reduce<Mark | undefined>(
      (latest, mark) => ((mark.at ?? 0) >= (latest?.at ?? -Infinity) ? mark : latest),
      undefined,
    );
    return last === undefined ? [] : [{ name, y: last.y ?? 0 }];
  });
  const gap = ((domain[1] - domain[0]) * LABEL_LINE) / PLOT_HEIGHT;
  const heights = movedApart(ends, gap, domain).map(({ name, y }) => [name, Number(y.toPrecision(8))] as const);
  const texts = series.shown.map((name) => [name, fitText(name, room, LEGEND_SIZE, 600)] as const);
  return {
    transform: [
      { filter: `isValid(${datum('_y')}) && isValid(${datum('_x')})` },
      { joinaggregate: [{ op: 'max', field: '_x', as: '_last' }], groupby: ['_series'] },
      { filter: `${datum('_x')} == ${datum('_last')}` },
      { calculate: lookupExpression(heights, datum('_series'), 'null'), as: '_labelY' },
      { calculate: lookupExpression(texts, datum('_series'), "''"), as: '_label' },
    ],
    mark: {
      type: 'text',
      align: 'left',
      baseline: 'middle',
      dx: LABEL_GAP,
      fontSize: LEGEND_SIZE,
      fontWeight: 600,
      aria: false,
    },
    encoding: {
      ...colour,
      x,
      y: { field: '_labelY', type: 'quantitative' },
      text: { field: '_label', type: 'nominal' },
    },
  };
}

/** Keeps the order and a distance, within the plot; exact places give way. */
export function movedApart<T extends { readonly y: number }>(
  ends: readonly T[],
  gap: number,
  [low, high]: readonly [number, number],
): readonly T[] {
  const placed: T[] = [];
  for (const end of ends.toSorted((a, b) => a.y - b.y)) {
    const below = placed.at(-1);
    placed.push({ ...end, y: Math.max(end.y, below === undefined ? low : below.y + gap) });
  }
  let ceiling = high;
  for (let at = placed.length - 1; at >= 0; at--) {
    const end = placed[at];
    if (end === undefined) continue;
    if (end.y > ceiling) placed[at] = { ...end, y: ceiling };
    ceiling = Math.min(end.y, ceiling) - gap;
  }
  return placed;
}

function pointSize(marks: number, plotWidth: number): number {
  return marks > plotWidth / 4 ? 10 : 36;
}
