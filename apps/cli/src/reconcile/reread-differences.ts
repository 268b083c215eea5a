import { runRequested, type KeySpan } from '@rollcall/contracts';
import { isoMicros, RollcallError, systemClock } from '@rollcall/kernel';
import type { CliContext } from '../cli-context.js';
import { nextSequence } from '../edges/read-stream.js';
import { openBroker } from '../edges/open-broker.js';
import { operator } from '../edges/operator.js';
import { requireSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { awaitFinish, newRunId } from '../sync/sync-command.js';
import { planSync } from '../sync/plan-sync.js';
import { loadCatalog } from '@rollcall/catalog';
import { kindOf, rangeOf } from './differences.js';
import type { Reconciled } from './reconcile-dataset.js';

/** What one run request names at most: the contract's limit. */
const MAX_SPANS = 500;
const MAX_GONE = 1_000;

/** Asks for a run that reads the ranges that differ again, and waits for its end. False: it failed, or was not heard of in time. */
export async function rereadDifferences(
  opened: OpenedSettings,
  context: CliContext,
  { dataset, plan, compared }: Reconciled,
  timeoutMs: number,
): Promise<boolean> {
  if (plan.key.length === 0)
    throw new RollcallError(
      'config/invalid',
      `${dataset.name} has no key to read a part of it by: \`rollcall ${dataset.capture.mode === 'log' ? 'resnapshot' : 'sync --full'} ${dataset.name}\` reads it whole`,
    );
  const { bounds, rows, coarse } = compared;
  const there = rows.filter((row) => kindOf(row) !== 'extra');
  const ranges = [...new Set([...there.map(({ range }) => range), ...coarse])].sort((a, b) => a - b);
  const keys: KeySpan[] = ranges.slice(0, MAX_SPANS).map((range) => {
    const { from, before } = rangeOf(bounds, range);
    return { ...(from && { from: [...from] }), ...(before && { before: [...before] }) };
  });
  const gone = rows
    .filter((row) => kindOf(row) === 'extra')
    .slice(0, MAX_GONE)
    .map(({ key }) => [...key]);
  const target = planSync(await loadCatalog(opened.catalogDir), dataset.name);
  const { NATS_URL } = requireSettings(opened.settings, ['NATS_URL']);
  await using broker = await openBroker(NATS_URL, opened.settings);
  const from = await nextSequence(broker, 'RUNLOG');
  const runId = newRunId();
  await broker.publish(runRequested(target.kind), {
    runId,
    source: dataset.source,
    dataset: dataset.name,
    mode: 'reconcile',
    keys,
    gone,
    requestedBy: operator(),
    requestedAt: isoMicros(systemClock.nowMicros()),
  });
  context.err.line(
    `run ${runId} reads ${keys.length} ranges again, and ${gone.length} rows that the source does not have`,
  );
  const finished = await awaitFinish(broker, target, runId, from, timeoutMs, context);
  context.err.progress(undefined);
  if (finished?.verdict === 'succeeded') return true;
  context.err.line(`run ${runId} ${finished ? `failed (${finished.code ?? ''})` : 'has not finished in time'}`);
  return false;
}
