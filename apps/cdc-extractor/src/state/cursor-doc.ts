import type { Dataset } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { cursorKey, readCursor, writeCursor, type Cursor, type Document, type ObjectStore } from '@rollcall/lake';
import type { ExtractEffects } from '../effects.js';
import { datasetState, type DatasetState } from './dataset-state.js';

/** Where a dataset stands. */
export interface Standing {
  readonly epoch: number;
  /** The last point given to a read or a cut: an LSN. */
  readonly point: bigint;
  readonly position?: string | undefined;
  readonly lastBatch?: string | undefined;
  readonly state: DatasetState;
}

const NEW: Standing = { epoch: 0, point: 0n, state: {} };

/**
 * The cursor of a dataset, in the hands of one extractor. Every move is a compare-and-swap (effect `cursor.move`): code `lake/conflict` says
 * that somebody else moved it; then this one is to be thrown away, and read anew by whoever goes on. Moves asked for at once follow each other.
 */
export class CursorDoc {
  readonly #lake: ObjectStore;
  readonly #effects: ExtractEffects;
  readonly #dataset: Pick<Dataset, 'source' | 'name'>;
  #document: Document<Cursor> | undefined;
  #standing: Standing;
  #moving: Promise<unknown> = Promise.resolve();

  private constructor(
    { lake, effects }: { readonly lake: ObjectStore; readonly effects: ExtractEffects },
    dataset: Pick<Dataset, 'source' | 'name'>,
    document: Document<Cursor> | undefined,
  ) {
    this.#lake = lake;
    this.#effects = effects;
    this.#dataset = dataset;
    this.#document = document;
    this.#standing = document ? standingOf(document.value, dataset) : NEW;
  }

  static async open(
    context: { readonly lake: ObjectStore; readonly effects: ExtractEffects },
    dataset: Pick<Dataset, 'source' | 'name'>,
  ): Promise<CursorDoc> {
    return new CursorDoc(context, dataset, await readCursor(context.lake, dataset.source, dataset.name));
  }

  /** Whether it was ever written. */
  get exists(): boolean {
    return this.#document !== undefined;
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** Moves to what `change` makes of where it stands then. Neither epoch nor point may go back. Durable when it returns. */
  move(change: (standing: Standing) => Standing): Promise<Standing> {
    const moved = this.#moving.then(async () => {
      const next = change(this.#standing);
      const { source, name } = this.#dataset;
      this.#document = await this.#effects.run('cursor.move', () =>
        writeCursor(this.#lake, source, name, cursorOf(next), this.#document),
      );
      this.#standing = next;
      return next;
    });
    this.#moving = moved.catch(() => undefined);
    return moved;
  }

  /** The same for its state alone. */
  async update(change: (state: DatasetState) => DatasetState): Promise<Standing> {
    return this.move((standing) => ({ ...standing, state: change(standing.state) }));
  }
}

function cursorOf({ epoch, point, position, lastBatch, state }: Standing): Cursor {
  return {
    format: 1,
    epoch,
    point: point.toString(),
    ...(position !== undefined && { position }),
    ...(lastBatch !== undefined && { lastBatch }),
    // What is undefined in it goes, as it would in the document.
    samples: JSON.parse(JSON.stringify(state)) as Cursor['samples'],
  };
}

function standingOf(value: Cursor, { source, name }: Pick<Dataset, 'source' | 'name'>): Standing {
  const { epoch, point, position, lastBatch, samples } = value;
  const state = datasetState.safeParse(samples ?? {});
  if (!state.success)
    throw new RollcallError('lake/corrupt', `cursor ${cursorKey(source, name)} is not of its form`, {
      cause: state.error,
    });
  return { epoch, point: BigInt(point), position, lastBatch, state: state.data };
}
