import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { duckdbType, type LogicalType, type Value } from '@rollcall/catalog';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FACTS, groupOf, vectorFile } from '../../test/vector-file.js';
import { encodeBatch } from './encode-batch.js';
import { MAX_GROUP_ROWS } from '../parquet/plan-groups.js';
import type { LakeColumn } from './lake-column.js';
import { manifestOf } from './write-batch.js';

/** Values, and what DuckDB says they are as text. */
const CASES: readonly {
  readonly type: LogicalType;
  readonly values: readonly Value[];
  readonly texts: readonly (string | null)[];
}[] = [
  { type: { name: 'bool' }, values: [true, false, null], texts: ['true', 'false', null] },
  { type: { name: 'int2' }, values: [-32_768, 32_767, null], texts: ['-32768', '32767', null] },
  { type: { name: 'int4' }, values: [-2_147_483_648, 2_147_483_647, null], texts: ['-2147483648', '2147483647', null] },
  {
    type: { name: 'int8' },
    values: [-(2n ** 63n), 2n ** 63n - 1n, null],
    texts: ['-9223372036854775808', '9223372036854775807', null],
  },
  { type: { name: 'numeric' }, values: ['NaN', '1.10', null], texts: ['NaN', '1.10', null] },
  { type: { name: 'float4' }, values: [1.5, NaN, null], texts: ['1.5', 'nan', null] },
  { type: { name: 'float8' }, values: [0.1, -Infinity, null], texts: ['0.1', '-inf', null] },
  { type: { name: 'text' }, values: ['', 'é🎓', null], texts: ['', 'é🎓', null] },
  {
    type: { name: 'bytes' },
    values: [Buffer.from([0, 1, 255]), Buffer.alloc(0), null],
    texts: ['\\x00\\x01\\xFF', '', null],
  },
  { type: { name: 'date' }, values: [0, -719_162, null], texts: ['1970-01-01', '0001-01-01', null] },
  { type: { name: 'time' }, values: [1n, 86_399_999_999n, null], texts: ['00:00:00.000001', '23:59:59.999999', null] },
  {
    type: { name: 'timestamp' },
    values: [1_700_000_000_123_456n, -1n, null],
    texts: ['2023-11-14 22:13:20.123456', '1969-12-31 23:59:59.999999', null],
  },
  {
    type: { name: 'timestamptz' },
    values: [1_700_000_000_123_456n, -1n, null],
    texts: ['2023-11-14 22:13:20.123456+00', '1969-12-31 23:59:59.999999+00', null],
  },
  { type: { name: 'interval' }, values: ['P1DT2H', '', null], texts: ['P1DT2H', '', null] },
  {
    type: { name: 'uuid' },
    values: ['01234567-89ab-cdef-0123-456789abcdef', '00000000-0000-0000-0000-000000000000', null],
    texts: ['01234567-89ab-cdef-0123-456789abcdef', '00000000-0000-0000-0000-000000000000', null],
  },
  { type: { name: 'json' }, values: ['{"a": "é"}', 'null', null], texts: ['{"a": "é"}', 'null', null] },
  { type: { name: 'array' }, values: ['[1, 2]', '[]', null], texts: ['[1, 2]', '[]', null] },
  { type: { name: 'other' }, values: ['10.0.0.0/8', '', null], texts: ['10.0.0.0/8', '', null] },
  {
    type: { name: 'decimal', precision: 9, scale: 2 },
    values: ['9999999.99', '-0.01', null],
    texts: ['9999999.99', '-0.01', null],
  },
  {
    type: { name: 'decimal', precision: 18, scale: 17 },
    values: ['9.99999999999999999', '-0.00000000000000001', null],
    texts: ['9.99999999999999999', '-0.00000000000000001', null],
  },
  {
    type: { name: 'decimal', precision: 38, scale: 0 },
    values: [`-${'9'.repeat(38)}`, '7', null],
    texts: [`-${'9'.repeat(38)}`, '7', null],
  },
  {
    type: { name: 'decimal', precision: 38, scale: 10 },
    values: [`${'9'.repeat(28)}.${'9'.repeat(10)}`, '-1.0000000001', null],
    texts: [`${'9'.repeat(28)}.${'9'.repeat(10)}`, '-1.0000000001', null],
  },
];

function nameOf(i: number): string {
  return `c${i}`;
}

type Writer = (columns: readonly LakeColumn[]) => Promise<Uint8Array>;

const WRITERS: readonly (readonly [string, Writer])[] = [
  ['values', (columns) => encodeBatch(manifestOf({ ...FACTS, columns }), columns)],
  ['vectors', async (columns) => (await vectorFile([groupOf(columns)])).bytes],
];

