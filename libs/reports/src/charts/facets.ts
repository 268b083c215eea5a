import { keyExpression, datum, lookupExpression, type Field } from './field.js';
import type { Json, Sketch } from './frame.js';
import type { Mark } from './marks.js';
import { fitText } from './text-width.js';
import { LEGEND_SIZE, PADDING } from './theme.js';

const MAX_FACETS = 6;
const HEADER_GAP = 10;
const HEADER = LEGEND_SIZE + HEADER_GAP;
const GAP = 18;

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
  /** Of labels and their gap, left of the plots. */
  readonly leftWidth: number;
  readonly plotWidth: number;
  readonly plotHeight: number | { readonly step: number };
  /** Of all plots together. */
  readonly plotHeights: number;
  /** Of the axis below the last. */
  readonly axisHeight: number;
  readonly legendHeight: number;
  readonly notes: readonly string[];
}

/** One plot, or one per facet; `plotHeight` in pixels, of one. */
export function plotView(
  parts: Omit<FacetParts, 'facets' | 'plotHeight' | 'plotHeights'> & {
    readonly facets: Facets | undefined;
    readonly plotHeight: number;
  },
): Sketch {
  const { facets, transform, layers, plotHeight, legendHeight, axisHeight, notes } = parts;
  if (facets !== undefined) return facetView({ ...parts, facets, plotHeights: plotHeight * facets.shown.length });
  return { spec: { transform, layer: layers }, height: legendHeight + plotHeight + axisHeight, notes };
}

/** Below each other, each with an axis of values of its own, all over one axis of places. */
export function facetView(parts: FacetParts): Sketch {
  const { facets, transform, layers, plotWidth, plotHeight, legendHeight } = parts;
  const { shown, leftOut } = facets;
  const headers = shown
    .map((value) => [value, fitText(value, plotWidth, LEGEND_SIZE, 600)] as const)
    .filter(([value, text]) => value !== text);
  const labelExpr = lookupExpression(headers, 'datum.value', 'datum.value');
  const named = leftOut.slice(0, 4).join(', ') + (leftOut.length > 4 ? ` and ${leftOut.length - 4} more` : '');
  return {
    spec: {
      transform,
      facet: {
        field: '_facet',
        type: 'nominal',
        sort: shown,
        header: {
          title: null,
          labelAnchor: 'start',
          labelOrient: 'top',
          labelPadding: HEADER_GAP,
          labelExpr,
        },
      },
      columns: 1,
      spacing: GAP + HEADER,
      align: 'each',
      bounds: 'flush',
      resolve: { scale: { y: 'independent' } },
      spec: { width: plotWidth, height: plotHeight, layer: layers },
    },
    height: legendHeight + parts.plotHeights + shown.length * (HEADER + GAP) - GAP + parts.axisHeight,
    fixed: { left: PADDING.left + parts.leftWidth, top: legendHeight + HEADER },
    notes: [
      ...parts.notes,
      ...(leftOut.length === 0
        ? []
        : [`The ${MAX_FACETS} largest of ${shown.length + leftOut.length} are shown; left out: ${named}`]),
    ],
  };
}
