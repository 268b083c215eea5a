import { continuousAcross, discreteAcross, upAxis } from './axes.js';
import { facetsOf, plotView } from './facets.js';
import { asCategory, datum, numberExpression, type Field } from './field.js';
import { legendLayout, type Json, type Sketch } from './frame.js';
import type { Mark } from './marks.js';
import { niceStep } from './number-scale.js';
import { colourEncoding, othersNote, seriesExpression, seriesOf } from './series.js';
import type { SketchInput } from './sketch-input.js';
import { saidEncoding, saidTransforms, type Said } from './spoken.js';
import { LEGEND_OFFSET, LEGEND_SIZE, PADDING, THEMES } from './theme.js';

const SMALLEST_AREA = 14;
const WIDEST_RADIUS = 26;

/** Circles whose area is a count, which stands in those that have room for it. Circles of neighbouring places do not touch. */
export function sketchBubbles(input: SketchInput, x: Field, y: Field, size: Field): Sketch {
  const { theme, width, fields } = input;
  const facets = fields.facet === undefined ? undefined : facetsOf(fields.facet, input.marks, y.column.additive);
  const marks = facets === undefined ? input.marks : input.marks.filter(({ facet }) => facets.shown.includes(facet));
  const colours = THEMES[theme];
  const series =
    fields.color === undefined ? undefined : seriesOf(input.report, fields.color, marks, input.colourDomain);
  const plain = upAxis(
    y,
    marks.map((mark) => mark.y),
    '_y',
    340,
  );
  const legend = series === undefined ? undefined : legendLayout(series.shown, width - plain.width);
  const plotWidth = width - PADDING.left - PADDING.right - plain.width;
  const across = discreteAcross(x, x.kind === 'calendar' || x.kind === 'category' ? marks : [], plotWidth);
  const discrete = (x.kind === 'calendar' || x.kind === 'category') && across !== undefined;
  const axis = discrete ? across : continuousAcross(x, marks, plotWidth, 'points');

  const [low, high] = plain.domain;
  const height = Math.min(
    facets === undefined ? 520 : 220,
    Math.max(facets === undefined ? 240 : 130, ((high - low) / nearest(marks)) * 34),
  );
  const unit = height / (high - low);
  const place = discrete ? plotWidth / Math.max(1, axis.places?.length ?? 1) : WIDEST_RADIUS * 2;
  const radius = Math.max(6, Math.min(WIDEST_RADIUS, place * 0.47, nearest(marks) * unit * 0.47));
  const largestArea = Math.PI * radius ** 2;
  const most = Math.max(1, ...marks.map((mark) => mark.size ?? 0));
  const sizeRange = [SMALLEST_AREA, largestArea];
  const overhang = (radius + 2) / unit;
  const [lowest, highest] = [
    Math.min(...marks.map((mark) => mark.y ?? 0)),
    Math.max(...marks.map((mark) => mark.y ?? 0)),
  ];
  const domain = [Math.min(low, lowest - overhang), Math.max(high, highest + overhang)];

  const sizes = legendSizes(most);
  const sizeFormat = size.kind === 'number' ? size.numberFormat : ',.0f';
  const said: Said[] = [
    ...(facets === undefined ? [] : [{ field: facets.field, from: '_facet', as: '_tf' }]),
    { field: x.kind === 'calendar' && !discrete ? { ...x, kind: 'instant' } : x, from: '_x', as: '_tx' },
    { field: y, from: '_y', as: '_ty' },
    ...(series === undefined ? [] : [{ field: asCategory(series.field), from: '_series', as: '_ts' }]),
    { field: size, from: '_size', as: '_tz' },
  ];
  const encoding = {
    x: withPadding(axis.encoding, discrete ? undefined : radius + 2),
    y: { ...plain.encoding, scale: { domain, nice: false } },
  };
  const transform = [
    ...axis.transform,
    { calculate: numberExpression(y), as: '_y' },
    { calculate: numberExpression(size), as: '_size' },
    { filter: `isValid(${datum('_y')}) && isValid(${datum('_x')}) && ${datum('_size')} > 0` },
    ...(series === undefined ? [] : [{ calculate: seriesExpression(series), as: '_series' }]),
    ...(facets?.transform ?? []),
    ...saidTransforms(said),
    { calculate: radiusExpression(sizeRange, most), as: '_radius' },
  ];
  const layers = [
    {
      mark: { type: 'circle', tooltip: true, opacity: 1, stroke: colours.background, strokeWidth: 1 },
      encoding: {
        ...encoding,
        ...(series === undefined ? {} : colourEncoding(series, legend, theme)),
        size: {
          field: '_size',
          type: 'quantitative',
          scale: { domain: [0, most], range: sizeRange, nice: false },
          legend: {
            title: size.column.label,
            titleOrient: 'left',
            titlePadding: 10,
            titleAnchor: 'middle',
            values: sizes,
            format: sizeFormat,
            symbolType: 'circle',
            symbolFillColor: colours.accent,
            symbolStrokeWidth: 0,
            columns: sizes.length,
          },
        },
        order: { field: '_size', type: 'quantitative', sort: 'descending' },
        ...saidEncoding(said),
      },
    },
    {
      transform: [
        { filter: `length(${datum('_tz')}) * 6.8 + 5 <= 2 * ${datum('_radius')} && ${datum('_radius')} >= 8` },
      ],
      mark: { type: 'text', baseline: 'middle', fontSize: 10, fontWeight: 600, color: colours.background, aria: false },
      encoding: { ...encoding, text: { field: '_tz', type: 'nominal' } },
    },
  ];
  const legendHeight =
    Math.max(2 * radius, LEGEND_SIZE) + LEGEND_OFFSET + (legend === undefined ? 0 : legend.height - LEGEND_OFFSET + 8);
  const notes = [...upwardsNote(input, y), ...othersNote(series, false)];
  return plotView({
    facets,
    transform,
    layers,
    leftWidth: plain.width,
    plotWidth,
    plotHeight: height,
    axisHeight: axis.height,
    legendHeight,
    notes,
  });
}

