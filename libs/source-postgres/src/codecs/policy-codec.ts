import {
  buildPolicy,
  MASKED,
  VectorBuilder,
  valueToText,
  vectorValues,
  type Column,
  type PiiKey,
} from '@rollcall/catalog';
import type { ColumnCodec, FieldDecoder } from './column-codec.js';

/**
 * The codec of a column with a PII policy: text that the policy leaves; the clear value never stands in a vector that is landed.
 * What is dropped or masked does not even leave the source by COPY. Throws config/invalid when the policy needs a key and there is none.
 */
export function policyCodec(codec: ColumnCodec, column: Column, key: PiiKey | undefined): ColumnCodec {
  if (column.pii === 'keep') return codec;
  const policy = buildPolicy(column, key);
  const logical = { name: 'text' } as const;
  if (column.pii === 'drop') {
    const drop: FieldDecoder = (_source, _from, _to, out) => out.null();
    return { logical, select: () => 'NULL::text', binary: drop, text: drop };
  }
  if (column.pii === 'mask') {
    const mask: FieldDecoder = (_source, _from, _to, out) => out.text(MASKED);
    const select = (quoted: string): string => `CASE WHEN ${quoted} IS DISTINCT FROM NULL THEN ''::text END`;
    return { logical, select, binary: mask, text: mask };
  }
  function hiding(decode: FieldDecoder): FieldDecoder {
    // Of one value at a time; emptied before the next.
    const clear = new VectorBuilder(codec.logical);
    return (source, from, to, out) => {
      decode(source, from, to, clear);
      const [value = null] = vectorValues(codec.logical, clear.take());
      const text = valueToText(codec.logical, value);
      const hidden = text === null ? null : policy(text);
      if (hidden === null) out.null();
      else out.text(hidden);
    };
  }
  return { logical, select: codec.select, binary: hiding(codec.binary), text: hiding(codec.text) };
}
