import { batchId, count, datasetName, position } from '@rollcall/contracts';
import { createDocument, readDocument, writeDocument, type Document, type ObjectStore } from '@rollcall/lake';
import { RollcallError } from '@rollcall/kernel';
import { z } from 'zod';
import { type ExtractEffects } from '../effects.js';

const digits = z.string().regex(/^\d{1,20}$/);
const epoch = z.number().int().min(0).max(0xffff);

const streamedState = z.object({
  epoch,
  /** pg_class.oid of the table: a table made anew under its name is another one, and read from its beginning. */
  table: z.number().int(),
  /** Up to here everything is in the lake and announced; at first where the `t` of the snapshot stands. */
  position,
  /** The `t` that ended the snapshot, as long as no batch of the log has landed: the first one needs it, and has no `after`. */
  clear: batchId.optional(),
  /** What the snapshot came to. */
  snapshot: z.object({ rows: count, batches: count }).optional(),
});
export type StreamedState = z.output<typeof streamedState>;

const joiningState = z.object({ epoch, table: z.number().int(), hold: digits });

/**
 * Where the log of a source stands: `_state/<source>/_stream.json`, one document for all its datasets, so that a cut moves them together, by one
 * compare-and-swap. It is also the fence between two extractors.
 */
export const streamDoc = z.object({
  format: z.literal(1),
  slot: z.string().min(1),
  systemId: z.string().min(1),
  timeline: z.number().int(),
  /** All that committed before it is in the lake, for every dataset. Written before the slot is confirmed: the slot is never ahead of it. */
  confirmed: digits,
  datasets: z.record(datasetName, streamedState),
  /** Datasets whose snapshot is under way. The slot is not confirmed beyond `hold`: what comes behind their snapshot is still to be streamed. */
  joining: z.record(datasetName, joiningState),
  /** Somebody asked to begin anew with another slot, because this one is lost: the run that asked. */
  renew: z.string().optional(),
});
export type StreamDoc = z.output<typeof streamDoc>;

export function streamKey(source: string): string {
  return `_state/${source}/_stream.json`;
}

/** The LSN up to which the slot may be confirmed when everything before `end` was received and landed. Never goes back. Pure. */
export function confirmable(doc: StreamDoc, end: bigint): bigint {
  const confirmed = BigInt(doc.confirmed);
  const holds = Object.values(doc.joining).map(({ hold }) => BigInt(hold));
  const limit = [end, ...holds].reduce((least, lsn) => (lsn < least ? lsn : least));
  return limit > confirmed ? limit : confirmed;
}

/** The document in the hands of the holder of the lease. Code `lake/conflict` when somebody else moved it: throw this away and open it anew. */
export class StreamState {
  readonly #lake: ObjectStore;
  readonly #effects: ExtractEffects;
  readonly #key: string;
  #document: Document<StreamDoc> | undefined;
  #moving: Promise<unknown> = Promise.resolve();

  private constructor(lake: ObjectStore, effects: ExtractEffects, key: string, document?: Document<StreamDoc>) {
    this.#lake = lake;
    this.#effects = effects;
    this.#key = key;
    this.#document = document;
  }

  static async open(
    { lake, effects }: { readonly lake: ObjectStore; readonly effects: ExtractEffects },
    source: string,
  ): Promise<StreamState> {
    const key = streamKey(source);
    return new StreamState(lake, effects, key, await readDocument(lake, key, streamDoc));
  }

  /** Undefined: the log of this source was never read. */
  get doc(): StreamDoc | undefined {
    return this.#document?.value;
  }

  /** Begins with another slot. */
  begin(doc: StreamDoc): Promise<StreamDoc> {
    return this.#move(() => doc);
  }

  /** Effect `cursor.move`. Moves asked for at once follow each other. Durable when it returns. */
  move(change: (doc: StreamDoc) => StreamDoc): Promise<StreamDoc> {
    return this.#move((doc) => {
      if (!doc) throw new Error('the stream was never begun');
      return change(doc);
    });
  }

  #move(change: (doc: StreamDoc | undefined) => StreamDoc): Promise<StreamDoc> {
    const moved = this.#moving.then(() => this.#effects.run('cursor.move', () => this.#write(change)));
    this.#moving = moved.catch(() => undefined);
    return moved;
  }

  async #write(change: (doc: StreamDoc | undefined) => StreamDoc): Promise<StreamDoc> {
    const value = streamDoc.parse(change(this.#document?.value));
    if (this.#document) {
      this.#document = { value, etag: await writeDocument(this.#lake, this.#key, value, this.#document.etag) };
      return value;
    }
    const created = await createDocument(this.#lake, this.#key, value);
    if (!created) throw new RollcallError('lake/conflict', `document ${this.#key} is there already`);
    this.#document = { value, etag: created.etag };
    return value;
  }
}
