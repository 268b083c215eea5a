import type { LogicalType, VectorBuilder } from '@rollcall/catalog';

/**
 * Appends the field in bytes [from, to) of `source` to a column. Never called for NULL.
 * Throws RollcallError `source/unfit` or `source/too-wide`, without the column's name, for a value that the column cannot hold.
 */
export type FieldDecoder = (source: Buffer, from: number, to: number, out: VectorBuilder) => void;

/** How the values of one column get from Postgres into a vector, by either road, with the same outcome. */
export interface ColumnCodec {
  readonly logical: LogicalType;
  /** The column in the select list of a binary COPY: itself, or its text where the binary form is nobody's business. */
  readonly select: (quotedColumn: string) => string;
  /** Decodes what `select` gives in binary COPY. */
  readonly binary: FieldDecoder;
  /** Decodes the text that pgoutput sends to a session with `SOURCE_SETTINGS`. */
  readonly text: FieldDecoder;
}
