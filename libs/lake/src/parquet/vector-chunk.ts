import { vectorWidth, type LogicalType } from '@rollcall/catalog';
import type { VectorColumn } from '../batch/vector-group.js';
import type { Bounds } from './bounds.js';
import { ByteSink } from './byte-sink.js';
import type { EncodedChunk } from './encoded-chunk.js';
import { writeLevels } from './levels.js';
import { packBits } from './pack-bits.js';
import { dataPage, encodedPage } from './page.js';
import { vectorBounds } from './vector-bounds.js';
import { COMPRESSORS } from './zstd.js';

/**
 * A column of a row group as one PLAIN page, which the body of a vector is already. No dictionary: zstd makes repeated texts nearly as
 * small, in less time. Throws RangeError, with the column's name, when the parts of the vector do not fit each other.
 */
export function encodeVector(column: VectorColumn, rowCount: number): EncodedChunk {
  const { name, type, vector } = column;
  try {
    const levels = new ByteSink(64);
    const present = writePresence(levels, column, rowCount);
    if (present !== vector.presentCount)
      throw new RangeError(`${present} values are there, ${vector.presentCount} counted`);
    const width = vectorWidth(type);
    if (width !== 'variable' && vector.body.byteLength !== present * width)
      throw new RangeError(`${vector.body.byteLength} bytes for ${present} values of ${width}`);
    const page = dataPage(
      { rowCount, nullCount: rowCount - present, encoding: 'PLAIN' },
      levels.bytes(),
      type.name === 'bool' ? packBits(vector.body).bits : vector.body,
    );
    const bounds = vectorBounds(type, vector.body, present);
    checkRange(type, bounds);
    return {
      column: { name, type },
      rowCount,
      nullCount: rowCount - present,
      bounds,
      data: encodedPage(page, COMPRESSORS.ZSTD(page.body)),
    };
  } catch (cause) {
    throw cause instanceof RangeError ? new RangeError(`column ${name}: ${cause.message}`, { cause }) : cause;
  }
}

/** The types whose values do not fill the bytes they have. */
function checkRange(type: LogicalType, { min_value: least, max_value: greatest }: Bounds): void {
  if (least === undefined || greatest === undefined || typeof least === 'string' || typeof greatest === 'string')
    return;
  const limit = type.name === 'int2' ? 0x8000 : type.name === 'decimal' ? 10n ** BigInt(type.precision) : undefined;
  if (limit === undefined) return;
  // An int2 has one value more below zero than above.
  const isAbove = greatest >= limit;
  const isBelow = type.name === 'int2' ? least < -limit : least <= -limit;
  if (isAbove || isBelow) throw new RangeError(`a value that is no ${type.name}`);
}

/** @returns rows that have a value */
function writePresence(levels: ByteSink, { vector }: VectorColumn, rowCount: number): number {
  if (vector.rowCount !== rowCount) throw new RangeError(`${vector.rowCount} rows in a group of ${rowCount}`);
  if (!vector.present) {
    writeLevels(levels, rowCount, rowCount);
    return rowCount;
  }
  if (vector.present.byteLength !== rowCount) throw new RangeError('which rows have a value is not said for every row');
  const { bits, ones } = packBits(vector.present);
  writeLevels(levels, rowCount, ones, bits);
  return ones;
}
