import { type Dataset } from '@rollcall/catalog';
import { type ReadSnapshot } from '../full/open-snapshot.js';
import { readWhole, type ReadEnd } from '../full/read-whole.js';
import { type SourceContext } from '../source-context.js';
import { CursorDoc } from '../state/cursor-doc.js';
import { snapshotBesideLog } from './snapshot-beside-log.js';
import { type StreamState } from './stream-state.js';

export interface ReadRun {
  /** What its batches are named after; with the attempt never given before. */
  readonly run: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/**
 * Reads a dataset of the log whole, with a `t` at the end; what comes by the log meanwhile is in order with it. `snapshot`: of the slot, where that was
 * made just now; else one is opened beside the log. What an earlier attempt has read is not read again.
 */
export async function readBesideLog(
  context: SourceContext,
  dataset: Dataset,
  epoch: number,
  { run, attempt, signal }: ReadRun,
  snapshot?: ReadSnapshot,
): Promise<ReadEnd> {
  const doc = await CursorDoc.open(context, dataset);
  const { standing } = doc;
  const last = standing.epoch === epoch ? standing.point : 0n;
  const request = { context, dataset, doc, run, attempt, epoch, signal };
  if (snapshot) return readWhole({ ...request, snapshot });
  await using own = await snapshotBesideLog(context, dataset, last, signal);
  return await readWhole({ ...request, snapshot: own, begun: () => void own[Symbol.asyncDispose]() });
}

/** Reads a dataset that joins the stream, and has it streamed from there. */
export async function joinDataset(
  context: SourceContext,
  state: StreamState,
  dataset: Dataset,
  run: ReadRun,
  snapshot?: ReadSnapshot,
): Promise<void> {
  const joining = state.doc?.joining[dataset.name];
  if (!joining) throw new Error(`${dataset.name} does not join the stream`);
  const { epoch, table } = joining;
  const { clearPosition, clearBatch, rows, batches } = await readBesideLog(context, dataset, epoch, run, snapshot);
  const streamed = { epoch, table, position: clearPosition, clear: clearBatch, snapshot: { rows, batches } };
  await state.move((before) => {
    const { [dataset.name]: _joined, ...others } = before.joining;
    return { ...before, joining: others, datasets: { ...before.datasets, [dataset.name]: streamed } };
  });
}
