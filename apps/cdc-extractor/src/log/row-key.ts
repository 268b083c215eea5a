import { VectorBuilder, valueToText, vectorValues, type Value } from '@rollcall/catalog';
import { TEXT_FIELD, type TupleView } from '@rollcall/source-postgres';
import { fieldKind, type LogTableColumn, type LogTable } from './log-table.js';

/** The key of a row of the log: as bytes to tell rows apart, as `_prev_key` and `_key` tell it. */
export class RowKeys {
  readonly #columns: readonly LogTableColumn[];
  readonly #hash: LogTable['hashKey'];

  constructor({ columns, key, hashKey }: LogTable) {
    this.#columns = key.flatMap((at) => columns[at] ?? []);
    this.#hash = hashKey;
  }

  /** The key's bytes as text, the same for the same values. A key that the log does not repeat stands in `old`. */
  identity(next: TupleView, old?: TupleView): string {
    let text = '';
    for (const { field } of this.#columns) {
      const tuple = holder(field, next, old);
      if (!tuple) text += '-';
      else {
        const part = tuple.source.toString('latin1', tuple.from[field], tuple.to[field]);
        if (this.#columns.length === 1) return part;
        text += `${part.length}:${part}`;
      }
    }
    return text;
  }

  /** The key as `_prev_key` has it: a JSON array of canonical texts, the PII policy applied. */
  text(row: TupleView): string {
    return JSON.stringify(this.#values(row).map((value, at) => valueToText(this.#typeOf(at), value)));
  }

  /** `_key`; undefined where the catalog does not ask for a hash. */
  hash(next: TupleView, old?: TupleView): string | undefined {
    return this.#hash?.(this.#values(next, old));
  }

  #values(next: TupleView, old?: TupleView): Value[] {
    return this.#columns.map(({ field, type, decode }) => {
      const tuple = holder(field, next, old);
      if (!tuple) return null;
      const one = new VectorBuilder(type);
      decode(tuple.source, tuple.from[field] ?? 0, tuple.to[field] ?? 0, one);
      return vectorValues(type, one.take())[0] ?? null;
    });
  }

  #typeOf(at: number): LogTableColumn['type'] {
    return this.#columns[at]?.type ?? { name: 'text' };
  }
}

function holder(field: number, next: TupleView, old: TupleView | undefined): TupleView | undefined {
  if (fieldKind(next, field) === TEXT_FIELD) return next;
  return old && fieldKind(old, field) === TEXT_FIELD ? old : undefined;
}
