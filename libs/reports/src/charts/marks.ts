import type { Row } from '../shown/api.js';
import { keyOf, numberOf, type Field } from './field.js';

/** The parts that a chart's columns play in it. */
export interface ChartFields {
  readonly x?: Field | undefined;
  readonly y?: Field | undefined;
  readonly color?: Field | undefined;
  readonly size?: Field | undefined;
  readonly facet?: Field | undefined;
}

/** A row as the layout sees it. */
export interface Mark {
  /** Key of the place on the axis of categories or days. */
  readonly place: string;
  /** Milliseconds or number, where the place lies on a continuous axis. */
  readonly at: number | null;
  readonly y: number | null;
  /** `''` without a colour column. */
  readonly series: string;
  readonly facet: string;
  readonly size: number | null;
}

/** Of vertical charts; bars lie on their side, so their caller swaps x and y. */
export function marksOf({ x, y, color, size, facet }: ChartFields, rows: readonly Row[]): readonly Mark[] {
  return rows.map((row) => ({
    place: x === undefined ? '' : keyOf(x, row),
    at: x === undefined || x.kind === 'category' ? null : numberOf(x, row),
    y: y === undefined ? null : numberOf(y, row),
    series: color === undefined ? '' : keyOf(color, row),
    facet: facet === undefined ? '' : keyOf(facet, row),
    size: size === undefined ? null : numberOf(size, row),
  }));
}
