import type { Dataset, LogicalType, Value } from '@rollcall/catalog';
import { seal } from '@rollcall/kernel';
import type { LakeColumn } from '@rollcall/lake';

const TEXT: LogicalType = { name: 'text' };
const COLUMNS = [
  ['_position', TEXT],
  ['reason', TEXT],
  ['place', TEXT],
  ['contract', TEXT],
  ['length', { name: 'int4' }],
  ['sealed', { name: 'bytes' }],
  ['format', TEXT],
  ['header', TEXT],
] as const satisfies readonly (readonly [string, LogicalType])[];

/** A record that could not be read as a row. */
export interface Rejected {
  /** A closed set of kebab-case words: framing faults, those of the catalog's row readers, or the door's own. */
  readonly reason: string;
  /** Where it stands, for people: `line 17`, `message app_events:ID`. */
  readonly place: string;
  /** Its `_position`: names it in quarantine, so it is the same on every retry. */
  readonly position: string;
  /** What stood there; of very long records only the beginning. */
  readonly bytes: Uint8Array;
  /** Its true length in bytes. */
  readonly length: number;
  readonly format: 'csv' | 'json';
  /** Field names of the file, so that a line can be read again without it. */
  readonly header?: readonly string[];
}

/** Rejected records of one batch, gathered by columns; their bytes are sealed, or left out where there is no key. */
export class RejectedColumns {
  readonly #dataset: Dataset;
  readonly #quarantineKey: string | undefined;
  readonly #values: Value[][] = COLUMNS.map(() => []);

  constructor(dataset: Dataset, quarantineKey: string | undefined) {
    this.#dataset = dataset;
    this.#quarantineKey = quarantineKey;
  }

  get count(): number {
    return this.#values[0]?.length ?? 0;
  }

  add(rejected: Rejected): void {
    const { position } = rejected;
    const row: readonly Value[] = [
      position,
      rejected.reason,
      rejected.place,
      this.#dataset.version,
      rejected.length,
      this.#quarantineKey === undefined
        ? null
        : seal(this.#quarantineKey, rejected.bytes, `${this.#dataset.name}:${position}`),
      rejected.format,
      rejected.header === undefined ? null : JSON.stringify(rejected.header),
    ];
    row.forEach((value, i) => this.#values[i]?.push(value));
  }

  columns(): LakeColumn[] {
    return COLUMNS.map(([name, type], i) => ({ name, type, values: this.#values[i] ?? [] }));
  }
}
