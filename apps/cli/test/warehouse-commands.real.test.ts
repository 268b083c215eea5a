import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { zstdDecompressSync } from 'node:zlib';
import { warehouseDigest } from '@rollcall/warehouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';
import { event, smallPlatform, type SmallPlatform } from './small-platform.js';

let platform: SmallPlatform;
beforeAll(async () => {
  platform = await smallPlatform();
  await platform.events('1', [
    event('A', { context_locale: 'with "quotes", commas\r\nand lines' }),
    event('B', { context_locale: '' }),
  ]);
  await platform.events('2', [event('C', { context_locale: null }), event('A', { event: 'changed' })]);
  await platform.rejected('3', [{ text: '{', reason: 'not-json' }]);
});
afterAll(() => platform[Symbol.asyncDispose]());

describe('rollcall export', () => {
  it('writes CSV that tells NULL from empty and keeps microseconds and int8', async () => {
    const run = await runCli(platform.world, 'export', 'app_events', '--format', 'csv');
    expect(run.code, run.err).toBe(0);
    const text = run.bytes.toString('utf8');
    const [head = ''] = text.split('\r\n');
    expect(head.split(',').slice(0, 2)).toEqual(['id', 'received_at']);
    expect(text).toContain('2026-01-02 03:04:05.678901+00');
    expect(text).toContain('9007199254740993');
    const locale = head.split(',').indexOf('context_locale');
    const lineOf = (id: string): string => text.split('\r\n').find((line) => line.startsWith(`${id},`)) ?? '';
    expect(lineOf('B').split(',')[locale]).toBe('""');
    expect(lineOf('C').split(',')[locale]).toBe('');
    expect(run.err).toContain('3 rows');
  });

  it('writes Parquet with the types of the catalog', async () => {
    const run = await runCli(platform.world, 'export', 'app_events', '--format', 'parquet', '--out', 'events.parquet');
    expect(run.code, run.err).toBe(0);
    const bytes = await readFile(join(platform.world.dir, 'events.parquet'));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    expect(parquetMetadata(file).num_rows).toBe(3n);
    const compressors = { ZSTD: (input: Uint8Array) => zstdDecompressSync(input) };
    const rows = await parquetReadObjects({ file, compressors, columns: ['id', 'user_id', 'context_locale'] });
    expect(rows.toSorted((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1))).toEqual([
      expect.objectContaining({ id: 'A', user_id: 9007199254740993n }),
      { id: 'B', user_id: 9007199254740993n, context_locale: '' },
      { id: 'C', user_id: 9007199254740993n, context_locale: null },
    ]);
    expect((await readdir(platform.world.dir)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('names what there is when there is no such relation, and leaves no file', async () => {
    const run = await runCli(platform.world, 'export', 'nothing', '--format', 'csv', '--out', 'nothing.csv');
    expect(run.code).toBe(78);
    expect(run.err).toContain('schema analytics has app_events');
    expect(await readdir(platform.world.dir)).not.toContain('nothing.csv');
  });
});

describe('rollcall rebuild', () => {
  it('gives the same warehouse from the lake alone, and keeps what operators settled', async () => {
    await runCli(platform.world, 'quarantine', 'discard', '--all');
    const before = await warehouseDigest(platform.warehouse);
    expect((await runCli(platform.world, 'rebuild', 'app_events')).code).toBe(2);
    const run = await runCli(platform.world, 'rebuild', 'app_events', '--yes');
    expect(run.code, run.err).toBe(0);
    expect(run.out).toBe('app_events: 3 batches, 5 records');
    expect(await warehouseDigest(platform.warehouse)).toEqual(before);
    const settled = await platform.warehouse.query<{ status: string }>('SELECT status FROM ops.quarantine');
    expect(settled).toEqual([{ status: 'discarded' }]);
  });

  it('says so when the catalog has no such dataset', async () => {
    const run = await runCli(platform.world, 'rebuild', 'nothing', '--yes');
    expect(run.code).toBe(1);
    expect(run.err).toContain('load/unknown-dataset');
  });
});

describe('rollcall migrate, doctor and status', () => {
  it('finds what is missing, mends it by migrate, and is content', async () => {
    const sick = await runCli(platform.world, 'doctor');
    expect(sick.code).toBe(1);
    expect(sick.out).toContain('rollcall migrate');
    const migrated = await runCli(platform.world, 'migrate');
    expect(migrated.code, migrated.err).toBe(0);
    expect((await runCli(platform.world, 'migrate')).out).toMatch(/broker +nothing to do/);
    const well = await runCli(platform.world, 'doctor');
    expect(well.out).toContain('all is well');
    expect(well.out).toMatch(/reports +folder +4 reports in /);
    expect(well.out).toContain('bi_reader and analyst are there and read schema report');
    expect(well.code).toBe(0);
    const password = new URL(platform.world.env['WAREHOUSE_URL'] ?? '').password;
    if (password !== '') expect(well.out + sick.out).not.toContain(password);
  });

  it('names every fault on one screen, each with its way out', async () => {
    const env = {
      ...platform.world.env,
      NATS_URL: 'nats://127.0.0.1:1',
      WAREHOUSE_URL: 'postgres://nobody:s3cret@127.0.0.1:1/none',
      CATALOG_DIR: platform.world.dir,
      REPORTS_DIR: join(platform.world.dir, 'none'),
      REPORTING_URL: 'http://127.0.0.1:1',
    };
    const run = await runCli({ ...platform.world, env }, 'doctor', '--json');
    expect(run.code).toBe(1);
    const findings = JSON.parse(run.out) as { part: string; ok: boolean; wayOut?: string }[];
    const faults = findings.filter(({ ok }) => !ok);
    expect(faults.map(({ part }) => part).sort()).toEqual(['broker', 'catalog', 'reporting', 'reports', 'warehouse']);
    expect(faults.every(({ wayOut }) => wayOut !== undefined)).toBe(true);
    expect(run.out).not.toContain('s3cret');
  });

  it('shows where every dataset stands', async () => {
    await runCli(platform.world, 'migrate');
    const run = await runCli(platform.world, 'status', '--json');
    const status = JSON.parse(run.out) as { datasets: Record<string, unknown>[]; unreachable: string[] };
    expect(status.unreachable).toEqual([]);
    expect(status.datasets.find((d) => d['dataset'] === 'app_events')).toMatchObject({
      lakeBatches: 3,
      loadedBatches: 3,
      rows: 3,
    });
    expect(status.datasets.find((d) => d['dataset'] === 'answers')).toMatchObject({ lakeBatches: 0, rows: 0 });
  });

  it('shows what it can when a part is away, and exits 69', async () => {
    const env = { ...platform.world.env, NATS_URL: 'nats://127.0.0.1:1' };
    const run = await runCli({ ...platform.world, env }, 'status');
    expect(run.code).toBe(69);
    expect(run.out).toContain('unreachable');
    expect(run.out).toContain('app_events');
  });

  it('compares the catalog with what the lake was written under', async () => {
    // The lake has never seen answers: a new dataset asks for nothing.
    const same = await runCli(platform.world, 'catalog', 'diff', '--json');
    expect(same.code, same.err).toBe(0);
    expect(same.out).not.toContain('app_events');
    const catalog = join(platform.world.dir, 'catalog');
    await cp(platform.world.env['CATALOG_DIR'] ?? '', catalog, { recursive: true });
    const file = join(catalog, 'app-events.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('user_id: { type: int8', 'user_id: { type: text'));
    const other = await runCli(platform.world, 'catalog', 'diff', '--lake', '--catalog', catalog);
    expect(other.code).toBe(1);
    expect(other.out).toMatch(/app_events +columns\.user_id\.type/);
  });
});
