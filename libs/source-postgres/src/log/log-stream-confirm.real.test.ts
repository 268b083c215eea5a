import { until } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverOfItsOwn, type OwnServer } from '../../test/own-server.js';
import { type Recorded } from '../../test/record-log.js';
import { sourceTrial, type SourceTrial } from '../../test/source-trial.js';
import { readSlot } from '../slots/replication-slot.js';

let server: OwnServer;

beforeAll(async () => {
  server = await serverOfItsOwn({ wal_level: 'logical', wal_sender_timeout: '2s' });
});

afterAll(() => server.stop());

const ids = (log: readonly Recorded[]): (string | null | undefined)[] =>
  log.flatMap((each) => (each.kind === 'insert' ? [each.row[0]] : []));

async function trialOfUsers(): Promise<SourceTrial> {
  const trial = await sourceTrial(server.url);
  await trial.client.query('DROP TABLE IF EXISTS users; CREATE TABLE users (id int PRIMARY KEY, name text)');
  await trial.client.query('DROP PUBLICATION IF EXISTS "Rollcall ""trial"""');
  await trial.capture('users');
  return trial;
}

/** Inserts the ids, each in a transaction of its own. */
async function insert(trial: SourceTrial, ...wanted: readonly number[]): Promise<void> {
  for (const id of wanted) await trial.client.query('INSERT INTO users VALUES ($1)', [id]);
}

