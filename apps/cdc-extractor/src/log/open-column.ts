import { VectorBuilder, type ColumnVector, type LogicalType } from '@rollcall/catalog';
import { type FieldDecoder } from '@rollcall/source-postgres';

const IS_NULL = -1;
const UNKNOWN = -2;

/**
 * A column of an open batch. Remembers where each row's value stands, so that a later row may take it over: what the log leaves out of an
 * update is always a value that was stored out of line, so only columns whose values can be are remembered.
 */
export class OpenColumn {
  readonly #builder: VectorBuilder;
  /** By row of the batch: the byte of all bodies where its value begins, or why there is none. */
  readonly #places: number[] | undefined;
  readonly #bodies: Uint8Array[] = [];
  #bodyBytes = 0;

  constructor(type: LogicalType) {
    this.#builder = new VectorBuilder(type);
    // The shortest value that Postgres stores out of line is longer than what has 8 bytes here.
    this.#places = this.#builder.width === 'variable' || this.#builder.width === 16 ? [] : undefined;
  }

  value(decode: FieldDecoder, source: Buffer, from: number, to: number): void {
    const at = this.#builder.byteLength;
    decode(source, from, to, this.#builder);
    this.#places?.push(this.#builder.byteLength === at ? IS_NULL : this.#bodyBytes + at);
  }

  null(): void {
    this.#places?.push(IS_NULL);
    this.#builder.null();
  }

  /** NULL that stands for a value nobody told. */
  unknown(): void {
    this.#places?.push(UNKNOWN);
    this.#builder.null();
  }

  /** Whether the value of that row of the batch is known. */
  knows(row: number): boolean {
    const place = this.#places?.[row] ?? UNKNOWN;
    return place !== UNKNOWN;
  }

  /** The value of another row of the batch, which is known. Gives its bytes. */
  repeat(row: number): number {
    const place = this.#places?.[row] ?? UNKNOWN;
    if (place < 0) {
      this.null();
      return 0;
    }
    const before = this.#builder.byteLength;
    this.#places?.push(this.#bodyBytes + before);
    const { body, at } = this.#find(place);
    this.#builder.repeat(at, body);
    return this.#builder.byteLength - before;
  }

  /** Ends a row group. */
  takeGroup(): ColumnVector {
    const vector = this.#builder.take();
    if (this.#places) {
      this.#bodies.push(vector.body);
      this.#bodyBytes += vector.body.length;
    }
    return vector;
  }

  /** Ends the batch: rows of it can be repeated no more. */
  endBatch(): void {
    if (this.#places) this.#places.length = 0;
    this.#bodies.length = 0;
    this.#bodyBytes = 0;
  }

  #find(place: number): { readonly at: number; readonly body?: Uint8Array } {
    let at = place;
    for (const body of this.#bodies) {
      if (at < body.length) return { at, body };
      at -= body.length;
    }
    return { at };
  }
}
