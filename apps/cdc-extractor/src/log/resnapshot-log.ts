import { setTimeout as sleep } from 'node:timers/promises';
import { type Dataset } from '@rollcall/catalog';
import { identifySystem, readSlot } from '@rollcall/source-postgres';
import { type SourceContext } from '../source-context.js';
import { judgeSlot, slotLost } from './judge-slot.js';
import { type LogCapture } from './log-capture.js';
import { readBesideLog, type ReadRun } from './read-beside-log.js';
import { StreamState, type StreamDoc } from './stream-state.js';

const POLL_MS = 250;

export interface Resnapshot {
  readonly rows: number;
  readonly batches: number;
}

/**
 * Reads datasets of the log whole, again, while they are streamed; each ends with a `t` at its read LSN. Where the log is lost, the whole source begins anew:
 * another slot, another epoch. Datasets that are being read for the first time are waited for. Returns when all is landed. Code `source/slot-lost` when the
 * log is lost and only some of its datasets are asked for.
 */
export async function resnapshotLog(
  context: SourceContext,
  capture: Pick<LogCapture, 'wake'>,
  datasets: readonly Dataset[],
  run: ReadRun,
): Promise<Resnapshot> {
  const state = await StreamState.open(context, context.source.source);
  if (await isLost(context, state.doc, datasets, run.signal)) {
    await state.move((doc) => ({ ...doc, renew: run.run }));
    capture.wake();
  }
  const standing = state.doc;
  let [rows, batches] = [0, 0];
  for (const dataset of datasets) {
    const streamed = standing?.renew === undefined ? standing?.datasets[dataset.name] : undefined;
    const read = streamed
      ? await readBesideLog(context, dataset, streamed.epoch, run)
      : await untilJoined(context, dataset, run.signal);
    rows += read.rows;
    batches += read.batches;
  }
  return { rows, batches };
}

async function isLost(
  context: SourceContext,
  doc: StreamDoc | undefined,
  datasets: readonly Dataset[],
  signal: AbortSignal,
): Promise<boolean> {
  const { source, log: names, datasets: all } = context.source;
  if (!doc || !names || doc.renew !== undefined) return false;
  const client = await context.connect({ signal });
  try {
    const [system, slot] = [await identifySystem(client), await readSlot(client, names.slot)];
    const verdict = judgeSlot({ names, doc, slot, system });
    if (verdict.kind !== 'lost') return false;
    const others = all.filter(
      ({ name, capture }) => capture.mode === 'log' && !datasets.some((one) => one.name === name),
    );
    if (others.length > 0) throw slotLost(source, names.slot, Object.keys(doc.datasets), verdict);
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The first snapshot of a dataset is made by whoever streams; here it is waited for. */
async function untilJoined(context: SourceContext, dataset: Dataset, signal: AbortSignal): Promise<Resnapshot> {
  for (;;) {
    const { doc } = await StreamState.open(context, context.source.source);
    const joined = doc?.renew === undefined ? doc?.datasets[dataset.name] : undefined;
    if (joined) return joined.snapshot ?? { rows: 0, batches: 0 };
    await sleep(POLL_MS, undefined, { signal });
  }
}