describe('a log stream', () => {
  it('begins again behind what was confirmed, and with all of it where nothing was', async () => {
    await using trial = await trialOfUsers();
    const first = await trial.stream();
    await insert(trial, 1, 2, 3);
    expect(ids(await first.caughtUp())).toEqual(['1', '2', '3']);
    await first.stream.close();
    const ends: bigint[] = [];
    const second = await trial.stream();
    expect(ids(await second.caughtUp())).toEqual(['1', '2', '3']);
    for (const each of second.log) if (each.kind === 'commit') ends.push(each.endLsn);
    second.stream.confirm(ends[1] ?? 0n);
    second.stream.confirm(ends[0] ?? 0n);
    expect(second.stream.stats.confirmedLsn).toBe(ends[1]);
    await second.stream.close();
    expect((await readSlot(trial.client, trial.slot))?.confirmedLsn).toBe(ends[1]);
    const third = await trial.stream();
    expect(ids(await third.caughtUp())).toEqual(['3']);
  });

  it('skips by `from` without confirming it', async () => {
    await using trial = await trialOfUsers();
    const before = (await readSlot(trial.client, trial.slot))?.confirmedLsn;
    const first = await trial.stream();
    await insert(trial, 1, 2);
    await first.caughtUp();
    await first.stream.close();
    const [end] = first.log.flatMap((each) => (each.kind === 'commit' ? [each.endLsn] : []));
    const second = await trial.stream({ from: end ?? 0n });
    expect(ids(await second.caughtUp())).toEqual(['2']);
    await second.stream.close();
    expect((await readSlot(trial.client, trial.slot))?.confirmedLsn).toBe(before);
  });

  it('leaves the slot free at once when it is closed, and tells its end without an error', async () => {
    await using trial = await trialOfUsers();
    const { stream, ended } = await trial.stream();
    expect((await readSlot(trial.client, trial.slot))?.activePid).toBeTypeOf('number');
    await stream.close();
    expect((await readSlot(trial.client, trial.slot))?.activePid).toBeNull();
    expect(await ended).toBeUndefined();
    await stream.close();
  });

  it('closes when its signal says so', async () => {
    await using trial = await trialOfUsers();
    const abort = new AbortController();
    const { ended } = await trial.stream({ signal: abort.signal });
    abort.abort();
    expect(await ended).toBeUndefined();
    expect((await readSlot(trial.client, trial.slot))?.activePid).toBeNull();
  });

  it('keeps its connection while it is paused for longer than wal_sender_timeout, and takes no message meanwhile', async () => {
    await using trial = await trialOfUsers();
    const recording = await trial.stream();
    await insert(trial, 1);
    await recording.caughtUp();
    recording.stream.pause();
    const pid = (await readSlot(trial.client, trial.slot))?.activePid;
    // More than all buffers between hold, so that the server itself must wait.
    await trial.client.query("INSERT INTO users SELECT i, repeat('x', 10000) FROM generate_series(2, 5000) i");
    const seen = recording.log.length;
    const since = performance.now();
    await until(() => performance.now() - since > 6_000, { what: 'three times wal_sender_timeout to pass' });
    expect(recording.log.length).toBe(seen);
    expect((await readSlot(trial.client, trial.slot))?.activePid).toBe(pid);
    recording.stream.resume();
    expect(ids(await recording.caughtUp())).toHaveLength(4999);
  });

  it('may be paused by the message in hand: the next one waits', async () => {
    await using trial = await trialOfUsers();
    const taken: number[] = [];
    const { stream } = await trial.stream({
      onMessage(data) {
        taken.push(data[0] ?? 0);
        stream.pause();
      },
    });
    await insert(trial, 1);
    for (const expected of ['B', 'R', 'I', 'C']) {
      await until(() => String.fromCharCode(taken.at(-1) ?? 0) === expected, { what: `message ${expected}` });
      expect(stream.stats.paused).toBe(true);
      stream.resume();
    }
    expect(String.fromCharCode(...taken)).toBe('BRIC');
  });

  it('hears from the server when nothing happens to its tables, so that the slot can move on', async () => {
    await using trial = await trialOfUsers();
    await trial.client.query('CREATE TABLE IF NOT EXISTS busy (id int)');
    // The first word of the server may come before the stream is in our hands.
    let confirm = (_walEnd: bigint): void => undefined;
    const { stream } = await trial.stream({ onKeepalive: (walEnd) => confirm(walEnd) });
    confirm = (walEnd) => stream.confirm(walEnd);
    const before = (await readSlot(trial.client, trial.slot))?.confirmedLsn ?? 0n;
    await trial.client.query('INSERT INTO busy SELECT generate_series(1, 10000)');
    await until(async () => ((await readSlot(trial.client, trial.slot))?.confirmedLsn ?? 0n) > before, {
      what: 'the slot to move',
    });
  });

  it.each([['its walsender is killed', (pid: number) => `SELECT pg_terminate_backend(${pid})`]])(
    'tells its end when %s',
    async (_, sql) => {
      await using trial = await trialOfUsers();
      const { ended } = await trial.stream();
      const pid = (await readSlot(trial.client, trial.slot))?.activePid ?? 0;
      await trial.client.query(sql(pid));
      expect(await ended).toMatchObject({ code: 'source/unavailable' });
    },
  );

  it('tells its end when its walsender is killed while it is paused', async () => {
    await using trial = await trialOfUsers();
    const { stream, ended } = await trial.stream();
    stream.pause();
    const pid = (await readSlot(trial.client, trial.slot))?.activePid ?? 0;
    await trial.client.query('SELECT pg_terminate_backend($1)', [pid]);
    expect(await ended).toMatchObject({ code: 'source/unavailable' });
  });

  it('ends with what a message made its owner throw', async () => {
    await using trial = await trialOfUsers();
    const bug = new Error('a bug');
    const { ended } = await trial.stream({
      onMessage: () => {
        throw bug;
      },
    });
    await insert(trial, 1);
    expect(await ended).toBe(bug);
  });

  it('refuses a slot that is in use, one that is not there and a publication that is not there', async () => {
    await using trial = await trialOfUsers();
    await trial.stream();
    await expect(trial.stream()).rejects.toMatchObject({ code: 'source/unavailable' });
    await expect(trial.stream({ slot: 'nobody' })).rejects.toMatchObject({
      code: 'source/unfit',
      message: expect.stringContaining('"nobody" does not exist') as string,
    });
  });
});
