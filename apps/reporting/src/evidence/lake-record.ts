import type { LogicalType, Value } from '@rollcall/catalog';
import { parsePosition, RollcallError } from '@rollcall/kernel';
import { fetchBatch, openBatch, type ObjectStore, type OpenBatch, type RowGroup } from '@rollcall/lake';
import type { BatchFacts } from './batch-facts.js';

export interface LakeField {
  readonly name: string;
  readonly type: LogicalType;
  readonly value: Value;
}

/** A row as it lies in its object. */
export interface LakeRecord {
  /** In the order of the file, `_position` and the other fields of the platform among them. */
  readonly fields: readonly LakeField[];
  /** Indices of the positions in this object that have the same epoch and point: the events of one message, the lines of one file. */
  readonly indicesBeside: readonly number[];
}

/** Objects in memory at a time. Each is bounded by its dataset's flush rule. */
const MAX_OPEN_OBJECTS = 2;

/** Reads single records out of the lake's objects: the bytes are checked against the ledger's sha256 first. */
export class LakeRecords {
  readonly #store: ObjectStore;
  readonly #queue: (() => void)[] = [];
  #open = 0;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /**
   * The row at a position; undefined when the object has none.
   * Of the object only the positions and the one group that holds the row are decoded.
   * @throws RollcallError lake/not-found, lake/checksum-mismatch, lake/corrupt and what the store throws
   */
  async read(batch: BatchFacts, position: string): Promise<LakeRecord | undefined> {
    await this.#enter();
    try {
      const opened = await openBatch(await fetchBatch(this.#store, batch));
      if (opened.manifest.batchId !== batch.batchId)
        throw new RollcallError('lake/corrupt', `${batch.key} holds batch ${opened.manifest.batchId}`);
      return await findRecord(opened, position);
    } finally {
      this.#leave();
    }
  }

  /** Who leaves hands the place on, so the number of open objects does not change. */
  async #enter(): Promise<void> {
    if (this.#open < MAX_OPEN_OBJECTS) this.#open += 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  #leave(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#open -= 1;
  }
}

async function findRecord(batch: OpenBatch, position: string): Promise<LakeRecord | undefined> {
  const prefix = position.slice(0, position.lastIndexOf('-') + 1);
  const indicesBeside: number[] = [];
  let found: { readonly group: number; readonly row: number } | undefined;
  let group = 0;
  for await (const { columns } of batch.groups(['_position'])) {
    for (const [row, value] of (columns[0]?.values ?? []).entries()) {
      if (typeof value !== 'string' || !value.startsWith(prefix)) continue;
      const parsed = parsePosition(value);
      if (parsed) indicesBeside.push(parsed.index);
      if (value === position) found = { group, row };
    }
    group += 1;
  }
  if (found === undefined) return undefined;
  for await (const whole of batch.groups(undefined, found.group))
    return { fields: fieldsAt(whole, found.row), indicesBeside };
  return undefined;
}

function fieldsAt({ columns }: RowGroup, row: number): readonly LakeField[] {
  return columns.map(({ name, type, values }) => ({ name, type, value: values[row] ?? null }));
}

/**
 * Which event of its message this is, from 1. The events of a message stand on indices that follow each other without a gap; those that
 * could not be read stand in quarantine instead of the object.
 */
export function eventOfMessage(index: number, inObject: readonly number[], inQuarantine: readonly number[]): number {
  const taken = new Set([...inObject, ...inQuarantine]);
  let first = index;
  while (taken.has(first - 1)) first -= 1;
  return index - first + 1;
}
