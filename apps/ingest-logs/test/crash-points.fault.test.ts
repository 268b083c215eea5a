import { appEvents, runFinished, runRequested } from '@rollcall/contracts';
import { consumerLag } from '@rollcall/messaging';
import type { RunningService } from '@rollcall/service';
import { until } from '@rollcall/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CRASH_POINTS, type CrashPoint, type EffectHook } from '../src/effects.js';
import { appEvent } from './app-events.js';
import { IngestWorld, type LakeRow } from './ingest-under-test.js';

/** Leases run out soon: a dead process is followed within a second. */
const ENV = { LEASE_SECONDS: '1' };
const HEADER = 'user,event_id,question_id,sent_at';
const ROWS = 220;

let world: IngestWorld;
let catalogDir: string;

beforeEach(async () => {
  world = await IngestWorld.make();
  catalogDir = await world.smallBatches();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

/**
 * Passes the point `n - 1` times, then hangs in it for ever, and so does every effect that comes after: from there the process has no more
 * effect than a dead one.
 */
function dieAt(point: CrashPoint, n: number): { readonly hook: EffectHook; readonly died: Promise<void> } {
  const died = Promise.withResolvers<void>();
  let passed = 0;
  let dead = false;
  const hook: EffectHook = async (at) => {
    dead ||= at === point && ++passed >= n;
    if (!dead) return;
    died.resolve();
    await new Promise<never>(() => undefined);
  };
  return { hook, died: died.promise };
}

function start(hook?: EffectHook): Promise<RunningService> {
  return world.start({ ...ENV, CATALOG_DIR: catalogDir }, hook);
}

/** Announced rows as a warehouse tells them apart: how often they stand in the lake does not matter. */
function distinct(rows: readonly LakeRow[], key: string): string[] {
  return [...new Set(rows.map((row) => `${String(row[key])} ${String(row['_position'])}`))];
}

async function untilNothingUnlanded(): Promise<void> {
  const lag = async () => consumerLag(world.broker, 'EVENTS', 'ingest-logs-events');
  await until(async () => (await lag().then(({ pending, ackPending }) => pending + ackPending)) === 0, {
    what: 'all messages to be acknowledged',
    timeoutMs: 30_000,
  });
}

async function dieReadingDrop(point: CrashPoint, n: number, name: string): Promise<void> {
  const { hook, died } = dieAt(point, n);
  const first = await start(hook);
  const lines = Array.from({ length: ROWS }, (_, i) =>
    i % 40 === 7 ? `${name},broken` : `${name}${i},e1,q1,2021-06-02 10:${String(i % 60).padStart(2, '0')}:00`,
  );
  await world.drop(`answers/${name}.csv`, [HEADER, ...lines].join('\n'));
  await died;
  await world.kill(first);
  const second = await start();
  await until(async () => (await seenNames()).includes(name), {
    what: `${name} to be read to its end`,
  });
  await world.stop(second);
  const good = (await world.rows('answers')).filter((row) => String(row['participant_id']).startsWith(name));
  const isGood = (_: string, i: number) => i % 40 !== 7;
  expect(distinct(good, 'participant_id')).toHaveLength(lines.filter(isGood).length);
  expect(new Set(good.map((row) => row['participant_id'])).size).toBe(lines.filter(isGood).length);
  // One place of the order for each row: what was repeated is the same row.
  expect(new Set(good.map((row) => row['_position'])).size).toBe(lines.filter(isGood).length);
  const prefix = String(good[0]?.['_position']).slice(0, 21);
  const bad = (await world.rows('answers', 'rejected')).filter((row) => String(row['_position']).startsWith(prefix));
  expect(distinct(bad, 'place')).toHaveLength(ROWS - lines.filter(isGood).length);
}

async function seenNames(): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of world.lake.list('_state/drops/answers/_seen/')) {
    const found = await world.lake.get(key);
    const text = Buffer.from(found?.bytes ?? []).toString();
    names.push(/"key": "answers\/(\w+)\.csv"/.exec(text)?.[1] ?? '');
  }
  return names;
}