/** The axis has no title, so what it counts is said where the words above do not. */
function upwardsNote({ chart }: SketchInput, { column }: Field): readonly string[] {
  const words = `${chart.title} ${chart.subtitle ?? ''}`.toLowerCase();
  return words.includes(column.label.toLowerCase()) ? [] : [`Upwards: ${column.label}`];
}

/** The distance of the two values that are nearest to each other. */
function nearest(marks: readonly Mark[]): number {
  const values = [...new Set(marks.flatMap(({ y }) => (y === null ? [] : [y])))].toSorted((a, b) => a - b);
  const steps = values.slice(1).map((value, at) => value - (values[at] ?? value));
  const span = (values.at(-1) ?? 1) - (values[0] ?? 0);
  return Math.max(Math.min(...steps, Math.max(span, 1)), span / 40);
}

/** Two or three round counts up to the largest. */
function legendSizes(most: number): readonly number[] {
  const round = (value: number) => Math.max(1, Number(niceStep(value).toPrecision(3)));
  const sizes = [1, round(most / 4), most >= 10 ? round(most * 0.9) : most].filter((size) => size <= most);
  return [...new Set(sizes)].toSorted((a, b) => a - b);
}

function radiusExpression([least = 0, largest = 0]: readonly number[], most: number): string {
  const area = `${least.toFixed(2)} + ${((largest - least) / most).toPrecision(8)} * ${datum('_size')}`;
  return `sqrt((${area}) / PI)`;
}

/** Circles at the ends of the axis stay inside. */
function withPadding(encoding: Json, padding: number | undefined): Json {
  if (padding === undefined) return encoding;
  const scale = encoding['scale'];
  return { ...encoding, scale: { ...(typeof scale === 'object' ? scale : {}), padding } };
}
