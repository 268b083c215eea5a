import type { TopLevelSpec } from 'vega-lite';
import type { Chart, Report } from '../report.js';
import type { Cell, ColumnInfo, Row } from '../shown/api.js';
import { sketchAuthored } from './authored.js';
import { sketchBars } from './bars.js';
import { sketchBubbles } from './bubbles.js';
import { MAX_CHART_WIDTH, MIN_CHART_WIDTH } from './chart-width.js';
import { sketchColumns } from './columns.js';
import { compileVegaLite } from './compile-vega-lite.js';
import { describe } from './describe.js';
import { fieldOf, type Field } from './field.js';
import { headingOf, subtitleOf, type Json, type Sketch } from './frame.js';
import { sketchLines } from './lines.js';
import { marksOf, type ChartFields } from './marks.js';
import { sketchNoRows } from './no-rows.js';
import { numberText } from './number-text.js';
import type { SketchInput } from './sketch-input.js';
import { PADDING, themeConfig, type ChartTheme } from './theme.js';

/** A compiled Vega specification with an empty data set `rows`. */
export type VegaSpec = Readonly<Record<string, unknown>>;

export interface ChartLook {
  readonly theme: ChartTheme;
  /** Of the whole picture in pixels; brought into `MIN_CHART_WIDTH`..`MAX_CHART_WIDTH`. */
  readonly width: number;
  /** Rows that the chart's limit left out; said in the subtitle. */
  readonly leftOut?: number;
  /** All values of the colour column, filtered or not: a value keeps its colour whatever the filter. Absent: those of the rows. */
  readonly colourDomain?: readonly Cell[];
  /** `none`: the page says title and subtitle itself. */
  readonly heading?: 'drawn' | 'none';
}

export interface DrawnChart {
  readonly vegaLite: TopLevelSpec;
  readonly vega: VegaSpec;
  /** Of the whole picture in pixels. */
  readonly width: number;
  readonly height: number;
  /** One or two sentences made from the data, for people who cannot see the chart. */
  readonly description: string;
  readonly title: string;
  /** With the unit and what is left out. */
  readonly subtitle: string;
}

/**
 * What a chart of the report looks like over these rows: a specification that `ChartRenderer` and browsers fill with the same rows.
 * Pure, and the same for the same arguments. Throws for a chart that `checkChart` or `checkVegaLite` refuses.
 */
export function chartSpec(
  report: Report,
  chart: Chart,
  columns: readonly ColumnInfo[],
  rows: readonly Row[],
  look: ChartLook,
): DrawnChart {
  const width = Math.round(Math.min(MAX_CHART_WIDTH, Math.max(MIN_CHART_WIDTH, look.width)));
  const fields = fieldsOf(report, chart, columns);
  const { sketch, measure, description } = sketchOf(
    { report, chart, fields, rows, theme: look.theme, width, colourDomain: look.colourDomain ?? [] },
    columns,
  );
  const subtitle = subtitleOf(chart, measure?.column, [
    ...sketch.notes,
    ...leftOutNote(rows.length, look.leftOut ?? 0),
  ]);
  const heading = look.heading === 'none' ? headingOf('', '', width) : headingOf(chart.title, subtitle, width);
  const framed = frame(sketch, heading, width, description, look.theme);
  return { ...framed, width, description, title: chart.title, subtitle };
}

interface Sketched {
  readonly sketch: Sketch;
  readonly measure?: Field;
  readonly description: string;
}

