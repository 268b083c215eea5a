import { appEvents, deadLetterOf, type DeadLetter } from '@rollcall/contracts';
import { seal } from '@rollcall/kernel';
import { applyTopology, connectBroker, type Broker } from '@rollcall/messaging';
import { testFolder, testNats, type TestFolder, type TestNats } from '@rollcall/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonLines, runCli, type CliWorld } from './run-cli.js';

const KEY = 'a key for tests';
let nats: TestNats;
let folder: TestFolder;
let broker: Broker;
let world: CliWorld;

beforeAll(async () => {
  [nats, folder] = await Promise.all([testNats(), testFolder()]);
  broker = await connectBroker({ url: nats.url, name: 'test' });
  await applyTopology(broker);
  world = { dir: folder.path, env: { NATS_URL: nats.url, QUARANTINE_KEY: KEY } };
});
afterAll(async () => {
  await broker.close();
  await nats[Symbol.asyncDispose]();
  await folder.remove();
});
beforeEach(async () => {
  await broker.jsm.streams.purge('DEAD');
  await broker.jsm.streams.purge('EVENTS');
});

async function bury(sequence: number, body: string, change: Partial<DeadLetter> = {}): Promise<number> {
  const letter: DeadLetter = {
    subject: appEvents('app_events').subject,
    stream: 'EVENTS',
    sequence,
    code: 'message/invalid',
    message: 'not an object',
    tries: 1,
    bytes: body.length,
    sealed: Buffer.from(seal(KEY, Buffer.from(body), `EVENTS:${sequence}`)).toString('base64'),
    headers: { 'Nats-Msg-Id': `app_events:${sequence}` },
    buriedAt: new Date().toISOString(),
    ...change,
  };
  return (await broker.publish(deadLetterOf(letter.subject), letter)).sequence;
}

async function messagesIn(stream: string): Promise<number> {
  return (await broker.jsm.streams.info(stream)).state.messages;
}

describe('rollcall dead', () => {
  it('lists the newest first, filters, and never shows the content', async () => {
    const first = await bury(101, 'secret one');
    const second = await bury(102, 'secret two', { code: 'lake/not-found' });
    const all = await runCli(world, 'dead', 'list', '--json');
    expect(all.code).toBe(0);
    expect(jsonLines(all).map((line) => line['id'])).toEqual([second, first]);
    expect(all.out).not.toContain('secret');
    const some = await runCli(world, 'dead', 'list', '--reason', 'lake/not-found');
    expect(some.out).toContain('lake/not-found');
    expect(some.out).not.toContain('message/invalid');
    expect((await runCli(world, 'dead', 'list', '--since', 'yesterday')).code).toBe(2);
  });

  it('reveals the content to the holder of the key, on request', async () => {
    const id = String(await bury(201, 'secret'));
    expect((await runCli(world, 'dead', 'show', id)).out).not.toContain('secret');
    expect((await runCli(world, 'dead', 'show', id, '--reveal')).out).toContain('secret');
    const other = { ...world, env: { ...world.env, QUARANTINE_KEY: 'another key' } };
    const refused = await runCli(other, 'dead', 'show', id, '--reveal');
    expect(refused.code).toBe(78);
    expect(refused.err).toContain('not the one');
    expect((await runCli(world, 'dead', 'show', '999999')).code).toBe(1);
  });

  it('replays the very bytes on their own subject, once, under an id of its own', async () => {
    const id = await bury(301, '{"id":"A"}');
    const dry = await runCli(world, 'dead', 'replay', '--dry-run', '--all');
    expect(dry.out).toContain('would replay');
    expect(await messagesIn('EVENTS')).toBe(0);
    expect((await runCli(world, 'dead', 'replay', String(id))).code).toBe(0);
    expect(await messagesIn('DEAD')).toBe(0);
    const { state } = await broker.jsm.streams.info('EVENTS');
    const replayed = await broker.jsm.streams.getMessage('EVENTS', { seq: state.last_seq });
    expect(replayed?.string()).toBe('{"id":"A"}');
    expect(replayed?.header.get('Nats-Msg-Id')).toBe('app_events:301:replay:1');
  });

  it('is one message when a replay was cut short before the letter was taken away', async () => {
    await bury(401, '{"id":"B"}');
    await broker.publish(appEvents('app_events'), { id: 'B' }, { msgId: 'app_events:401:replay:1' });
    await runCli(world, 'dead', 'replay', '--all');
    expect(await messagesIn('EVENTS')).toBe(1);
    expect(await messagesIn('DEAD')).toBe(0);
  });

  it('keeps what it cannot replay and says so', async () => {
    // Sealed for another place: what a foreign key or a copied letter looks like.
    await bury(502, 'x', { subject: 'run.v1.requested.logs', stream: 'RUNS' });
    const run = await runCli(world, 'dead', 'replay', '--all');
    expect(run.code).toBe(1);
    expect(run.err).toContain('not the one');
    expect(await messagesIn('DEAD')).toBe(1);
  });

  it('discards what is asked for and does nothing without being told what', async () => {
    const [keep, drop] = [await bury(601, 'a'), await bury(602, 'b')];
    expect((await runCli(world, 'dead', 'discard')).code).toBe(2);
    expect((await runCli(world, 'dead', 'discard', String(drop))).code).toBe(0);
    expect(jsonLines(await runCli(world, 'dead', 'list', '--json')).map((line) => line['id'])).toEqual([keep]);
  });

  it('says 69 when nobody answers', async () => {
    const run = await runCli({ ...world, env: { NATS_URL: 'nats://127.0.0.1:1' } }, 'dead', 'list');
    expect(run.code).toBe(69);
    expect(run.err).toContain('nats/unavailable');
    expect(run.err).toContain('way out:');
  });
});
