import { type Dataset } from '@rollcall/catalog';
import { type SourceContext } from '../source-context.js';
import { landBatch } from '../land/land-batch.js';
import { type LogRows } from './dataset-rows.js';
import { confirmable, type StreamedState, type StreamState } from './stream-state.js';
import { type Cut } from './transaction-sorter.js';

/** Datasets of a cut that are landed at the same time. */
const LANDINGS = 4;

/** A dataset that is streamed, and where its rows come from, for people. */
export interface LandedDataset {
  readonly dataset: Dataset;
  readonly origin: string;
}

/**
 * Lands a cut: every dataset's batches one behind the other, then where all of them stand, in one move. Gives the LSN up to which the slot may be
 * confirmed now. What fails on the way leaves the stream where it stood: the same rows are read again.
 */
export async function landCut(
  context: SourceContext,
  state: StreamState,
  datasets: ReadonlyMap<string, LandedDataset>,
  cut: Cut,
): Promise<bigint> {
  const moved = new Map<string, StreamedState>();
  const left = cut.datasets.values();
  const land = async (): Promise<void> => {
    for (const { name, batches } of left) {
      const landed = datasets.get(name);
      const stood = state.doc?.datasets[name];
      if (!landed || !stood) throw new Error(`a cut has rows of ${name}, which is not streamed`);
      moved.set(name, await landDataset(context, landed, stood, batches));
    }
  };
  await Promise.all(Array.from({ length: LANDINGS }, land));
  const doc = await state.move((before) => ({
    ...before,
    confirmed: confirmable(before, cut.end).toString(),
    datasets: { ...before.datasets, ...Object.fromEntries(moved) },
  }));
  return BigInt(doc.confirmed);
}

async function landDataset(
  context: SourceContext,
  { dataset, origin }: LandedDataset,
  stood: StreamedState,
  batches: readonly LogRows[],
): Promise<StreamedState> {
  let stands = stood;
  for (const { groups, first, last, committedAt } of batches) {
    await landBatch(context, {
      dataset,
      range: { kind: 'log', first, last },
      groups,
      origin,
      asOf: committedAt,
      ...(stands.clear === undefined ? { after: stands.position } : { needs: [stands.clear] }),
    });
    const { clear: _needed, ...rest } = stands;
    stands = { ...rest, position: last };
  }
  return stands;
}
