import { nullVector, vectorWidth, type ColumnVector, type Dataset, type LogicalType } from '@rollcall/catalog';
import { keyShape } from '../schema/relation.js';
import { homeName, isBusiness } from '../schema/source-columns.js';
import { sameType } from '../schema/widening.js';
import { MAX_KEY_BYTES } from './fit-key.js';
import type { FitContext } from './fitted-group.js';
import type { StagedVector, VectorRowGroup } from './loading.js';

/** A group where no row needs a decision: every one is `u`, has its key, and fits its columns as it is. */
export interface PlainGroup {
  readonly rowCount: number;
  readonly position: ColumnVector;
  /** The hash that is the key; absent where it is none. */
  readonly key: ColumnVector | undefined;
  /** When each version began, where the rows say it: a commit's time, or the cursor's. */
  readonly times: ColumnVector | undefined;
  readonly observed: boolean;
  /** One per column of the dataset, in its order. */
  readonly columns: readonly ColumnVector[];
}

const TEXT: LogicalType = { name: 'text' };
/** What a row may carry that has to be looked at. */
const DECIDED = ['_rest', '_scope', '_unchanged', '_prev_key'];
/** No value of a fixed width counts for more in an index entry. */
const MAX_FIXED_KEY_BYTES = 36;

/**
 * The group as it can be copied, or undefined when a row of it has to be looked at by itself. Decided on bytes; what is plain is staged just
 * as `fitGroup` would have it.
 */
export function plainGroup(context: FitContext, group: VectorRowGroup): PlainGroup | undefined {
  const { dataset, dialect } = context;
  const given = byName(dataset, group);
  const position = given.get('_position');
  if (context.only !== undefined || position === undefined || !arePositions(position, group.rowCount)) return undefined;
  if (!areUpserts(given.get('_op')) || DECIDED.some((name) => holdsAny(given.get(name)))) return undefined;

  const key = keyShape(dataset) === 'hash' ? given.get('_key') : undefined;
  if (keyShape(dataset) === 'hash' && !isFullText(key, context)) return undefined;
  if (hasUnknown(dataset, group)) return undefined;
  const columns: ColumnVector[] = [];
  for (const column of dataset.columns) {
    const source = given.get(column.name);
    if (source === undefined || source.vector.presentCount === 0) columns.push(nullVector(group.rowCount));
    else if (sameType(source.type, column.type) && dialect.vectorFits(column.type, source.vector))
      columns.push(source.vector);
    else return undefined;
  }
  const committed = given.get('_committed_at');
  if (committed !== undefined && committed.type.name !== 'timestamptz') return undefined;
  if (!keysFit(dataset, columns)) return undefined;
  return {
    rowCount: group.rowCount,
    position: position.vector,
    key: key?.vector,
    times: committed?.vector ?? cursorTimes(dataset, given),
    observed: committed === undefined,
    columns,
  };
}

/** The columns by the names that the dataset has for them. */
function byName(dataset: Dataset, { columns }: VectorRowGroup): ReadonlyMap<string, StagedVector> {
  const sourced = dataset.kind === 'postgres';
  return new Map(
    columns.map((column) => [
      sourced && isBusiness(column.name) ? homeName(dataset, column.name) : column.name,
      column,
    ]),
  );
}

/** What a database has beyond the dataset belongs to `_rest`, which is looked at row by row. */
function hasUnknown(dataset: Dataset, { columns }: VectorRowGroup): boolean {
  if (dataset.kind !== 'postgres') return false;
  const names = new Set(dataset.columns.map(({ name }) => name));
  return columns.some(
    (column) => isBusiness(column.name) && !names.has(homeName(dataset, column.name)) && holdsAny(column),
  );
}

function holdsAny(column: StagedVector | undefined): boolean {
  return column !== undefined && column.vector.presentCount > 0;
}

function isFullText(column: StagedVector | undefined, { dialect }: FitContext): boolean {
  return (
    column?.type.name === 'text' &&
    column.vector.presentCount === column.vector.rowCount &&
    dialect.vectorFits(TEXT, column.vector) &&
    longest(TEXT, column.vector) <= MAX_KEY_BYTES
  );
}

/** Length and text of `eeee-pppppppppppppppp-iiiiiiii` in a vector. */
export const POSITION_STRIDE = 34;

/** Every row has a `_position`: fixed width, lower-case hexadecimal. */
function arePositions({ type, vector }: StagedVector, rowCount: number): boolean {
  const { body } = vector;
  if (type.name !== 'text' || vector.presentCount !== rowCount || body.length !== rowCount * POSITION_STRIDE)
    return false;
  for (let at = 0; at < body.length; at += POSITION_STRIDE) {
    if (body[at] !== 30 || body[at + 1] !== 0 || body[at + 2] !== 0 || body[at + 3] !== 0) return false;
    for (let place = 4; place < POSITION_STRIDE; place += 1)
      if (SHAPE[place] !== CLASS[body[at + place] ?? 0]) return false;
  }
  return true;
}

const HEX = 1;
const DASH = 2;
/** What each byte is. */
const CLASS = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 0x2d ? DASH : (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66) ? HEX : 0,
);
/** What it has to be, by place. */
const SHAPE = Uint8Array.from({ length: POSITION_STRIDE }, (_, place) => (place === 8 || place === 25 ? DASH : HEX));

/** Every `_op` is `u`, or is not there, which says the same. */
function areUpserts(column: StagedVector | undefined): boolean {
  if (column === undefined) return true;
  const { body, presentCount } = column.vector;
  if (column.type.name !== 'text' || body.length !== presentCount * 5) return false;
  for (let at = 0; at < body.length; at += 5) if (body[at] !== 1 || body[at + 4] !== 0x75) return false;
  return true;
}

/** Every key is there and fits an index; where that is not certain, each row is asked. */
function keysFit(dataset: Dataset, columns: readonly ColumnVector[]): boolean {
  const isKey = (name: string): boolean => dataset.keyForm !== 'hash' && dataset.key.includes(name);
  let bytes = 0;
  for (const [index, { name, type }] of dataset.columns.entries()) {
    const vector = columns[index];
    if (vector === undefined) return false;
    if (isKey(name)) {
      if (vector.presentCount < vector.rowCount) return false;
      bytes += longest(type, vector);
    } else if (dataset.derive.some((rule) => rule.by === name) && longest(type, vector) > MAX_KEY_BYTES) return false;
  }
  return bytes <= MAX_KEY_BYTES;
}

/** Bytes of the longest value. */
function longest(type: LogicalType, { body }: ColumnVector): number {
  if (vectorWidth(type) !== 'variable') return MAX_FIXED_KEY_BYTES;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let most = 0;
  for (let at = 0; at < body.length;) {
    const length = view.getInt32(at, true);
    most = Math.max(most, length);
    at += 4 + length;
  }
  return most;
}

function cursorTimes(dataset: Dataset, given: ReadonlyMap<string, StagedVector>): ColumnVector | undefined {
  const { capture } = dataset;
  const cursor = capture.mode === 'watermark' ? given.get(capture.cursor) : undefined;
  return cursor?.type.name === 'timestamptz' ? cursor.vector : undefined;
}
