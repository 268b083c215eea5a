import { runFinished, runRequest, runRequested } from '@rollcall/contracts';
import { applyTopology, connectBroker, type Broker } from '@rollcall/messaging';
import { testFolder, testNats, until, type TestFolder, type TestNats } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, type CliWorld } from './run-cli.js';

let nats: TestNats;
let folder: TestFolder;
let broker: Broker;
let world: CliWorld;

beforeAll(async () => {
  [nats, folder] = await Promise.all([testNats(), testFolder()]);
  broker = await connectBroker({ url: nats.url, name: 'test' });
  await applyTopology(broker);
  world = { dir: folder.path, env: { NATS_URL: nats.url } };
});
afterAll(async () => {
  await broker.close();
  await nats[Symbol.asyncDispose]();
  await folder.remove();
});

/** Does what a service does with a request: takes it and says how it ended. */
async function answer(runId: string, verdict: 'succeeded' | 'failed'): Promise<void> {
  await until(async () => (await broker.jsm.streams.info('RUNS')).state.messages > 0, { what: 'the request' });
  const now = new Date().toISOString();
  const counts = { read: 1200, batches: 2, rejected: 3 };
  await broker.publish(runFinished, {
    ...counts,
    runId,
    kind: 'logs',
    source: 'answers_log',
    verdict,
    requestedBy: 'test',
    startedAt: now,
    finishedAt: now,
    ...(verdict === 'failed' && { code: 'lake/full' }),
  });
  await broker.jsm.streams.purge('RUNS');
}

describe('rollcall sync', () => {
  it('asks for a run and waits for its end', async () => {
    const [run] = await Promise.all([
      runCli(world, 'sync', 'answers', '--run-id', 'r-1', '--dry-run', '--timeout', '20'),
      answer('r-1', 'succeeded'),
    ]);
    expect(run.out).toBe('r-1 succeeded: 1,200 read, 2 batches, 3 rejected');
    expect(run.code).toBe(0);
  });

  it('exits 1 when the run failed, naming why', async () => {
    const [run] = await Promise.all([
      runCli(world, 'sync', 'answers_log', '--run-id', 'r-2', '--timeout', '20'),
      answer('r-2', 'failed'),
    ]);
    expect(run.out).toContain('(lake/full)');
    expect(run.code).toBe(1);
  });

  it('finds the end of a run that was asked for before', async () => {
    const run = await runCli(world, 'sync', 'answers', '--run-id', 'r-1', '--timeout', '20');
    expect(run.err).toContain('was asked for before');
    expect(run.out).toContain('r-1 succeeded');
  });

  it('says what it asks for in the words of the contract', async () => {
    await runCli(world, 'sync', 'answers', '--no-wait', '--mode', 'full', '--from', '2026-01-01T00:00:00Z');
    const { state } = await broker.jsm.streams.info('RUNS');
    const message = await broker.jsm.streams.getMessage('RUNS', { seq: state.last_seq });
    expect(message?.subject).toBe(runRequested('logs').subject);
    const request = runRequest.parse(message?.json());
    expect(request).toMatchObject({
      source: 'answers_log',
      dataset: 'answers',
      mode: 'full',
      from: '2026-01-01T00:00:00Z',
      dryRun: false,
    });
    await broker.jsm.streams.purge('RUNS');
  });

  it('gives up with 69 when nobody answers in time', async () => {
    const run = await runCli(world, 'sync', 'answers', '--timeout', '1');
    expect(run.code).toBe(69);
    expect(run.err).toContain('has not finished');
  });

  it.each([
    [['sync', 'nothing'], 78],
    [['sync', 'answers', '--from', 'monday'], 2],
    [['sync', 'answers', '--mode', 'sideways'], 2],
    [['sync'], 2],
  ])('%j -> %i', async (args, code) => {
    expect((await runCli(world, ...args)).code).toBe(code);
  });
});