function sketchOf(input: Omit<SketchInput, 'marks'>, columns: readonly ColumnInfo[]): Sketched {
  const { chart, fields, rows, theme, width } = input;
  const none = (sentence: string): Sketched => ({
    sketch: sketchNoRows(sentence, theme, width),
    description: `${chart.title}: ${sentence}`,
  });
  if (rows.length === 0) return none('There are no rows to show here.');
  if (chart.kind === 'vega-lite') {
    const count = `${numberText(rows.length, ',.0f')} ${rows.length === 1 ? 'row' : 'rows'}`;
    const sentence = chart.subtitle === undefined ? '' : ` ${chart.subtitle}.`;
    return {
      sketch: sketchAuthored(chart.spec ?? {}, columns),
      description: `${chart.title}: drawn from ${count}.${sentence}`,
    };
  }
  // Bars lie on their side: what they measure runs along x.
  const upright = chart.kind === 'bars' ? { ...fields, x: fields.y, y: fields.x } : fields;
  const { x, y, size } = upright;
  if (x === undefined || y === undefined) throw new Error(`chart ${chart.name} lacks x or y`);
  const marks = marksOf(upright, rows);
  const measure = chart.kind === 'bubbles' && size !== undefined ? size : y;
  if (!marks.some((mark) => mark.y !== null)) return none(`The rows have no ${y.column.label.toLowerCase()} to show.`);
  if (
    (chart.kind === 'lines' || chart.kind === 'bubbles') &&
    x.kind !== 'category' &&
    !marks.some(({ at }) => at !== null)
  ) {
    return none(`The rows have no ${x.column.label.toLowerCase()} to show.`);
  }
  const whole: SketchInput = { ...input, fields: upright, marks };
  const labels = [upright.facet, x, chart.kind === 'bubbles' ? y : undefined, upright.color].filter(
    (field) => field !== undefined,
  );
  return { sketch: drawn(whole, x, y), measure, description: describe(chart, labels, measure, rows) };
}

function drawn(input: SketchInput, x: Field, y: Field): Sketch {
  switch (input.chart.kind) {
    case 'bars':
      return sketchBars(input, x, y);
    case 'lines':
      return sketchLines(input, x, y);
    case 'bubbles':
      if (input.fields.size === undefined) throw new Error(`chart ${input.chart.name} lacks size`);
      return sketchBubbles(input, x, y, input.fields.size);
    default:
      return sketchColumns(input, x, y);
  }
}

/** Title, padding and size around a sketch, compiled. */
function frame(
  sketch: Sketch,
  heading: ReturnType<typeof headingOf>,
  width: number,
  description: string,
  theme: ChartTheme,
) {
  const headed = heading.title.length > 0;
  const height = Math.round(PADDING.top + heading.height + sketch.height + PADDING.bottom);
  const { fixed } = sketch;
  const padding = {
    ...PADDING,
    ...(fixed === undefined ? {} : { left: fixed.left, top: PADDING.top + heading.height + fixed.top }),
  };
  const vegaLite: Json = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description,
    config: themeConfig(theme),
    data: { name: 'rows' },
    padding,
    ...(headed
      ? {
          title: {
            text: heading.title,
            ...(heading.subtitle.length > 0 ? { subtitle: heading.subtitle } : {}),
            frame: 'bounds',
          },
        }
      : {}),
    ...(fixed === undefined && !sketch.composed
      ? { width, height, autosize: { type: 'fit', contains: 'padding' } }
      : {}),
    ...(fixed === undefined ? {} : { autosize: 'none' }),
    ...sketch.spec,
  };
  const spec = vegaLite as unknown as TopLevelSpec;
  const compiled = compileVegaLite(spec);
  // Vega-Lite gives composed views no size of their own; with `none` it is ours to say.
  const size =
    fixed === undefined
      ? {}
      : { width: width - padding.left - padding.right, height: height - padding.top - padding.bottom };
  return { vegaLite: spec, vega: { ...compiled, ...size }, height };
}

function fieldsOf(report: Report, chart: Chart, columns: readonly ColumnInfo[]): ChartFields {
  const named = (name: string | undefined): Field | undefined => {
    if (name === undefined) return undefined;
    const column = columns.find((candidate) => candidate.name === name);
    if (column === undefined) throw new Error(`chart ${chart.name} names the column ${name}, which it does not have`);
    return fieldOf(report, column);
  };
  const { x, y, color, size, facet } = chart;
  return { x: named(x), y: named(y), color: named(color), size: named(size), facet: named(facet) };
}

function leftOutNote(rows: number, leftOut: number): readonly string[] {
  if (leftOut === 0) return [];
  return [`The first ${numberText(rows, ',.0f')} of ${numberText(rows + leftOut, ',.0f')}`];
}
