import { appEvents } from '@rollcall/contracts';
import { unseal } from '@rollcall/kernel';
import { consumerLag } from '@rollcall/messaging';
import type { RunningService } from '@rollcall/service';
import { until } from '@rollcall/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appEvent, appEventId } from './app-events.js';
import { IngestWorld, QUARANTINE_KEY, type LakeRow } from './ingest-under-test.js';

const APP_EVENTS = appEvents('app_events');
let world: IngestWorld;

beforeEach(async () => {
  world = await IngestWorld.make();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

function idOf(row: LakeRow): string {
  return String(row['id']);
}

async function publishText(payloads: readonly (string | Uint8Array)[], subject = APP_EVENTS): Promise<void> {
  await world.broker.publishMany(
    subject,
    payloads.map((payload) => ({ payload })),
  );
}

async function unlanded({ url }: RunningService): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^rollcall_events_unlanded\S* (\d+)$/m.exec(text)?.[1]);
}

async function untilLanded(): Promise<void> {
  await until(
    async () => {
      const { pending, ackPending } = await consumerLag(world.broker, 'EVENTS', 'ingest-logs-events');
      return pending + ackPending === 0;
    },
    { what: 'all messages to be acknowledged', timeoutMs: 30_000 },
  );
}

describe('events on the bus', () => {
  it('are acknowledged once they stand in announced objects, one event a message or many', async () => {
    await world.start();
    const singles = Array.from({ length: 3000 }, (_, n) => JSON.stringify(appEvent(n)));
    const many = JSON.stringify(Array.from({ length: 500 }, (_, n) => appEvent(5000 + n)));
    await publishText([...singles, many]);
    await untilLanded();
    const rows = await world.rows('app_events');
    expect(rows).toHaveLength(3500);
    expect(new Set(rows.map(idOf)).size).toBe(3500);
    expect(new Set(rows.map((row) => row['_position'])).size).toBe(3500);
    const row = rows.find((one) => one['id'] === appEventId(7));
    expect(row).toMatchObject({
      _op: 'u',
      _rest: null,
      context_device_ad_tracking_enabled: true,
      user_id: 7n,
      received_at: 1_772_600_769_000_007n,
      original_timestamp: 1_772_600_767_008_000n,
    });
    const ids = (await world.batches('app_events')).map(({ batchId }) => batchId);
    expect((await world.announced()).sort()).toEqual(ids.sort());
  });

  it('that are malformed go to the rejected lane with place, reason and sealed bytes; the rest goes on', async () => {
    await world.start();
    const { id: _no, ...nameless } = appEvent(3);
    await publishText([
      JSON.stringify(appEvent(1)),
      '{"id":"half',
      '42',
      JSON.stringify(nameless),
      Uint8Array.from([0x7b, 0xff, 0x7d]),
      JSON.stringify([appEvent(2), 'text']),
    ]);
    await untilLanded();
    expect((await world.rows('app_events')).map(idOf).sort()).toEqual([appEventId(1), appEventId(2)]);
    const rejected = await world.rows('app_events', 'rejected');
    expect(rejected.map((row) => row['reason']).sort()).toEqual([
      'invalid-utf8',
      'missing-key',
      'not-an-object',
      'not-an-object',
      'not-json',
    ]);
    const half = rejected.find((row) => row['reason'] === 'not-json');
    expect(half?.['place']).toMatch(/^message EVENTS \d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const context = `app_events:${String(half?.['_position'])}`;
    expect(Buffer.from(unseal(QUARANTINE_KEY, half?.['sealed'] as Uint8Array, context)).toString()).toBe('{"id":"half');
    expect(rejected.some((row) => String(row['place']).endsWith(' item 1'))).toBe(true);
  });

  it('of a dataset nobody knows are buried, and do not hold up the others', async () => {
    await world.start();
    await publishText([JSON.stringify({ id: 1 })], appEvents('no_such_dataset'));
    await publishText([JSON.stringify(appEvent(1))]);
    await untilLanded();
    const dead = await world.broker.jsm.streams.getMessage('DEAD', { seq: 1 });
    expect(dead?.json()).toMatchObject({ code: 'load/unknown-dataset', subject: appEvents('no_such_dataset').subject });
    expect(await world.rows('app_events')).toHaveLength(1);
  });

  it('carry their trace into manifest and announcement', async () => {
    await world.start();
    const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const payload = JSON.stringify(appEvent(1));
    await world.broker.publishMany(APP_EVENTS, [{ payload }], { headers: { traceparent: trace } });
    await untilLanded();
    expect(await world.batches('app_events')).toMatchObject([{ trace }]);
    const announcement = await world.broker.jsm.streams.getMessage('LAKE', { seq: 1 });
    expect(announcement?.header.get('traceparent')).toBe(trace);
  });

  it('delivered again to another process are the same rows, and quarantined under the same positions', async () => {
    let stuck = 0;
    // The first process dies with its batches announced and nothing acknowledged.
    const first = await world.start({}, async (point) => {
      if (point === 'bus.announce.after' && ++stuck >= 2) await new Promise<never>(() => undefined);
    });
    await publishText([...Array.from({ length: 200 }, (_, n) => JSON.stringify(appEvent(n))), 'malformed']);
    await until(() => stuck >= 2, { what: 'both lanes to be announced' });
    const before = { rows: await world.rows('app_events'), rejected: await world.rows('app_events', 'rejected') };
    expect([before.rows.length, before.rejected.length]).toEqual([200, 1]);
    await world.kill(first);
    await world.forgetDeliveries();
    await world.start();
    await untilLanded();
    const positions = (rows: readonly LakeRow[]) => new Set(rows.map((row) => row['_position']));
    expect(positions(await world.rows('app_events'))).toEqual(positions(before.rows));
    expect(positions(await world.rows('app_events', 'rejected'))).toEqual(positions(before.rejected));
  });

  it('not landed are what the metric says is at stake', async () => {
    const service = await world.start();
    expect(await unlanded(service)).toBe(0);
    await world.stop(service);
    await publishText(Array.from({ length: 10 }, (_, n) => JSON.stringify(appEvent(n))));
    const release = Promise.withResolvers<void>();
    const slow = await world.start({}, (point) => (point === 'bus.object.before' ? release.promise : undefined));
    await until(async () => (await unlanded(slow)) === 10, { what: 'the metric to say 10' });
    release.resolve();
    await untilLanded();
  });
});