describe.each(WRITERS)('DuckDB, reading a batch written from %s', (_, write) => {
  let dir: string;
  let query: (sql: string) => Promise<Record<string, unknown>[]>;
  let close: () => void;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'rollcall-duckdb-'));
    const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '300MB' });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    query = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS();
    close = () => {
      connection.closeSync();
      instance.closeSync();
    };
  });
  async function fileOf(name: string, columns: readonly LakeColumn[]): Promise<string> {
    const path = join(dir, name);
    await writeFile(path, await write(columns));
    return path;
  }
  afterAll(async () => {
    close();
    await rm(dir, { recursive: true });
  });

  it('sees the types of the catalog and the values as they are', async () => {
    const path = await fileOf(
      'types.parquet',
      CASES.map(({ type, values }, i) => ({ name: nameOf(i), type, values })),
    );
    const types = await query(`DESCRIBE SELECT * FROM '${path}'`);
    expect(types.map((t) => t['column_type'])).toEqual(CASES.map(({ type }) => duckdbType(type)));
    const rows = await query(
      `SELECT ${CASES.map((_, i) => `${nameOf(i)}::VARCHAR AS ${nameOf(i)}`).join(', ')} FROM '${path}'`,
    );
    for (const [i, { type, texts }] of CASES.entries()) {
      expect(
        rows.map((r) => r[nameOf(i)]),
        JSON.stringify(type),
      ).toEqual(texts);
    }
  });

  it('reads no rows, and columns of nothing but NULL', async () => {
    const empty = await fileOf(
      'empty.parquet',
      CASES.map(({ type }, i) => ({ name: nameOf(i), type, values: [] })),
    );
    expect(await query(`SELECT count(*)::INT AS n FROM '${empty}'`)).toEqual([{ n: 0 }]);
    const nulls = await fileOf(
      'nulls.parquet',
      CASES.map(({ type }, i) => ({ name: nameOf(i), type, values: Array<null>(40).fill(null) })),
    );
    const counts = CASES.map((_, i) => `count(${nameOf(i)})`).join(' + ');
    expect(await query(`SELECT count(*)::INT AS n, (${counts})::INT AS filled FROM '${nulls}'`)).toEqual([
      { n: 40, filled: 0 },
    ]);
  });

  it('reads row groups, dictionaries and pages, and prunes by statistics', async () => {
    const rows = 100_000;
    const path = await fileOf('many.parquet', [
      { name: 'n', type: { name: 'int8' }, values: Array.from({ length: rows }, (_, i) => BigInt(i)) },
      { name: 'few', type: { name: 'text' }, values: Array.from({ length: rows }, (_, i) => `value ${i % 5}`) },
      { name: 'many', type: { name: 'text' }, values: Array.from({ length: rows }, (_, i) => `${'x'.repeat(40)}${i}`) },
      {
        name: 'flag',
        type: { name: 'bool' },
        values: Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? null : i % 2 === 0)),
      },
    ]);
    const [sums] = await query(
      `SELECT sum(n)::BIGINT AS n, count(DISTINCT few)::INT AS few, count(DISTINCT many)::INT AS many, count(flag)::INT AS flag FROM '${path}'`,
    );
    expect(sums).toEqual({
      n: (BigInt(rows) * BigInt(rows - 1)) / 2n,
      few: 5,
      many: rows,
      flag: rows - Math.ceil(rows / 3),
    });
    const groups = await query(
      `SELECT stats_min_value AS low, stats_max_value AS high FROM parquet_metadata('${path}') WHERE path_in_schema = 'n'`,
    );
    const starts = Array.from({ length: Math.ceil(rows / MAX_GROUP_ROWS) }, (_, i) => i * MAX_GROUP_ROWS);
    expect(groups).toEqual(
      starts.map((start) => ({ low: String(start), high: String(Math.min(rows, start + MAX_GROUP_ROWS) - 1) })),
    );
  });

  it('reads dictionaries of every width', async () => {
    const sizes = [1, 2, 3, 255, 256, 257, 8192];
    const path = await fileOf(
      'widths.parquet',
      sizes.map((size) => ({
        name: `of_${size}`,
        type: { name: 'text' as const },
        values: Array.from({ length: 40_000 }, (_, i) => (i % 13 === 0 ? null : String((i * 7919) % size))),
      })),
    );
    const sums = sizes.map((size) => `sum(of_${size}::INT)::BIGINT AS of_${size}`);
    const expected = sizes.map((size) => {
      let sum = 0n;
      for (let i = 0; i < 40_000; i += 1) if (i % 13 !== 0) sum += BigInt((i * 7919) % size);
      return [`of_${size}`, sum];
    });
    expect(await query(`SELECT ${sums.join(', ')} FROM '${path}'`)).toEqual([Object.fromEntries(expected)]);
  });

  it('finds the manifest in the metadata', async () => {
    const path = await fileOf('manifest.parquet', [{ name: 'a', type: { name: 'text' }, values: ['x'] }]);
    const found = await query(
      `SELECT decode(value) AS value FROM parquet_kv_metadata('${path}') WHERE decode(key) = 'rollcall.manifest'`,
    );
    expect(JSON.parse(String(found[0]?.['value']))).toMatchObject({ dataset: 'd', rows: 1, contract: '0123456789ab' });
  });
});
