import type { LogicalType, VectorBuilder } from '@rollcall/catalog';

/** Appends the field in bytes [from, to) of `source` to a column. Never called for NULL. */
export type FieldDecoder = (source: Buffer, from: number, to: number, out: VectorBuilder) => void;

/** How the values of one column get from Postgres into a vector, by either road, with the same outcome. */
export interface ColumnCodec {
  readonly logical: LogicalType;
  /** The column in the select list of a binary COPY: itself, or a cast to text where the binary form is nobody's business. */
  readonly select: (quotedColumn: string) => string;
  /** Decodes what `select` gives in binary COPY. */
  readonly binary: FieldDecoder;
  /** Decodes the text that pgoutput sends (DateStyle ISO, IntervalStyle postgres, TimeZone UTC, extra_float_digits 1, bytea_output hex). */
  readonly text: FieldDecoder;
}