async function dieLandingMessages(point: CrashPoint, name: string): Promise<void> {
  const { hook, died } = dieAt(point, 1);
  const first = await start(hook);
  const payloads = Array.from({ length: ROWS }, (_, i) =>
    i % 40 === 7 ? `{"${name}": broken ${i}` : JSON.stringify(appEvent(i, { id: `${name}-${i}` })),
  );
  await world.broker.publishMany(
    appEvents('app_events'),
    payloads.map((payload) => ({ payload })),
  );
  await died;
  await world.kill(first);
  await world.forgetDeliveries();
  const second = await start();
  await untilNothingUnlanded();
  await world.stop(second);
  const good = (await world.rows('app_events')).filter((row) => String(row['id']).startsWith(`${name}-`));
  const broken = payloads.filter((_, i) => i % 40 === 7).length;
  expect(distinct(good, 'id')).toHaveLength(ROWS - broken);
  // Each malformed message under one position, although it was delivered to two processes.
  const rejected = await world.rows('app_events', 'rejected');
  expect(new Set(rejected.map((row) => row['_position'])).size).toBe(broken);
  expect(new Set(rejected.map((row) => row['place'])).size).toBe(broken);
}

async function dieAnswering(point: CrashPoint, name: string): Promise<void> {
  const ack = point.startsWith('http.publish') ? 'bus' : 'lake';
  const { hook, died } = dieAt(point, 1);
  const hangUp = new AbortController();
  const first = await start(hook);
  const body = JSON.stringify(Array.from({ length: ROWS }, (_, i) => appEvent(i, { id: `${name}-${i}` })));
  const send = (service: RunningService) =>
    fetch(`${service.url}/v1/events/app_events?ack=${ack}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: hangUp.signal,
    });
  const unanswered = send(first).catch(() => undefined);
  await died;
  await world.kill(first);
  await world.forgetDeliveries();
  const second = await start();
  // No answer came, so the sender sends again.
  expect((await send(second)).status).toBe(202);
  await untilNothingUnlanded();
  await world.stop(second);
  hangUp.abort();
  await unanswered;
  const newest = await world.current('app_events', (row) => String(row['id']));
  expect([...newest.keys()].filter((id) => id.startsWith(`${name}-`))).toHaveLength(ROWS);
}

async function dieRunning(point: CrashPoint, name: string): Promise<void> {
  const { hook, died } = dieAt(point, 1);
  // Long enough for a claim to be renewed on the way.
  const slow: EffectHook = async (at) => {
    if (at === 'drop.object.before') await new Promise((resolve) => setTimeout(resolve, 600));
    await hook(at);
  };
  const first = await start(slow);
  await world.drop(`answers/${name}.csv`, `${HEADER}\n${name},e1,q1,2021-06-02 10:00:00\n`);
  await world.broker.publish(runRequested('logs'), {
    runId: `run:${name}`,
    source: 'answers_log',
    mode: 'full',
    requestedBy: 'test',
    requestedAt: '2026-11-23T00:00:00Z',
  });
  await died;
  await world.kill(first);
  await world.forgetDeliveries();
  const second = await start();
  const finished = await until(async () => (await finishedRuns()).find(({ runId }) => runId === `run:${name}`), {
    what: 'the run to be finished',
  });
  expect(finished).toMatchObject({ verdict: 'succeeded', kind: 'logs', requestedBy: 'test' });
  expect(finished.read).toBeGreaterThan(0);
  await until(async () => (await openRequests()) === 0, { what: 'the request to be forgotten' });
  await world.stop(second);
  expect((await finishedRuns()).filter(({ runId }) => runId === `run:${name}`)).toHaveLength(1);
}

async function finishedRuns() {
  const { state } = await world.broker.jsm.streams.info('RUNLOG');
  const runs = [];
  for (let seq = 1; seq <= state.last_seq; seq++) {
    const message = await world.broker.jsm.streams.getMessage('RUNLOG', { seq });
    if (message) runs.push(runFinished.schema.parse(message.json()));
  }
  return runs;
}

async function openRequests(): Promise<number> {
  let open = 0;
  for await (const _ of world.lake.list('_state/run-requests/logs/')) open += 1;
  return open;
}

describe('a process that dies', () => {
  it.each(CRASH_POINTS)('at %s is followed by another one that ends with the same rows', async (point) => {
    const name = point.replaceAll('.', '');
    if (point.startsWith('drop.record') || point.startsWith('drop.seen')) await dieReadingDrop(point, 1, name);
    else if (point.startsWith('drop.')) await dieReadingDrop(point, 3, name);
    else if (point.startsWith('bus.')) await dieLandingMessages(point, name);
    else if (point.startsWith('http.')) await dieAnswering(point, name);
    else await dieRunning(point, name);
  });
});
