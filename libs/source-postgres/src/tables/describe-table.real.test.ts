import { testDatabase } from '@rollcall/testkit';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectSource } from '../connect/connect-source.js';
import { describeTable } from './describe-table.js';
import { listTables } from './list-tables.js';
import type { SourceTable } from './source-table.js';

let database: Awaited<ReturnType<typeof testDatabase>>;
let admin: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
  admin = await connectSource(database.url, { applicationName: 'test' });
  await admin.query(`
    CREATE SCHEMA "My shop";
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE DOMAIN price AS numeric(12,2) CHECK (VALUE >= 0);
    CREATE DOMAIN fair_price AS price;
    CREATE DOMAIN prices AS numeric(5,1)[];
    CREATE TYPE "My shop"."Pair" AS (a price, b mood[]);
    CREATE TYPE spans AS RANGE (subtype = timestamptz, multirange_type_name = many_spans);
    CREATE TABLE "My shop"."Orders" (
      gone int, "id b" bigint GENERATED ALWAYS AS IDENTITY, "id a" uuid DEFAULT gen_random_uuid(), amount numeric(12,2)[] NOT NULL,
      cost fair_price, costs prices, how mood, hows mood[][], pair "My shop"."Pair", span spans, many many_spans, code char(4), name varchar(20),
      at timestamptz(3) DEFAULT now(), twice numeric GENERATED ALWAYS AS (amount[1] * 2) STORED, where_to point, ids int2vector, tag name,
      PRIMARY KEY ("id a", "id b"));
    ALTER TABLE "My shop"."Orders" DROP COLUMN gone;
    CREATE TABLE parts (id int, at date NOT NULL, v text) PARTITION BY RANGE (at);
    CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2024-02-01') PARTITION BY LIST (id);
    CREATE TABLE "My shop"."Parts 1a" PARTITION OF parts_1 FOR VALUES IN (1);
    CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
    INSERT INTO parts SELECT 1, '2024-01-05', repeat('x', 1000) FROM generate_series(1, 100);
    CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER away FOREIGN DATA WRAPPER nothing;
    CREATE FOREIGN TABLE far PARTITION OF parts FOR VALUES FROM ('2024-03-01') TO ('2024-04-01') SERVER away;
    CREATE TABLE parents (id int UNIQUE NOT NULL, name text); CREATE TABLE heirs () INHERITS (parents);
    ALTER TABLE parents REPLICA IDENTITY USING INDEX parents_id_key;
    CREATE VIEW seen AS SELECT id, name FROM parents; CREATE MATERIALIZED VIEW kept AS SELECT 1 AS id;
    CREATE TABLE bare (n int); ALTER TABLE bare REPLICA IDENTITY FULL;`);
});

afterAll(async () => {
  await admin.end();
  await database.drop();
});

async function described(name: string): Promise<SourceTable> {
  const table = await describeTable(admin, name);
  if (table === undefined) throw new Error(`there is no ${name}`);
  return table;
}

const leafNames = (table: SourceTable): readonly string[] => table.leaves.map((leaf) => leaf.sql);

