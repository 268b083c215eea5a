import type { LogicalType } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import type { ColumnCodec, FieldDecoder } from './column-codec.js';

/** Beyond this a value is no JavaScript string any more once it is quoted as JSON. */
const MAX_REWRITTEN_BYTES = 1 << 26;

const LONG = 1 << 16;

/** The bytes as they are. */
export const copyBytes: FieldDecoder = (source, from, to, out) => out.bytes(source, from, to);

/** The column's own bytes in both roads: its binary form is its text (or its bytes). */
export function plainCodec(logical: LogicalType): ColumnCodec {
  return { logical, select: (column) => column, binary: copyBytes, text: copyBytes };
}

/**
 * The text that the type's output function gives, as the log sends it, so that one decoder serves both roads. `::text` is not that:
 * it adds `/32` to an inet, cuts the declaration of xml, and may be anybody's own cast. `rewrite` makes another text of it.
 */
export function outputCodec(logical: LogicalType, rewrite?: (text: string) => string): ColumnCodec {
  const decode = rewrite === undefined ? copyBytes : rewriting(rewrite);
  return { logical, select: outputText, binary: decode, text: decode };
}

/** IS DISTINCT FROM: a row of NULLs is not NULL. */
function outputText(column: string): string {
  return `CASE WHEN ${column} IS DISTINCT FROM NULL THEN concat(${column}) END`;
}

function rewriting(rewrite: (text: string) => string): FieldDecoder {
  return (source, from, to, out) => {
    if (to - from > MAX_REWRITTEN_BYTES)
      throw new RollcallError('source/too-wide', `a value of ${to - from} bytes is too long to be turned into JSON`);
    const text = rewrite(source.toString('utf8', from, to));
    // A builder keeps three bytes for each character of a text ready.
    if (text.length > LONG) out.bytes(Buffer.from(text));
    else out.text(text);
  };
}
