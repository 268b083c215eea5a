import type { Dataset } from '@rollcall/catalog';
import type { RunRequest } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import { runHolder } from '@rollcall/lake';
import type { RunAttempt } from '@rollcall/service';
import { runFull } from '../full/run-full.js';
import type { SourceContext } from '../source-context.js';
import { CursorDoc, type Standing } from '../state/cursor-doc.js';
import { runWatermark, type Landed } from '../watermark/run-watermark.js';
import { countRows } from './count-rows.js';

/** One run over one dataset of capture `full` or `watermark`. Code lake/conflict while another run reads it whole. */
export async function readDataset(
  context: SourceContext,
  dataset: Dataset,
  request: RunRequest,
  attempt: RunAttempt,
): Promise<Landed> {
  const isWatermark = dataset.capture.mode === 'watermark';
  const whole = request.mode !== 'incremental' || !isWatermark;
  if (request.dryRun) return { rows: await countRows(context, dataset, { whole, signal: attempt.signal }), batches: 0 };
  const doc = await CursorDoc.open(context, dataset);
  await refuseSecond(context, dataset, doc, request.runId);
  // Several datasets of one run: each has batches of its own, named by dataset.
  const run = { ...attempt, run: request.runId };
  if (whole) return await sweep(context, dataset, doc, run);
  const { from, to } = request;
  if (from !== undefined || to !== undefined)
    return await runWatermark(context, dataset, doc, { ...run, span: { from, to } });
  const read = await runWatermark(context, dataset, doc, run);
  if (!isSweepDue(context, dataset, doc)) return read;
  const swept = await sweep(context, dataset, doc, run);
  return { rows: read.rows + swept.rows, batches: read.batches + swept.batches };
}

/** The table whole; what is not in it any more goes. */
async function sweep(
  context: SourceContext,
  dataset: Dataset,
  doc: CursorDoc,
  run: RunAttempt & { readonly run: string },
): Promise<Landed> {
  // As of its beginning: what is deleted meanwhile is for the next one.
  const sweptAt = context.clock.nowMicros().toString();
  const ended = (standing: Standing): Standing => {
    const { watermark } = standing.state;
    if (!watermark) return standing;
    return { ...standing, state: { ...standing.state, watermark: { ...watermark, sweptAt } } };
  };
  // Its batches must not be taken for those of the read before, of the same run.
  return await runFull(context, dataset, doc, { ...run, run: `${run.run}:whole` }, ended);
}

function isSweepDue({ clock }: SourceContext, { capture }: Dataset, doc: CursorDoc): boolean {
  const { read, watermark } = doc.standing.state;
  if (read) return true;
  if (capture.mode !== 'watermark' || capture.sweepSeconds === undefined) return false;
  const sweptAt = BigInt(watermark?.sweptAt ?? 0);
  return clock.nowMicros() - sweptAt >= BigInt(Math.round(capture.sweepSeconds * 1_000_000));
}

/** A whole read of a run that somebody works on is not to be taken over: both would go on for ever, each after the other. */
async function refuseSecond(
  { lake, clock, owner }: SourceContext,
  { name }: Dataset,
  doc: CursorDoc,
  runId: string,
): Promise<void> {
  const reading = doc.standing.state.read?.attempts.at(-1)?.replace(/:whole:\d+$/, '');
  if (reading === undefined || reading === runId) return;
  const holder = await runHolder(lake, reading, clock);
  if (holder === undefined || holder === owner) return;
  throw new RollcallError('lake/conflict', `${name} is being read whole by run ${reading}: one at a time`);
}
