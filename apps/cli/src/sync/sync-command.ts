import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { loadCatalog } from '@rollcall/catalog';
import { instant, runFinished, type runRequest, runRequested, type RunFinished } from '@rollcall/contracts';
import { isoMicros, systemClock } from '@rollcall/kernel';
import { consumerLag, type Broker } from '@rollcall/messaging';
import type { z } from 'zod';
import type { CliContext } from '../cli-context.js';
import type { SyncOptions } from '../commands/data-commands.js';
import { nextSequence, readStream } from '../edges/read-stream.js';
import { openBroker } from '../edges/open-broker.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { grouped, humanDuration } from '../screen/text-table.js';
import { requireSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { planSync, type SyncTarget } from './plan-sync.js';

const EVERY_MS = 300;

/** `rollcall sync`: asks for a run and waits for its end. Exit 1 when the run failed, 69 when nothing was heard in time. */
export async function runSync(opened: OpenedSettings, options: SyncOptions, context: CliContext): Promise<ExitCode> {
  for (const name of ['from', 'to'] as const) {
    if (options[name] !== undefined && !instant.safeParse(options[name]).success) {
      context.err.line(`error: --${name} must be an instant in UTC such as 2026-01-31T08:00:00Z`);
      return EXIT.usage;
    }
  }
  const target = planSync(await loadCatalog(opened.catalogDir), options.args[0] ?? '');
  const { NATS_URL } = requireSettings(opened.settings, ['NATS_URL']);
  await using broker = await openBroker(NATS_URL, opened.settings);
  const runId = options.runId ?? newRunId();
  // Where to listen from is settled before the request is out, so that no answer is missed.
  const from = await nextSequence(broker, 'RUNLOG');
  const { duplicate } = await broker.publish(runRequested(target.kind), requestOf(target, options, runId));
  context.err.line(duplicate ? `run ${runId} was asked for before` : `run ${runId} is requested`);
  if (!options.wait) {
    context.out.line(runId);
    return EXIT.ok;
  }
  const finished = await awaitFinish(broker, target, runId, duplicate ? 1 : from, options.timeout * 1000, context);
  context.err.progress(undefined);
  if (!finished) {
    context.err.line(
      `run ${runId} has not finished; \`rollcall sync ${options.args[0] ?? ''} --run-id ${runId}\` waits again`,
    );
    return EXIT.unavailable;
  }
  const { verdict, read, batches, rejected, code } = finished;
  context.out.line(
    `${runId} ${verdict}: ${grouped(read)} read, ${batches} batches, ${grouped(rejected)} rejected${code === undefined ? '' : ` (${code})`}`,
  );
  return verdict === 'failed' ? EXIT.findings : EXIT.ok;
}

function requestOf(target: SyncTarget, options: SyncOptions, runId: string): z.input<typeof runRequest> {
  return {
    runId,
    source: target.source,
    mode: options.full === true ? 'full' : options.mode,
    dryRun: options.dryRun,
    requestedBy: `cli:${userInfo().username}`,
    requestedAt: isoMicros(systemClock.nowMicros()),
    ...(target.dataset !== undefined && { dataset: target.dataset }),
    ...(options.from !== undefined && { from: options.from }),
    ...(options.to !== undefined && { to: options.to }),
  };
}

/** Waits until a run is said to be finished; undefined: not in time. `from`: where in RUNLOG to listen. */
export async function awaitFinish(
  broker: Broker,
  target: SyncTarget,
  runId: string,
  from: number,
  timeoutMs: number,
  context: CliContext,
): Promise<RunFinished | undefined> {
  const startedMs = performance.now();
  let next = from;
  while (!context.stop.aborted && performance.now() - startedMs < timeoutMs) {
    for await (const message of readStream(broker, 'RUNLOG', runFinished.subject, next)) {
      next = message.sequence + 1;
      const parsed = runFinished.schema.safeParse(JSON.parse(Buffer.from(message.data).toString('utf8')));
      if (parsed.success && parsed.data.runId === runId) return parsed.data;
    }
    const { pending, ackPending } = await consumerLag(broker, 'RUNS', target.consumer.durable);
    const where =
      pending > 0 ? `${pending} waiting for a service to take them` : ackPending > 0 ? 'being claimed' : 'running';
    context.err.progress(`${runId}: ${where}, ${humanDuration(performance.now() - startedMs)}`);
    await delay(EVERY_MS, undefined, { signal: context.stop }).catch(() => undefined);
  }
  return undefined;
}

/** A name for a run that nobody else gives. */
export function newRunId(): string {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `cli-${stamp}-${randomBytes(3).toString('hex')}`;
}
