import { DuckDBInstance } from '@duckdb/node-api';
import { testFolder, until } from '@rollcall/testkit';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiBed, type ApiBed } from './api-bed.js';

const REPORT = '/api/v1/reports/everything';

let bed: ApiBed;
beforeAll(async () => {
  bed = await apiBed();
});
afterAll(async () => {
  await bed[Symbol.asyncDispose]();
});

function get(path: string): supertest.Test {
  return supertest(bed.service.url).get(path);
}

async function bytesOf(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ bytes: Buffer; headers: Headers }> {
  const answer = await fetch(bed.service.url + path, { headers });
  expect(answer.status).toBe(200);
  return { bytes: Buffer.from(await answer.arrayBuffer()), headers: answer.headers };
}

/** A reader of RFC 4180 that tells an empty field from "". */
function readCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  for (let at = 0; at < text.length;) {
    const row: (string | null)[] = [];
    for (;;) {
      if (text[at] === '"') {
        const end = at + (/^"(?:[^"]|"")*"/.exec(text.slice(at))?.[0].length ?? 1);
        row.push(text.slice(at + 1, end - 1).replaceAll('""', '"'));
        at = end;
      } else {
        const field = /^[^,\r]*/.exec(text.slice(at))?.[0] ?? '';
        row.push(field === '' ? null : field);
        at += field.length;
      }
      if (text[at] !== ',') break;
      at += 1;
    }
    expect(text.slice(at, at + 2)).toBe('\r\n');
    at += 2;
    rows.push(row);
  }
  return rows;
}

