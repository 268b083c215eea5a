import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOGGED, runMend, USERS } from '../../test/examine-desk.js';
import { serverOfItsOwn, type OwnServer } from '../../test/own-server.js';
import { connectSource } from '../connect/connect-source.js';
import { identifySystem } from '../slots/identify-system.js';
import { examineSource } from './examine-source.js';
import type { ExaminedTable, SourceFault } from './source-fault.js';

let server: OwnServer;

beforeAll(async () => {
  server = await serverOfItsOwn();
  await asAdmin(server, (admin) =>
    admin.query('CREATE TABLE users (id int PRIMARY KEY, updated_at timestamptz); CREATE INDEX ON users (updated_at)'),
  );
});

afterAll(() => server.stop());

async function asAdmin<T>(of: OwnServer, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectSource(of.url, { applicationName: 'admin' });
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}

function examine(of: OwnServer, ...tables: readonly ExaminedTable[]): Promise<readonly SourceFault[]> {
  return asAdmin(of, (admin) => examineSource(admin, { tables, slot: 'it', publication: 'it', create: true }));
}

describe('examineSource of a server', () => {
  it('mends wal_level, slots and senders that are not enough, after a restart', async () => {
    await asAdmin(server, (admin) =>
      runMend(admin, 'ALTER SYSTEM SET max_wal_senders = 0;\nALTER SYSTEM SET max_replication_slots = 0;'),
    );
    await server.restart();
    const faults = await examine(server, LOGGED);
    expect(faults.map((fault) => fault.rule)).toEqual(['wal-level', 'senders-exhausted', 'slots-exhausted']);
    await asAdmin(server, (admin) => runMend(admin, faults.map((fault) => fault.mend ?? '').join('\n')));
    await server.restart();
    expect(await examine(server, LOGGED)).toEqual([]);
  });

  it('refuses the watermark of a standby without a horizon, and says where a publication is made', async () => {
    const standby = await server.standby();
    try {
      const primary = await asAdmin(server, identifySystem);
      const copy = await asAdmin(standby, identifySystem);
      expect(copy).toMatchObject({ systemId: primary.systemId, timeline: primary.timeline, standby: true });
      const watermark: ExaminedTable = { ...USERS, mode: 'watermark', cursor: 'updated_at' };
      const rules = async (table: ExaminedTable) =>
        (await examine(standby, table)).flatMap(({ rule, severity }) => (severity === 'stop' ? [rule] : []));
      expect(await rules(watermark)).toEqual(['standby']);
      expect(await rules({ ...watermark, horizon: true })).toEqual([]);
      const missing = (await examine(standby, LOGGED)).find(({ rule }) => rule === 'publication-missing');
      expect(missing?.message).toContain('on the primary');
    } finally {
      await standby.stop();
    }
  });
});