describe('describeTable', () => {
  it('gives columns in order with types as they were declared and resolved', async () => {
    const table = await described('"My shop"."Orders"');
    expect(table).toMatchObject({
      ...{ schema: 'My shop', name: 'Orders', kind: 'table', primaryKey: ['id a', 'id b'], replicaIdentity: 'default' },
      ...{ identityColumns: ['id a', 'id b'], blocks: 0, estimatedRows: -1 },
    });
    const numeric = (modifier: number) => ({ kind: 'builtin', name: 'numeric', modifier });
    const [, , amount, cost, costs, how, hows, pair, span, many] = table.columns;
    expect(table.columns.map(({ name, type }) => [name, type.text])).toEqual([
      ['id b', 'bigint'],
      ['id a', 'uuid'],
      ['amount', 'numeric(12,2)[]'],
      ['cost', 'public.fair_price'],
      ['costs', 'public.prices'],
      ['how', 'public.mood'],
      ['hows', 'public.mood[]'],
      ['pair', '"My shop"."Pair"'],
      ['span', 'public.spans'],
      ['many', 'public.many_spans'],
      ['code', 'character(4)'],
      ['name', 'character varying(20)'],
      ['at', 'timestamp(3) with time zone'],
      ['twice', 'numeric'],
      ['where_to', 'point'],
      ['ids', 'int2vector'],
      ['tag', 'name'],
    ]);
    expect(amount).toMatchObject({ notNull: true, type: { shape: { kind: 'array', delimiter: ',' } } });
    expect(amount?.type.shape).toMatchObject({ element: { text: 'numeric(12,2)', shape: numeric(786_438) } });
    expect(cost?.type.shape).toEqual(numeric(786_438));
    expect(costs?.type.shape).toMatchObject({
      kind: 'array',
      element: { text: 'numeric(5,1)', shape: numeric(327_685) },
    });
    expect(how?.type.shape).toEqual({ kind: 'enum' });
    expect(hows?.type.shape).toMatchObject({
      kind: 'array',
      element: { text: 'public.mood', shape: { kind: 'enum' } },
    });
    expect(pair?.type.shape).toMatchObject({
      kind: 'composite',
      fields: [
        { name: 'a', type: { text: 'public.price', shape: numeric(786_438) } },
        { name: 'b', type: { text: 'public.mood[]', shape: { kind: 'array', element: { shape: { kind: 'enum' } } } } },
      ],
    });
    const instant = { shape: { kind: 'builtin', name: 'timestamptz' } };
    expect(span?.type.shape).toMatchObject({ kind: 'range', element: instant });
    expect(many?.type.shape).toMatchObject({ kind: 'multirange', element: instant });
    const shapes = table.columns.slice(10).map(({ type }) => type.shape.kind === 'builtin' && type.shape.name);
    expect(shapes).toEqual(['bpchar', 'varchar', 'timestamptz', 'numeric', 'point', 'int2vector', 'name']);
    expect(table.columns.find((column) => column.name === 'twice')).toMatchObject({
      generated: true,
      defaultText: null,
    });
    expect(table.columns.find((column) => column.name === 'at')).toMatchObject({
      generated: false,
      defaultText: 'now()',
    });
    expect(table.columns[0]?.number).toBe(2);
  });

  it('gives the leaves of a partitioned table, and names those that are foreign', async () => {
    const parts = await described('parts');
    expect(parts).toMatchObject({ kind: 'partitioned', foreignPartitions: ['"public"."far"'], primaryKey: [] });
    expect(leafNames(parts)).toEqual(['"My shop"."Parts 1a"', '"public"."parts_2"']);
    expect(parts.leaves[0]?.blocks).toBeGreaterThan(10);
    expect(parts.blocks).toBe(parts.leaves[0]?.blocks);
    await admin.query('ANALYZE "My shop"."Parts 1a"');
    expect((await described('parts')).estimatedRows).toBe(100);
  });

  it('reads a table that others inherit from alone, and gives the identity it has', async () => {
    const parents = await described('parents');
    expect(parents).toMatchObject({ replicaIdentity: 'index', identityColumns: ['id'], primaryKey: [] });
    expect(leafNames(parents)).toEqual(['ONLY "public"."parents"']);
    expect(await described('bare')).toMatchObject({ replicaIdentity: 'full', identityColumns: ['n'] });
  });

  it('gives views and foreign tables as what they are', async () => {
    expect(await described('seen')).toMatchObject({ kind: 'view', blocks: 0, leaves: [{ sql: '"public"."seen"' }] });
    expect(await described('kept')).toMatchObject({ kind: 'materialized-view', blocks: 1 });
    expect(await described('far')).toMatchObject({ kind: 'foreign', blocks: 0, leaves: [{ sql: '"public"."far"' }] });
  });

  it('knows nothing of what is not there, of indexes and of what is no name', async () => {
    for (const name of ['nobody', 'nowhere.parts', 'parents_id_key', 'a.b.c', "x'; --"])
      expect(await describeTable(admin, name)).toBeUndefined();
  });

  it('needs no privilege on the table', async () => {
    await admin.query('CREATE ROLE plain_describer; SET ROLE plain_describer');
    expect((await describeTable(admin, '"My shop"."Orders"'))?.columns).toHaveLength(17);
    expect((await describeTable(admin, 'parts'))?.leaves).toHaveLength(2);
    const tables = await listTables(admin);
    expect(tables.every((table) => !table.readable)).toBe(true);
    await admin.query('RESET ROLE; DROP ROLE plain_describer');
  });
});

describe('listTables', () => {
  it('gives what is somebody’s: no partitions, no temporary tables', async () => {
    await admin.query('CREATE TEMPORARY TABLE passing (id int)');
    const tables = await listTables(admin);
    expect(tables.map(({ name, kind }) => [name, kind])).toEqual([
      ['"My shop"."Orders"', 'table'],
      ['public.bare', 'table'],
      ['public.heirs', 'table'],
      ['public.kept', 'materialized-view'],
      ['public.parents', 'table'],
      ['public.parts', 'partitioned'],
      ['public.seen', 'view'],
    ]);
    for (const { name, readable } of tables)
      expect([readable, await describeTable(admin, name)]).toMatchObject([true, {}]);
  });
});