describe('CSV', () => {
  it('holds all rows that match, with formulas disarmed and numbers as they are', async () => {
    const { text, headers } = await get(`${REPORT}/rows.csv?small=-2&small=2147483647&small=0&small=~`).buffer(true);
    const [head, ...rows] = readCsv(text);
    expect(head).toEqual(['id', 'note', 'flag', 'small', 'big', 'price', 'exact', 'ratio', 'day', 'at']);
    expect(rows).toEqual([
      [
        'b',
        '',
        'false',
        '-2',
        '-5',
        '-0.01',
        '1000000000000000000000000000000',
        '-1.5',
        '2026-08-04',
        '2026-08-03T23:59:59.999999Z',
      ],
      ['c', null, null, null, null, null, null, null, null, null],
      [
        'd',
        `'=HYPERLINK("http://x")`,
        'true',
        '2147483647',
        '0',
        '9999999999.99',
        '42',
        'Infinity',
        '0001-01-01',
        '2026-08-04T00:00:00.000000Z',
      ],
      [
        'e',
        'a "quoted", line\r\nends; \'--',
        'false',
        '0',
        '7',
        '7.00',
        '-42.5',
        '1e+300',
        '2026-11-22',
        '2026-11-22T01:02:03.000000Z',
      ],
    ]);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(headers['content-disposition']).toMatch(
      /^attachment; filename="everything-small--2\+2147483647\+0\+__least-[^"]+-20260804T1000Z\.csv"; filename\*=UTF-8''everything-small/,
    );
  });

  it('comes by its address, a parameter or a header, with a byte order mark where asked for', async () => {
    const plain = (await bytesOf(`${REPORT}/rows.csv?id=a`)).bytes;
    expect((await bytesOf(`${REPORT}/rows?format=csv&id=a`)).bytes).toEqual(plain);
    expect((await bytesOf(`${REPORT}/rows?id=a`, { accept: 'text/csv' })).bytes).toEqual(plain);
    expect((await bytesOf(`${REPORT}/rows.csv?id=a&bom=true`)).bytes).toEqual(
      Buffer.concat([Buffer.from('\ufeff'), plain]),
    );
    expect((await bytesOf(`${REPORT}/rows.csv?id=nobody`)).bytes.toString()).toMatch(/^id,note,.*\r\n$/);
    await get(`${REPORT}/rows`).set('accept', 'image/png').expect(406);
  });

  it('is the whole result, streamed, however small a page is', async () => {
    await using own = await apiBed();
    await own.owner.query(
      `INSERT INTO public.everything (id, big) SELECT 'n' || n, n FROM generate_series(1, 60000) n`,
    );
    const answer = await fetch(`${own.service.url}${REPORT}/rows.csv?sort=big&limit=5`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('content-length')).toBeNull();
    const lines = (await answer.text()).trimEnd().split('\r\n').slice(1);
    // Two lines of one quoted field.
    expect(lines).toHaveLength(60_006 + 1);
    expect(lines[100]).toMatch(/^n\d+,,,,\d+,,,,,$/);
  });

  it('ends in a cut connection when the warehouse goes away in the middle, never as a whole file', async () => {
    await using own = await apiBed();
    await own.owner.query(
      `INSERT INTO public.everything (id, note) SELECT 'n' || n, repeat('long text ', 100) FROM generate_series(1, 60000) n`,
    );
    const answer = await fetch(`${own.service.url}${REPORT}/rows.csv`);
    const reader = answer.body?.getReader();
    await reader?.read();
    await until(
      async () => {
        const killed = await own.owner.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`,
        );
        return killed.length > 0;
      },
      { what: 'the export to wait for its reader' },
    );
    const rest = async (): Promise<void> => {
      for (;;) if ((await reader?.read())?.done !== false) return;
    };
    await expect(rest()).rejects.toThrow();
    expect(own.logged.some((line) => line.includes('request refused') && line.includes('warehouse/unavailable'))).toBe(
      true,
    );
    await supertest(own.service.url).get(`${REPORT}/rows?limit=1`).expect(200);
  });

  it('is refused with a way out while too many run', async () => {
    await using own = await apiBed({ env: { EXPORTS_AT_ONCE: '1' } });
    await own.owner.query(
      `INSERT INTO public.everything (id, note) SELECT 'n' || n, repeat('long text ', 100) FROM generate_series(1, 60000) n`,
    );
    const first = await fetch(`${own.service.url}${REPORT}/rows.csv`);
    const { body, headers } = await supertest(own.service.url).get(`${REPORT}/rows.csv`).expect(503);
    expect(body.code).toBe('busy');
    expect(headers['retry-after']).toBe('10');
    expect(headers['content-disposition']).toBeUndefined();
    await first.body?.cancel();
    await until(async () => (await fetch(`${own.service.url}${REPORT}/rows.csv?id=a`)).status === 200, {
      what: 'the place of an export whose reader has gone',
    });
    expect(own.logged.filter((line) => /"level":"(error|warn)"/.test(line) && line.includes('went away'))).toEqual([]);
  });
});

describe('Parquet', () => {
  it('has the types of the columns', async () => {
    await using folder = await testFolder();
    const path = join(folder.path, 'rows.parquet');
    const { bytes, headers } = await bytesOf(`${REPORT}/rows.parquet`);
    expect(headers.get('content-type')).toBe('application/vnd.apache.parquet');
    await writeFile(path, bytes);
    const duck = await (await DuckDBInstance.create()).connect();
    const types = await duck.runAndReadAll(`DESCRIBE SELECT * FROM '${path}'`);
    expect(types.getRowObjects().map((row) => [row['column_name'], row['column_type']])).toEqual([
      ['id', 'VARCHAR'],
      ['note', 'VARCHAR'],
      ['flag', 'BOOLEAN'],
      ['small', 'INTEGER'],
      ['big', 'BIGINT'],
      ['price', 'DECIMAL(12,2)'],
      ['exact', 'VARCHAR'],
      ['ratio', 'DOUBLE'],
      ['day', 'DATE'],
      ['at', 'TIMESTAMP WITH TIME ZONE'],
    ]);
    const rows = await duck.runAndReadAll(
      `SELECT id, note, big, price::text AS price, exact, ratio, day::text AS day, epoch_us("at") AS "at" FROM '${path}' ORDER BY id`,
    );
    const [a, b, c, d] = rows.getRowObjects();
    expect(a).toEqual({
      id: 'a',
      note: 'plain',
      big: 9_007_199_254_740_993n,
      price: '12.50',
      exact: '0.1000000000000000000001',
      ratio: 0.1,
      day: '2026-08-03',
      at: 1_785_758_640_000_001n,
    });
    expect(b?.['note']).toBe('');
    expect(c).toMatchObject({ note: null, big: null, price: null, day: null, at: null });
    expect(d).toMatchObject({ note: '=HYPERLINK("http://x")', ratio: Number.POSITIVE_INFINITY });
  });
});
