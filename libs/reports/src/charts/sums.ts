import { datum } from './field.js';
import type { Json } from './frame.js';
import type { Mark } from './marks.js';
import { OTHER, seriesName, type Series } from './series.js';

/** Marks as they are drawn: those of one place, series and facet in one, summed where that is allowed. */
export function summed(marks: readonly Mark[], additive: 'sum' | 'none', series: Series | undefined): readonly Mark[] {
  const drawn = marks.map((mark) =>
    series === undefined ? mark : { ...mark, series: seriesName(series, mark.series) },
  );
  if (additive === 'none') return drawn.filter((mark) => mark.series !== OTHER || !series?.others.length);
  const byPlace = new Map<string, Mark>();
  for (const mark of drawn) {
    const key = JSON.stringify([mark.place, mark.series, mark.facet]);
    const known = byPlace.get(key);
    byPlace.set(key, known === undefined ? mark : { ...known, y: sum(known.y, mark.y) });
  }
  return [...byPlace.values()];
}

/** As `summed`, in the drawn chart; nothing where every row is a mark already. */
export function sumTransform(
  marks: readonly Mark[],
  sums: readonly Mark[],
  additive: 'sum' | 'none',
  series: Series | undefined,
): readonly Json[] {
  if (additive === 'none') {
    return series === undefined || series.others.length === 0 ? [] : [{ filter: `${datum('_series')} != '${OTHER}'` }];
  }
  if (sums.length === marks.length) return [];
  const groupby = ['_x', ...(series === undefined ? [] : ['_series']), '_facet'];
  return [{ aggregate: [{ op: 'sum', field: '_y', as: '_y' }], groupby }];
}

/** Where the stacks end, upwards and downwards. */
export function stackEnds(marks: readonly Mark[]): readonly number[] {
  const ends = new Map<string, number>();
  for (const { place, facet, y } of marks) {
    const key = JSON.stringify([place, facet, (y ?? 0) < 0]);
    ends.set(key, (ends.get(key) ?? 0) + (y ?? 0));
  }
  return [...ends.values()];
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : a + b;
}
