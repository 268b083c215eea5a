import type { AcrossAxis, UpAxis } from './axes.js';
import { keyExpression, datum, type Field } from './field.js';
import type { Json, LegendLayout, Sketch } from './frame.js';
import type { Mark } from './marks.js';
import { fitText } from './text-width.js';
import { LEGEND_SIZE, PADDING } from './theme.js';

const MAX_FACETS = 6;
const HEADER = 24;
const GAP = 16;

/** One small chart per value. */
export interface Facets {
  readonly field: Field;
  /** Sorted; the largest, where there are too many. */
  readonly shown: readonly string[];
  readonly leftOut: readonly string[];
  readonly plotHeight: number;
  /** Derives `_facet` and keeps the shown. */
  readonly transform: readonly Json[];
}

export function facetsOf(field: Field, marks: readonly Mark[], additive: 'sum' | 'none'): Facets {
  const sizes = new Map<string, number>();
  for (const { facet, y } of marks) {
    const [size, value] = [sizes.get(facet) ?? 0, Math.abs(y ?? 0)];
    sizes.set(facet, additive === 'sum' ? size + value : Math.max(size, value));
  }
  const values = [...sizes.keys()].toSorted();
  const largest = values.toSorted((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0)).slice(0, MAX_FACETS);
  const shown = values.filter((value) => largest.includes(value));
  const leftOut = values.filter((value) => !largest.includes(value));
  return {
    field,
    shown,
    leftOut,
    plotHeight: shown.length === 1 ? 220 : shown.length <= 3 ? 130 : 104,
    transform: [
      { calculate: keyExpression(field), as: '_facet' },
      ...(leftOut.length === 0 ? [] : [{ filter: `indexof(${JSON.stringify(shown)}, ${datum('_facet')}) >= 0` }]),
    ],
  };
}

export interface FacetParts {
  readonly facets: Facets;
  readonly transform: readonly Json[];
  readonly layers: readonly Json[];
  readonly up: UpAxis;
  readonly across: AcrossAxis;
  readonly legend: LegendLayout | undefined;
  readonly plotWidth: number;
  readonly notes: readonly string[];
}

/** Below each other, each with an axis of values of its own, all over one axis of places. */
export function facetView({ facets, transform, layers, up, across, legend, plotWidth, notes }: FacetParts): Sketch {
  const { shown, leftOut, plotHeight, field } = facets;
  const headers = Object.fromEntries(
    shown.map((value) => [value, fitText(value, plotWidth, LEGEND_SIZE, 600)]).filter(([value, text]) => value !== text),
  );
  const labelExpr = Object.keys(headers).length === 0 ? undefined : `${JSON.stringify(headers)}[datum.value] || datum.value`;
  const named = leftOut.slice(0, 4).join(', ') + (leftOut.length > 4 ? ` and ${leftOut.length - 4} more` : '');
  const legendHeight = legend?.height ?? 0;
  return {
    spec: {
      transform,
      facet: {
        field: '_facet',
        type: 'nominal',
        sort: shown,
        header: { title: null, labelAnchor: 'start', labelOrient: 'top', labelPadding: 8, ...(labelExpr ? { labelExpr } : {}) },
      },
      columns: 1,
      spacing: GAP + HEADER,
      align: 'each',
      bounds: 'flush',
      resolve: { scale: { y: 'independent' } },
      spec: { width: plotWidth, height: plotHeight, layer: layers },
    },
    height: legendHeight + shown.length * (plotHeight + HEADER + GAP) - GAP + across.height,
    fixed: { left: PADDING.left + up.width, top: legendHeight + HEADER },
    notes: [
      ...notes,
      ...(leftOut.length === 0 ? [] : [`The ${MAX_FACETS} largest of ${shown.length + leftOut.length} by ${field.column.label.toLowerCase()}; left out: ${named}`]),
    ],
  };
}
