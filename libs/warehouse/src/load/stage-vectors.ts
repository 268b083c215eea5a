import { nullVector, vectorValues, type LogicalType } from '@rollcall/catalog';
import type { CopyBuffer } from '../dialect/copy-buffer.js';
import type { FitContext } from './fitted-group.js';
import type { RowGroup, VectorRowGroup } from './loading.js';
import { POSITION_STRIDE, type PlainGroup } from './plain-group.js';

/** Appends one field of the next row. */
export type FieldWriter = (buffer: CopyBuffer) => void;

const TEXT: LogicalType = { name: 'text' };
const INSTANT: LogicalType = { name: 'timestamptz' };

/** A group as values, for what is decided row by row. */
export function valuesOf({ rowCount, columns }: VectorRowGroup): RowGroup {
  return {
    rowCount,
    columns: columns.map(({ name, type, vector }) => ({ name, type, values: vectorValues(type, vector) })),
  };
}

/** Appends a row of a plain group, to be called for each in order. `own`: fields that are not of the group, by name. */
export function plainRow(
  fit: FitContext,
  group: PlainGroup,
  fields: readonly { readonly name: string }[],
  own: Readonly<Record<string, FieldWriter>>,
): (buffer: CopyBuffer) => void {
  const { dataset, dialect } = fit;
  const text = (vector: PlainGroup['position']): FieldWriter => dialect.vectorWriter(TEXT, vector);
  const known: Readonly<Record<string, FieldWriter>> = {
    _deleted: (buffer) => buffer.bool(false),
    _position: text(group.position),
    ...(group.key !== undefined && { _key: text(group.key) }),
    _at: timeWriter(fit, group),
    _valid_from: timeWriter(fit, group),
    _observed: (buffer) => buffer.bool(group.observed),
    ...Object.fromEntries(
      dataset.columns.flatMap(({ name, type }, index) => {
        const vector = group.columns[index];
        return vector === undefined ? [] : [[name, dialect.vectorWriter(type, vector)]];
      }),
    ),
    ...own,
  };
  // What else a row may have, a plain one has not.
  const writers = fields.map(({ name }) => known[name] ?? ((buffer: CopyBuffer) => buffer.null()));
  return (buffer) => {
    buffer.row(writers.length);
    for (const write of writers) write(buffer);
  };
}

/** When the version began: as the row says; else, where nobody saw its commit, when it was seen. */
function timeWriter(fit: FitContext, { times, observed, position, rowCount }: PlainGroup): FieldWriter {
  const { dialect, observedAt } = fit;
  if (times !== undefined && (times.presentCount === rowCount || !observed))
    return dialect.vectorWriter(INSTANT, times);
  const { presentCount, body } = times ?? nullVector(0);
  const next = dialect.vectorWriter(INSTANT, { rowCount: presentCount, presentCount, body });
  const encode = dialect.encoder(INSTANT);
  const positions = Buffer.from(position.body.buffer, position.body.byteOffset, position.body.byteLength);
  let row = 0;
  return (buffer) => {
    const at = row * POSITION_STRIDE;
    if (times?.present?.[row++] === 1) return next(buffer);
    const seen = observedAt(positions.toString('latin1', at + 4, at + POSITION_STRIDE));
    if (seen === null) buffer.null();
    else encode(buffer, seen);
  };
}
