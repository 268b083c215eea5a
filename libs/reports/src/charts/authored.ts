import type { ColumnInfo } from '../shown/api.js';
import { datum } from './field.js';
import type { Json, Sketch } from './frame.js';
import { isRecord, refusedParts } from './refused-parts.js';
import { ChartRenderError } from './render-error.js';

const DEFAULT_HEIGHT = 300;
const COMPOSED = ['concat', 'hconcat', 'vconcat', 'facet', 'repeat'] as const;

/**
 * An author's own specification over the raw rows, whose numbers and dates come as text: they are read first, so that a field is what its
 * column says. Composed views keep the sizes the author gave them. Throws ChartRenderError for what `checkVegaLite` refuses.
 */
export function sketchAuthored(spec: Json, columns: readonly ColumnInfo[]): Sketch {
  const [refused] = refusedParts(spec);
  // Files are checked when they are read; a specification that came another way is not drawn either.
  if (refused !== undefined) throw new ChartRenderError('failed', refused.message);
  const { data: _data, title: _title, width, height, transform, ...drawn } = spec;
  const times = timeFields(spec);
  const plotHeight = typeof height === 'number' ? height : DEFAULT_HEIGHT;
  const composed = COMPOSED.some((key) => key in drawn);
  return {
    composed,
    spec: {
      ...drawn,
      ...(composed && width !== undefined ? { width } : {}),
      transform: [
        ...columns.flatMap((column) => readColumn(column, times)),
        ...(Array.isArray(transform) ? transform : []),
      ],
    },
    height: plotHeight + 40,
    notes: [],
  };
}

function readColumn({ name, type }: ColumnInfo, times: ReadonlySet<string>): readonly Json[] {
  if (/^(int8|decimal|numeric)/.test(type)) return [{ calculate: `toNumber(${datum(name)})`, as: name }];
  return times.has(name) ? [{ calculate: `toDate(${datum(name)})`, as: name }] : [];
}

/** What is drawn as time; a date that is drawn as a name stays the text that it is. */
function timeFields(part: unknown): ReadonlySet<string> {
  if (Array.isArray(part)) return new Set(part.flatMap((item) => [...timeFields(item)]));
  if (!isRecord(part)) return new Set();
  const { field, type, timeUnit } = part;
  const own = typeof field === 'string' && (type === 'temporal' || timeUnit !== undefined) ? [field] : [];
  return new Set([...own, ...Object.values(part).flatMap((inner) => [...timeFields(inner)])]);
}
