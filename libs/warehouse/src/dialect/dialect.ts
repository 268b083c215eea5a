import type { ColumnVector, LogicalType, Value } from '@rollcall/catalog';
import type { CopyBuffer } from './copy-buffer.js';

/** What differs between warehouses. Everything that builds SQL asks here; `redshift` can stand beside `postgres`. */
export interface Dialect {
  readonly name: string;
  quoteIdentifier(name: string): string;
  /** The type of a column in raw. */
  columnType(type: LogicalType): string;
  /** The type it is staged as: text, where only the server's own parser makes the value, in the merge. */
  stagingType(type: LogicalType): string;
  /** The staged expression as a value of the column's type. */
  fromStaging(type: LogicalType, expression: string): string;
  /** Whether the column takes the value: decided before COPY, so that COPY cannot fail on data. Never called with null. */
  fits(type: LogicalType): (value: Value) => boolean;
  /** Appends one field to a COPY row. Never called with null. */
  encoder(type: LogicalType): (buffer: CopyBuffer, value: Value) => void;
  /** The same as `fits` for every value of a column at once. May say no where each value fits: it is then asked for each. */
  vectorFits(type: LogicalType, vector: ColumnVector): boolean;
  /** Appends the field of the next row, NULL included: to be called once per row, in order, on a vector that fits. */
  vectorWriter(type: LogicalType, vector: ColumnVector): (buffer: CopyBuffer) => void;
}
