import { asCategory, numberExpression, type Field } from './field.js';
import { continuousAcross, discreteAcross, upAxis, type AcrossAxis } from './axes.js';
import { facetsOf, plotView } from './facets.js';
import { legendLayout, type Json, type Sketch } from './frame.js';
import type { Mark } from './marks.js';
import { numberText } from './number-text.js';
import { colourEncoding, othersNote, seriesExpression, seriesOf, seriesOrderExpression } from './series.js';
import type { SketchInput } from './sketch-input.js';
import { stackEnds, summed, sumTransform } from './sums.js';
import { saidEncoding, saidTransforms, type Said } from './spoken.js';
import { textWidth } from './text-width.js';
import { LABEL_SIZE, PADDING, THEMES } from './theme.js';

const PLOT_HEIGHT = 260;
const WIDEST_COLUMN = 64;

/** Upright columns: one per place (`columns`), beside each other per colour (`grouped`), or on top of each other (`stacked`). */
export function sketchColumns(input: SketchInput, x: Field, y: Field): Sketch {
  const { theme, width, fields } = input;
  const facets = fields.facet === undefined ? undefined : facetsOf(fields.facet, input.marks, y.column.additive);
  const marks = facets === undefined ? input.marks : input.marks.filter(({ facet }) => facets.shown.includes(facet));
  const series =
    fields.color === undefined ? undefined : seriesOf(input.report, fields.color, marks, input.colourDomain);
  const grouped = input.chart.kind === 'grouped-columns' && series !== undefined;
  const stacked = input.chart.kind === 'stacked-columns' && series !== undefined;
  const height = facets === undefined ? PLOT_HEIGHT : facets.plotHeight;

  const sums = summed(marks, y.column.additive, series);
  const heights = stacked ? stackEnds(sums) : sums.map(({ y: value }) => value);
  const up = upAxis(y, heights, '_y', height);
  const legend = series === undefined ? undefined : legendLayout(series.shown, width - up.width);
  const plotWidth = width - PADDING.left - PADDING.right - up.width;
  const across =
    discreteAcross(x.kind === 'calendar' ? x : asCategory(x), marks, plotWidth) ??
    continuousAcross(x, marks, plotWidth, 'columns');
  const labels = series === undefined && facets === undefined ? valueLabels(sums, y, across, plotWidth) : undefined;
  const shownX = across.places === undefined ? x : x.kind === 'calendar' ? x : asCategory(x);
  const said: Said[] = [
    ...(facets === undefined ? [] : [{ field: facets.field, from: '_facet', as: '_tf' }]),
    { field: shownX, from: '_x', as: '_tx' },
    ...(series === undefined ? [] : [{ field: asCategory(series.field), from: '_series', as: '_ts' }]),
    { field: y, from: '_y', as: '_ty' },
  ];
  const perPlace = grouped ? series.shown.length : 1;
  const scale =
    across.places === undefined
      ? {}
      : { scale: { domain: across.places, ...bandPadding(across.places.length, plotWidth, perPlace) } };
  const encoding = {
    x: { ...across.encoding, ...scale },
    y: {
      ...(facets === undefined ? up.encoding : up.shared),
      ...(labels ? { axis: null } : {}),
      ...(stacked ? { stack: 'zero' } : { stack: null }),
    },
    ...(series === undefined ? {} : colourEncoding(series, legend, theme)),
    ...(grouped
      ? {
          xOffset: {
            field: '_series',
            type: 'nominal',
            sort: series.shown,
            scale: { domain: series.shown, paddingInner: 0.08 },
          },
        }
      : {}),
    ...(stacked ? { order: { field: '_order', type: 'quantitative' } } : {}),
  };
  const bar = {
    mark: {
      type: 'bar',
      tooltip: true,
      ...(stacked ? { cornerRadiusEnd: 0, stroke: THEMES[theme].background, strokeWidth: 0.6 } : {}),
      ...(across.places === undefined && !grouped ? { width: { band: 0.85 } } : {}),
    },
    encoding: { ...encoding, ...saidEncoding(said) },
  };
  const layers = [
    bar,
    ...(labels ? [labelLayer(encoding)] : []),
    ...(up.domain[0] < 0 ? [zeroRule(THEMES[theme].axis)] : []),
  ];
  const transform = [
    ...across.transform,
    { calculate: numberExpression(y), as: '_y' },
    ...(series === undefined ? [] : [{ calculate: seriesExpression(series), as: '_series' }]),
    ...(facets?.transform ?? []),
    ...sumTransform(marks, sums, y.column.additive, series),
    ...(series === undefined ? [] : [{ calculate: seriesOrderExpression(series, '_series'), as: '_order' }]),
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

/** Of all values, where each has room over its column: then the axis can go. */
function valueLabels(marks: readonly Mark[], y: Field, across: AcrossAxis, plotWidth: number): boolean {
  if (across.places === undefined || y.kind !== 'number') return false;
  const { numberFormat } = y;
  const widest = Math.max(...marks.map(({ y: value }) => textWidth(numberText(value, numberFormat), LABEL_SIZE, 600)));
  return widest + 6 <= plotWidth / across.places.length && marks.every(({ y: value }) => (value ?? 0) >= 0);
}

function labelLayer(encoding: Json): Json {
  const { x, y } = encoding;
  return {
    mark: { type: 'text', baseline: 'bottom', dy: -4, fontWeight: 600, aria: false },
    encoding: { x, y, text: { field: '_ty', type: 'nominal' } },
  };
}

function zeroRule(color: string): Json {
  return { mark: { type: 'rule', aria: false, color }, encoding: { y: { datum: 0 } } };
}

/** Few columns stay slim instead of filling the plot. */
function bandPadding(places: number, plotWidth: number, columnsPerPlace: number): Json {
  const place = plotWidth / places;
  const inner = Math.max(columnsPerPlace > 1 ? 0.22 : 0.28, 1 - (WIDEST_COLUMN * Math.sqrt(columnsPerPlace)) / place);
  return { paddingInner: inner, paddingOuter: inner / 2 };
}
