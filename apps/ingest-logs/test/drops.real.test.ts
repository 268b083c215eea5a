import { existsSync, readFileSync } from 'node:fs';
import { appendFile, copyFile, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { unseal } from '@rollcall/kernel';
import { until } from '@rollcall/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropRecord } from '../src/drops/drop-record.js';
import { IngestWorld, QUARANTINE_KEY } from './ingest-under-test.js';

const SAMPLE = fileURLToPath(new URL('../../../../shared/data/answers/sample.csv', import.meta.url));
const HEADER = 'user,anonymous,event_id,question_id,sent_at';

let world: IngestWorld;

beforeEach(async () => {
  world = await IngestWorld.make();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

function answers(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    const time = new Date(Date.UTC(2021, 5, 2, 10, 0, n)).toISOString().slice(0, 19).replace('T', ' ');
    return `u${n % 50},False,e${n % 7},q${n % 11},${time}`;
  });
}

async function records(dataset: string) {
  const found = [];
  for await (const { key } of world.lake.list(`_state/drops/${dataset}/`)) {
    if (key.includes('/_seen/')) continue;
    found.push(dropRecord.parse(JSON.parse(Buffer.from((await world.lake.get(key))?.bytes ?? []).toString())));
  }
  return found;
}

async function untilDone(contents: number, dataset = 'answers') {
  return until(
    async () => {
      const all = await records(dataset);
      return all.length === contents && all.every(({ status }) => status !== 'reading') && all;
    },
    { what: `${contents} contents of ${dataset} to be read` },
  );
}

describe('dropped files', () => {
  it('land once, each batch announced, whatever name the content comes under, also after a restart', async () => {
    const first = await world.start();
    const file = [HEADER, ...answers(1000)].join('\r\n');
    await world.drop('answers/a.csv', file);
    const [record] = await untilDone(1);
    expect(record).toMatchObject({ status: 'done', rows: 1000, rejected: 0, offset: Buffer.byteLength(file) });
    expect(await world.rows('answers')).toHaveLength(1000);

    await world.drop('answers/sub/renamed.txt', file);
    await until(async () => (await records('answers'))[0]?.keys.length === 2, { what: 'the second name to be noted' });
    await world.stop(first);
    await world.start();
    await world.drop('answers/third.csv', file);
    await until(async () => (await records('answers'))[0]?.keys.length === 3, { what: 'the third name to be noted' });
    expect(await world.rows('answers')).toHaveLength(1000);
    const batches = await world.batches('answers');
    expect(new Set(await world.announced())).toEqual(new Set(batches.map(({ batchId }) => batchId)));
  });

  it('of a changed file add only keys that are new, once rows collapse by key', async () => {
    await world.start();
    await world.drop('answers/a.csv', [HEADER, ...answers(100)].join('\n'));
    await untilDone(1);
    await world.drop('answers/a.csv', [HEADER, ...answers(120)].join('\n'));
    await untilDone(2);
    expect(await world.rows('answers')).toHaveLength(220);
    expect((await world.current('answers', (row) => String(row['_key']))).size).toBe(120);
  });

  it('are read in both schemas and every time format, compressed or not', async () => {
    await world.start();
    const one = 'user;anonymous;event_id;question_id;sent_at\nz1;True;e1;q1;2021-06-02 10:44:54\n';
    const other =
      '\ufeff,type,participant_id,event_id,created_at,object_id\n0,question-answer,z1,e1,2021-06-02T10:44:54.000Z,q1\n';
    await world.drop('answers/one.csv', one);
    await world.drop('answers/other.csv.gz', gzipSync(other));
    await world.drop(
      'answers/three.ndjson',
      `{"participant_id":"z1","event_id":"e1","created_at":"2021-06-02T10:44:54Z","object_id":"q1"}\n`,
    );
    await untilDone(3);
    const rows = await world.rows('answers');
    expect(rows).toHaveLength(3);
    expect(new Set(rows.map((row) => row['_key'])).size).toBe(1);
    expect(rows.map((row) => [row['anonymous'], row['type']])).toEqual(Array(3).fill([true, 'question-answer']));
  });

  it('with malformed lines go on; the lines are in the rejected lane with line, reason and sealed bytes', async () => {
    await world.start();
    const [good = '', better = ''] = answers(2);
    const lines = [HEADER, good, 'too,few', `${better},1`, 'x,False,"open', 'u1,False,,q1,2021-06-02 10:44:54', better];
    await world.drop('answers/dirty.csv', lines.join('\n'));
    const [record] = await untilDone(1);
    expect(record).toMatchObject({ rows: 2, rejected: 4 });
    const rejected = (await world.rows('answers', 'rejected')).sort((a, b) =>
      String(a['place']) < String(b['place']) ? -1 : 1,
    );
    expect(rejected.map((row) => [row['place'], row['reason'], row['length']])).toEqual([
      ['line 3', 'too-few-fields', 8],
      ['line 4', 'too-many-fields', better.length + 3],
      ['line 5', 'unclosed-quote', 14],
      ['line 6', 'missing-key', 33],
    ]);
    const [line3] = rejected;
    const sealed = line3?.['sealed'];
    expect(sealed).toBeInstanceOf(Uint8Array);
    const context = `answers:${String(line3?.['_position'])}`;
    expect(Buffer.from(unseal(QUARANTINE_KEY, sealed as Uint8Array, context)).toString()).toBe('too,few');
    expect(line3?.['header']).toBe(JSON.stringify(HEADER.split(',')));
  });

  it('that cannot be read at all are refused with a reason, and the others go on', async () => {
    await world.start();
    await world.drop('answers/utf16.csv', Buffer.from(`\ufeff${HEADER}\n`, 'utf16le'));
    await world.drop('answers/headless.csv', `${answers(3).join('\n')}\n`);
    await world.drop('answers/broken.csv.gz', gzipSync([HEADER, ...answers(50)].join('\n')).subarray(0, 200));
    await world.drop('answers/good.csv', [HEADER, ...answers(5)].join('\n'));
    const all = await untilDone(4);
    const byKey = Object.fromEntries(
      all.map(({ keys, status, reason }) => [keys[0], `${status} ${reason ?? ''}`.trim()]),
    );
    expect(byKey).toEqual({
      'answers/utf16.csv': 'refused encoding-utf-16',
      'answers/headless.csv': 'refused header-without-key',
      'answers/broken.csv.gz': 'refused gzip-corrupt',
      'answers/good.csv': 'done',
    });
    const reasons = (await world.rows('answers', 'rejected')).map((row) => row['reason']);
    expect(reasons).toEqual(expect.arrayContaining(['encoding-utf-16', 'header-without-key', 'gzip-corrupt']));
  });

  it('that are still being written are not read half', async () => {
    const path = join(world.folder.path, 'drops', 'answers', 'slow.csv');
    await world.drop('answers/slow.csv', `${HEADER}\n`);
    await world.start();
    const lines = answers(40);
    for (const line of lines) {
      // In two halves, faster than a poll.
      await appendFile(path, line.slice(0, 20));
      await new Promise((resolve) => setTimeout(resolve, 10));
      await appendFile(path, `${line.slice(20)}\n`);
    }
    const whole = [HEADER, ...lines, ''].join('\n');
    await until(
      async () => (await records('answers')).some(({ size, status }) => size === whole.length && status === 'done'),
      {
        what: 'the whole file to be read',
      },
    );
    expect(await world.rows('answers', 'rejected')).toEqual([]);
  });

  it('are read by one of two services at a time, and nothing is done twice', async () => {
    await world.drop('answers/big.csv', [HEADER, ...answers(120_000)].join('\n'));
    await Promise.all([world.start(), world.start()]);
    const [record] = await untilDone(1);
    expect(record).toMatchObject({ rows: 120_000, batches: 3 });
    const announced = await world.announced();
    expect(announced).toHaveLength(3);
    expect(new Set(announced).size).toBe(3);
    expect(await world.rows('answers')).toHaveLength(120_000);
  });

  it('give positions of the content: first-seen point and physical line', async () => {
    await world.start();
    await world.drop('answers/a.csv', [HEADER, '', ...answers(3)].join('\n'));
    const [record] = await untilDone(1);
    const prefix = `0000-${BigInt(record?.point ?? 0)
      .toString(16)
      .padStart(16, '0')}-`;
    const positions = (await world.rows('answers')).map((row) => row['_position']);
    expect(positions).toEqual([3, 4, 5].map((line) => `${prefix}0000000${line}`));
  });

  it('are left where they are', async () => {
    await world.start();
    const file = [HEADER, ...answers(3)].join('\n');
    await world.drop('answers/a.csv', file);
    await untilDone(1);
    expect(await readFile(join(world.folder.path, 'drops/answers/a.csv'), 'utf8')).toBe(file);
  });

  it.skipIf(!existsSync(SAMPLE))('take the sample of the quiz platform: 10,171 rows, under any name', async () => {
    await world.start();
    await world.drop('answers/sample.csv', readFileSync(SAMPLE));
    const [record] = await untilDone(1);
    expect(record).toMatchObject({ rows: 10_171, rejected: 0 });
    const folder = join(world.folder.path, 'drops', 'answers');
    await copyFile(join(folder, 'sample.csv'), join(folder, 'copy.csv.part'));
    await rename(join(folder, 'copy.csv.part'), join(folder, 'copy.csv'));
    await until(async () => (await records('answers'))[0]?.keys.length === 2, { what: 'the copy to be noted' });
    expect((await world.current('answers', (row) => String(row['_key']))).size).toBe(10_171);
    expect(await world.rows('answers')).toHaveLength(10_171);
  });
});
