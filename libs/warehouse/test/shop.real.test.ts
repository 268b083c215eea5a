import { fileURLToPath } from 'node:url';
import { loadCatalog, type Dataset } from '@rollcall/catalog';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadGroup, type StagedBatch, type Warehouse } from '../src/index.js';
import { logBatch, positionOf, rowsBatch, type TestRow } from './batches.js';
import { testWarehouse } from './test-warehouse.js';

const CATALOG = fileURLToPath(new URL('../../../catalog', import.meta.url));

let datasets: ReadonlyMap<string, Dataset>;

beforeAll(async () => {
  ({ datasets } = await loadCatalog(CATALOG));
});

function named(name: string): Dataset {
  const dataset = datasets.get(name);
  if (!dataset) throw new Error(`the catalog has no ${name}`);
  return dataset;
}

const micros = (text: string): bigint => BigInt(Date.parse(text)) * 1_000n;

async function load(warehouse: Warehouse, name: string, ...batches: readonly StagedBatch[]): Promise<void> {
  for (const batch of batches) await loadGroup(warehouse, named(name), [batch]);
}

const user = (
  point: number,
  id: bigint,
  name: string | null,
  email: string | null,
  address: string | null,
): TestRow => ({
  position: positionOf(point, 1),
  committedAt: micros('2026-03-01T00:00:00Z') + BigInt(point) * 1_000_000n,
  values: {
    id: Number(id),
    name,
    email,
    address,
    created_at: micros('2026-01-02T03:04:05Z'),
    updated_at: 1_000_000n * BigInt(point) + 1n,
  },
});

describe('the shop in the warehouse', () => {
  it('shows users in lower case and once, as they stand; raw keeps what the source said', async () => {
    await using test = await testWarehouse();
    const { warehouse } = test;
    const first = [
      user(10, 1n, 'Ada LOVELACE', 'Ada@Example.COM', '1 Main St\nLONDON'),
      user(20, 2n, 'BJÖRN Åkesson', null, null),
      user(30, 3n, 'Gone Soon', 'g@x', ''),
    ];
    const first1 = logBatch(named('users'), first);
    const second = logBatch(
      named('users'),
      [
        user(40, 1n, 'Ada KING', 'ADA@King.example', 'Ockham Park\nSURREY'),
        { ...user(50, 3n, null, null, null), op: 'd' },
        user(60, 4n, 'ΜΑΡΊΑ', 'M@X', 'A\tB'),
      ],
      positionOf(30, 1),
    );
    // The same again: deliveries may repeat.
    await load(warehouse, 'users', first1, second, first1, second);
    expect(
      await warehouse.query(
        'SELECT id, name, email, address, created_at::text, updated_at::text FROM analytics.users ORDER BY id',
      ),
    ).toEqual([
      row(1, 'ada king', 'ada@king.example', 'ockham park\nsurrey', 40),
      row(2, 'björn åkesson', null, null, 20),
      row(4, 'μαρία', 'm@x', 'a\tb', 60),
    ]);
    expect(await warehouse.query('SELECT name FROM raw.users WHERE NOT _deleted ORDER BY id')).toEqual(
      ['Ada KING', 'BJÖRN Åkesson', 'ΜΑΡΊΑ'].map((name) => ({ name })),
    );
    expect(await warehouse.query('SELECT name FROM history.users WHERE id = 1 ORDER BY valid_from')).toEqual(
      ['ada lovelace', 'ada king'].map((name) => ({ name })),
    );
  });

  it('passes transactions on unchanged, the newest version of each', async () => {
    await using test = await testWarehouse();
    const { warehouse } = test;
    const sale = (point: number, amount: string, type: string): TestRow => ({
      position: positionOf(point, 1),
      committedAt: micros('2026-03-01T00:00:00Z') + BigInt(point),
      values: {
        id: 7,
        user_id: 1,
        amount,
        transaction_type: type,
        created_at: micros('2026-02-28T23:59:59Z') + 123_456n,
        updated_at: micros('2026-03-01T00:00:00Z') + 1n,
      },
    });
    await load(warehouse, 'transactions', logBatch(named('transactions'), [sale(10, '10.00', 'Refund')]));
    // Two versions in one batch, and both with the same stamp: the order of the log decides.
    const both = logBatch(
      named('transactions'),
      [sale(20, '9999.99', 'PURCHASE'), sale(30, '10000.00', 'PURCHASE')],
      positionOf(10, 1),
    );
    await load(warehouse, 'transactions', both);
    expect(
      await warehouse.query(
        'SELECT id, user_id, amount::text, transaction_type, created_at::text, updated_at::text FROM analytics.transactions',
      ),
    ).toEqual([
      {
        id: 7,
        user_id: 1,
        amount: '10000.00',
        transaction_type: 'PURCHASE',
        created_at: '2026-02-28 23:59:59.123456',
        updated_at: '2026-03-01 00:00:00.000001+00',
      },
    ]);
  });

  it('takes every table of the registration desk', async () => {
    await using test = await testWarehouse();
    const { warehouse } = test;
    const desk = [...datasets.values()].filter(({ source }) => source === 'registration');
    expect(desk).toHaveLength(7);
    for (const dataset of desk) {
      const [key = ''] = dataset.key;
      const isText = dataset.columns.find(({ name }) => name === key)?.type.name === 'text';
      const one: TestRow = { position: positionOf(5, 1), values: { [key]: isText ? 'EV001' : 1, updated_at: 0n } };
      await load(warehouse, dataset.name, rowsBatch(dataset, [one]));
      expect(await warehouse.query(`SELECT "${key}"::text AS key FROM analytics."${dataset.name}"`)).toEqual([
        { key: isText ? 'EV001' : '1' },
      ]);
    }
  });
});

function row(id: number, name: string, email: string | null, address: string | null, point: number): object {
  const stamp = new Date(point * 1_000).toISOString().replace('T', ' ').slice(0, 19);
  return { id, name, email, address, created_at: '2026-01-02 03:04:05', updated_at: `${stamp}.000001+00` };
}
