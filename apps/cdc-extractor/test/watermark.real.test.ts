import { systemClock } from '@rollcall/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReadWorld } from './read-world.js';

const NOTES = `CREATE TABLE notes (id int PRIMARY KEY, text text, updated_at timestamptz DEFAULT now());
  CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
  CREATE TRIGGER stamp BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION stamp();
  CREATE INDEX ON notes (updated_at, id)`;
const CAPTURE = 'mode: watermark, cursor: updated_at';
/** Older than the margin of two seconds. */
const OLD = `now() - interval '1 hour'`;

let world: ReadWorld;
beforeEach(async () => {
  world = await ReadWorld.make(NOTES);
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

function notes(options = '', rows = 1000): ReturnType<ReadWorld['dataset']> {
  const flush = `flush: { seconds: 1, rows: ${rows}, bytes: 1MB }`;
  return world.dataset('notes', `from: notes, key: [id], ${flush}, capture: { ${CAPTURE}${options} }`);
}

async function texts(): Promise<string[]> {
  return (await world.merged('notes')).map((row) => String(row['text']));
}

/** Another session writes and commits nothing yet; its stamps are moved back beyond the margin, as time would. */
async function writeOld(session: Awaited<ReturnType<ReadWorld['session']>>, id: number, text: string): Promise<void> {
  await session.query(`INSERT INTO notes VALUES (${id}, '${text}', ${OLD})`);
}

describe('capture watermark', () => {
  it('delivers a row that commits late with an older stamp: BEGIN, wait, poll, UPDATE, COMMIT', async () => {
    await world.client.query(`INSERT INTO notes VALUES (1, 'first', ${OLD}), (2, 'second', ${OLD})`);
    const late = await world.session();
    await late.query('BEGIN');
    // Its transaction began, and has not written: it has no id yet.
    await late.query('SELECT 1');
    await world.run(notes());
    await world.client.query(`INSERT INTO notes VALUES (3, 'third')`);
    await world.run(notes());
    await late.query(`ALTER TABLE notes DISABLE TRIGGER stamp`).catch(() => undefined);
    await late.query(`UPDATE notes SET text = 'late', updated_at = ${OLD} WHERE id = 1`);
    await world.run(notes());
    await late.query('COMMIT');
    await world.run(notes());
    expect(await texts()).toEqual(['late', 'second', 'third']);
  });

  it('delivers the second of two rows of one microsecond that commits after the poll began', async () => {
    const stamp = `'2026-11-01 10:00:00.123456+00'`;
    const late = await world.session();
    await late.query(`BEGIN; INSERT INTO notes VALUES (1, 'late', ${stamp})`);
    await world.client.query(`INSERT INTO notes VALUES (2, 'early', ${stamp})`);
    let isCommitted = false;
    await world.run(notes(), {
      onEffect: async (point) => {
        if (point !== 'batch.object.before' || isCommitted) return;
        isCommitted = true;
        await late.query('COMMIT');
      },
    });
    expect(await texts()).toEqual(['early']);
    await world.run(notes());
    expect(await texts()).toEqual(['late', 'early']);
    expect((await world.merged('notes')).map((row) => row['updated_at'])).toEqual(
      Array.from({ length: 2 }, () => '2026-11-01T10:00:00.123456Z'),
    );
  });

  it('waits for a prepared transaction, also one that got its id after the sample', async () => {
    const late = await world.session();
    await late.query('BEGIN');
    await late.query('SELECT 1');
    await world.run(notes());
    await writeOld(late, 1, 'prepared');
    const gid = `rollcall ${world.database.name}`;
    await late.query(`PREPARE TRANSACTION '${gid}'`);
    try {
      // The ids move on: what was open at the sample is not open any more, and every id of then has ended.
      for (let id = 10; id < 15; id += 1)
        await world.client.query(`INSERT INTO notes VALUES (${id}, 'n${id}', ${OLD})`);
      await world.run(notes());
      await world.run(notes());
    } finally {
      await late.query(`COMMIT PREPARED '${gid}'`);
    }
    await world.run(notes());
    expect(await texts()).toContain('prepared');
  });

  it('needs no more than SELECT: as a role without pg_monitor', async () => {
    const role = `reader_${world.database.name}`;
    await world.client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT SELECT ON notes TO ${role}`);
    const url = new URL(world.database.url);
    [url.username, url.password] = [role, 'x'];
    try {
      const late = await world.session();
      await late.query('BEGIN');
      await late.query('SELECT 1');
      await world.client.query(`INSERT INTO notes VALUES (2, 'early', ${OLD})`);
      await world.run(notes(), { url: url.href });
      await writeOld(late, 1, 'late');
      await world.run(notes(), { url: url.href });
      await late.query('COMMIT');
      await world.run(notes(), { url: url.href });
      expect(await texts()).toEqual(['late', 'early']);
    } finally {
      await world.client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('delivers rows without a stamp, and not again while they are the same', async () => {
    await world.client.query(`INSERT INTO notes VALUES (1, 'none', NULL), (2, 'old', ${OLD})`);
    expect(await world.run(notes())).toMatchObject({ rows: 2 });
    await world.settle(notes());
    await world.client.query(`INSERT INTO notes VALUES (3, 'none either', NULL)`);
    expect(await world.run(notes())).toMatchObject({ rows: 2 });
    expect(await world.merged('notes')).toHaveLength(3);
  });

  it('takes a hundred thousand rows of one stamp, with a state of constant size', async () => {
    await world.client.query(
      `INSERT INTO notes SELECT i, 'n', '2026-11-01 10:00:00.5+00' FROM generate_series(1, 100000) i`,
    );
    const dataset = notes('', 10_000);
    let largest = 0;
    const sizes = async (): Promise<void> => {
      const { state } = await world.standing(dataset.source, dataset.dataset);
      largest = Math.max(largest, JSON.stringify(state).length);
    };
    let passed = 0;
    const dying = world.run(dataset, {
      onEffect: async (point) => {
        if (point !== 'cursor.move.after') return;
        await sizes();
        if ((passed += 1) === 5) throw new Error('died');
      },
    });
    await expect(dying).rejects.toThrow('died');
    const rest = await world.run(dataset);
    // Inside the equal stamps it goes on by the key: what was read is not read again.
    expect(rest.rows).toBeLessThan(70_000);
    await sizes();
    expect(largest).toBeLessThan(1_000);
    expect(await world.merged('notes')).toHaveLength(100_000);
    await world.settle(dataset);
  });

  it('finds hard deletes by its sweep', async () => {
    await world.client.query(`INSERT INTO notes SELECT i, 'n' || i, ${OLD} FROM generate_series(1, 20) i`);
    await world.run(notes(', sweep: 1h'));
    await world.client.query('DELETE FROM notes WHERE id > 10');
    await world.run(notes(', sweep: 1h'));
    expect(await world.merged('notes')).toHaveLength(20);
    const clock = { nowMicros: () => systemClock.nowMicros() + 3_600_000_000n };
    await world.run(notes(', sweep: 1h'), { clock });
    expect(await world.merged('notes')).toHaveLength(10);
    // Without a sweep they stay, until somebody asks for all.
    await world.client.query('DELETE FROM notes WHERE id > 5');
    await world.run(notes());
    expect(await world.merged('notes')).toHaveLength(10);
    await world.run(notes(), { mode: 'full' });
    expect(await world.merged('notes')).toHaveLength(5);
  });

  it('stops, and says why, where too much would be read again', async () => {
    await world.client.query(`INSERT INTO notes SELECT i, 'n', ${OLD} FROM generate_series(1, 50) i`);
    const late = await world.session();
    await late.query('BEGIN; SELECT 1');
    const dataset = notes(', max_reread_rows: 40');
    // A first read is delivered whole.
    expect(await world.run(dataset)).toMatchObject({ rows: 50 });
    const { rows } = await late.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await expect(world.run(dataset)).rejects.toThrow(new RegExp(`more than 40 rows .* pid ${rows[0]?.pid} of `));
    await late.query('COMMIT');
    await world.settle(dataset);
  });

  it('reads a span of the cursor again when asked, and leaves the cursor where it is', async () => {
    await world.client.query(
      `INSERT INTO notes SELECT i, 'n', '2026-11-01'::timestamptz + i * interval '1 hour' FROM generate_series(0, 99) i`,
    );
    const dataset = notes();
    await world.run(dataset);
    const before = await world.standing(dataset.source, dataset.dataset);
    const again = await world.run(dataset, { from: '2026-11-02T00:00:00Z', to: '2026-11-03T00:00:00Z' });
    expect(again.rows).toBe(24);
    const after = await world.standing(dataset.source, dataset.dataset);
    expect(after.state.watermark?.cursor).toEqual(before.state.watermark?.cursor);
  });

  it('follows cursors of every kind', async () => {
    // Values of rows that are there at first, and of rows that come later.
    const kinds: Readonly<Record<string, readonly [type: string, early: string, late: string]>> = {
      local: ['timestamp(3)', `(${OLD})::timestamp + i * interval '1 s'`, 'now()::timestamp'],
      day: ['date', 'current_date - 200 + i', 'current_date'],
      number: ['int', 'i', 'i'],
      numeric: ['numeric', 'i / 7.0', 'i / 7.0'],
      word: ['text', `'ä' || lpad(i::text, 4, '0')`, `'ä' || lpad(i::text, 4, '0')`],
      uuid: ['uuid', `lpad(to_hex(i), 32, '0')::uuid`, `lpad(to_hex(i), 32, '0')::uuid`],
    };
    for (const [kind, [type, early, late]] of Object.entries(kinds)) {
      const name = `${kind}s`;
      await world.client.query(`CREATE TABLE ${name} (id int PRIMARY KEY, c ${type});
        INSERT INTO ${name} SELECT i, ${early} FROM generate_series(1, 100) i`);
      const dataset = world.dataset(name, `from: ${name}, key: [id], capture: { mode: watermark, cursor: c }`);
      expect(await world.run(dataset), kind).toMatchObject({ rows: 100 });
      await world.settle(dataset);
      await world.client.query(`INSERT INTO ${name} SELECT i, ${late} FROM generate_series(101, 110) i`);
      expect(await world.run(dataset), kind).toMatchObject({ rows: 10 });
    }
  });

  it('with lag asks for no horizon, and reads again what is younger', async () => {
    await world.client.query(`INSERT INTO notes VALUES (1, 'old', ${OLD}), (2, 'young', now() - interval '5 s')`);
    const dataset = notes(', lag: 1m');
    expect(await world.run(dataset)).toMatchObject({ rows: 2 });
    expect(await world.run(dataset)).toMatchObject({ rows: 1 });
  });

  it('names who holds the safe point', async () => {
    await world.client.query(`INSERT INTO notes VALUES (1, 'old', ${OLD})`);
    const dataset = notes();
    const late = await world.session();
    await late.query('BEGIN; SELECT 1');
    await world.run(dataset);
    const { source } = dataset;
    // The sample was taken six minutes ago.
    await moveSampleBack(dataset, 360);
    await world.run(dataset);
    const { rows } = await late.query<{ pid: number; name: string }>(
      'SELECT pg_backend_pid() AS pid, current_user AS name',
    );
    expect(world.stalls).toHaveLength(1);
    expect(world.stalls[0]?.holders).toContainEqual(
      expect.objectContaining({ pid: rows[0]?.pid, user: rows[0]?.name }),
    );
    expect(world.stalls[0]?.seconds).toBeGreaterThanOrEqual(360);
    expect(source.source).toBe('shop');
  });
});

async function moveSampleBack({ source, dataset }: ReturnType<ReadWorld['dataset']>, seconds: number): Promise<void> {
  const { CursorDoc } = await import('../src/state/cursor-doc.js');
  const doc = await CursorDoc.open(world.context(source), dataset);
  await doc.update((state) => ({
    ...state,
    ...(state.watermark && {
      watermark: {
        ...state.watermark,
        samples: state.watermark.samples.map((sample) => ({
          ...sample,
          at: (BigInt(sample.at) - BigInt(seconds) * 1_000_000n).toString(),
        })),
      },
    }),
  }));
}
