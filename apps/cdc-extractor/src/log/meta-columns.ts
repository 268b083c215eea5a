import { VectorBuilder, type LogicalType } from '@rollcall/catalog';
import { type VectorColumn } from '@rollcall/lake';

const TEXT: LogicalType = { name: 'text' };
const INSTANT: LogicalType = { name: 'timestamptz' };
export type Op = 'u' | 'd' | 't';
const OPS: Readonly<Record<Op, Buffer>> = { u: Buffer.from('u'), d: Buffer.from('d'), t: Buffer.from('t') };
/** The scope of TRUNCATE: the dataset. */
const WHOLE_DATASET = Buffer.from('[]');
const HEX = Buffer.from('0123456789abcdef');

/** What few rows have. */
export interface RowMeta {
  readonly key?: string;
  readonly unchanged?: string;
  readonly prevKey?: string;
}
const NOTHING: RowMeta = {};

const POSITION_LENGTH = 30;
const INDEX_AT = 22;

/** What is beside the columns of the table, row by row: place, kind of change, time of the commit, and where its left-out values are. */
export class MetaColumns {
  readonly #position = new VectorBuilder(TEXT);
  readonly #op = new VectorBuilder(TEXT);
  readonly #key: VectorBuilder | undefined;
  readonly #scope = new VectorBuilder(TEXT);
  readonly #committedAt = new VectorBuilder(INSTANT);
  readonly #unchanged = new VectorBuilder(TEXT);
  readonly #prevKey = new VectorBuilder(TEXT);
  readonly #place = Buffer.alloc(POSITION_LENGTH);
  #committedHigh = 0;
  #committedLow = 0;

  /** `hashed`: rows carry `_key`. */
  constructor(hashed: boolean) {
    if (hashed) this.#key = new VectorBuilder(TEXT);
  }

  /** `prefix`: epoch and LSN of the positions to come. `committedAt`: microseconds since 1970. */
  begin(prefix: string, committedAt: bigint): void {
    this.#place.write(prefix, 0, 'latin1');
    this.#committedHigh = Number(BigInt.asIntN(32, committedAt >> 32n));
    this.#committedLow = Number(BigInt.asIntN(32, committedAt));
  }

  row(op: Op, index: number, rest: RowMeta = NOTHING): void {
    for (let at = POSITION_LENGTH - 1, left = index; at >= INDEX_AT; at -= 1, left >>>= 4)
      this.#place[at] = HEX[left & 15] ?? 0;
    this.#position.bytes(this.#place);
    this.#op.bytes(OPS[op]);
    this.#committedAt.int64Halves(this.#committedHigh, this.#committedLow);
    if (op === 't') this.#scope.bytes(WHOLE_DATASET);
    else this.#scope.null();
    if (this.#key) textOrNull(this.#key, rest.key);
    textOrNull(this.#unchanged, rest.unchanged);
    textOrNull(this.#prevKey, rest.prevKey);
  }

  /** The position of the newest row. */
  get position(): string {
    return this.#place.toString('latin1');
  }

  takeGroup(): VectorColumn[] {
    const text = (name: string, builder: VectorBuilder): VectorColumn => ({ name, type: TEXT, vector: builder.take() });
    return [
      text('_position', this.#position),
      text('_op', this.#op),
      ...(this.#key ? [text('_key', this.#key)] : []),
      text('_scope', this.#scope),
      { name: '_committed_at', type: INSTANT, vector: this.#committedAt.take() },
      text('_unchanged', this.#unchanged),
      text('_prev_key', this.#prevKey),
    ];
  }
}

/** Columns of a batch that are left out when none of its rows has a value in them. */
export const SPARSE_META: ReadonlySet<string> = new Set(['_scope', '_unchanged', '_prev_key']);

function textOrNull(builder: VectorBuilder, text: string | undefined): void {
  if (text === undefined) builder.null();
  else builder.text(text);
}
