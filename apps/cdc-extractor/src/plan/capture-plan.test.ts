import { parseSource, piiKey, type Dataset } from '@rollcall/catalog';
import type { SourceColumn, SourceTable } from '@rollcall/source-postgres';
import { describe, expect, it } from 'vitest';
import { planCapture } from './capture-plan.js';

const KEY = piiKey('a key for tests');

function dataset(yaml: string): Dataset {
  const lines = ['source: shop', 'kind: postgres', 'connection: SHOP_URL', 'datasets:', `  users: { ${yaml} }`];
  const { source, faults } = parseSource(lines.join('\n'), 'shop.yaml');
  const [found] = source?.datasets ?? [];
  if (!found) throw new Error(JSON.stringify(faults));
  return found;
}

function table(...columns: readonly (readonly [name: string, type: string])[]): SourceTable {
  return {
    schema: 'public',
    name: 'users',
    oid: 1,
    kind: 'table',
    columns: columns.map(([name, type], at): SourceColumn => ({
      name,
      number: at + 1,
      type: { oid: at, modifier: -1, text: type, shape: { kind: 'builtin', name: type, modifier: -1 } },
      notNull: true,
      generated: false,
      defaultText: null,
    })),
    primaryKey: ['id'],
    replicaIdentity: 'default',
    identityColumns: ['id'],
    estimatedRows: 1,
    blocks: 1,
    leaves: [],
  };
}

const USERS = table(['id', 'int8'], ['Full Name', 'text'], ['updatedAt', 'timestamptz']);

describe('planCapture', () => {
  it('takes every column of the table, under its name in the lake, as what it is there', () => {
    const wanted = dataset(
      'capture: { mode: watermark, cursor: updated_at }, key: [id], columns: { name: { from: "Full Name" } }',
    );
    const plan = planCapture(wanted, USERS, undefined);
    expect(plan.columns.map(({ name, sql, type }) => [name, sql, type.name])).toEqual([
      ['id', '"id"', 'int8'],
      ['name', '"Full Name"', 'text'],
      ['updated_at', '"updatedAt"', 'timestamptz'],
    ]);
    expect(plan).toMatchObject({ key: [0], cursor: 2, faults: [] });
    expect(plan.hashKey).toBeUndefined();
  });

  it('makes text of what a policy hides', () => {
    const wanted = dataset(
      'capture: { mode: full }, key: [id], columns: { full_name: { pii: hash, from: "Full Name" } }',
    );
    const [, name] = planCapture(wanted, USERS, KEY).columns;
    expect(name).toMatchObject({ name: 'full_name', hidden: true, type: { name: 'text' } });
    expect(() => planCapture(wanted, USERS, undefined)).toThrow('PII_KEY');
  });

  it('hashes the key columns in the order given, or all of them', () => {
    const byKey = planCapture(dataset('capture: { mode: full }, key: { hash: [full_name, id] }'), USERS, KEY);
    expect(byKey.hashOver).toEqual([1, 0]);
    expect(byKey.hashKey?.(['Ann', 1n])).not.toBe(byKey.hashKey?.(['Ann', 2n]));
    const ofAll = planCapture(dataset('capture: { mode: full }'), USERS, KEY);
    expect(ofAll.hashOver).toEqual([0, 1, 2]);
  });

  it('names every fault', () => {
    const wanted = dataset(
      'capture: { mode: watermark, cursor: changed }, key: [uid], columns: { email: {}, full_name: { pii: drop } }',
    );
    const { faults } = planCapture(wanted, table(['id', 'int8'], ['full_name', 'text'], ['Full Name', 'text']), KEY);
    expect(faults.map(({ kind }) => kind).sort()).toEqual([
      'column-missing',
      'cursor-missing',
      'key-missing',
      'name-collision',
    ]);
  });

  it('refuses a cursor that would be written into the lake and must not', () => {
    const wanted = dataset(
      'capture: { mode: watermark, cursor: full_name }, key: [id], columns: { full_name: { pii: hash } }',
    );
    const { faults } = planCapture(wanted, table(['id', 'int8'], ['full_name', 'text']), KEY);
    expect(faults.map(({ kind }) => kind)).toEqual(['cursor-hidden']);
  });
});
