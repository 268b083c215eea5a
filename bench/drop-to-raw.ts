import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Figure } from './bench.ts';
import { openBenchStage, ROWS_IN, type BenchStage } from './bench-stage.ts';

const ROWS = 1_000_000;

/** A dropped CSV file of a million answers until its last row is committed in raw, against `COPY` of the same file into a keyed table. */
export async function benchDrop(): Promise<Figure> {
  await using stage = await openBenchStage();
  const file = join(stage.dir, 'answers.csv');
  await pipeline(Readable.from(csvLines()), createWriteStream(file));
  await Promise.all([stage.platform.start('ingest-logs'), stage.platform.start('warehouse-loader')]);
  const yardstick = await copySeconds(stage, file);

  const folder = join(stage.platform.dropsDir, 'answers');
  await mkdir(folder, { recursive: true });
  const started = performance.now();
  await rename(file, join(folder, 'answers.csv'));
  await stage.reaches(ROWS_IN('answers'), ROWS);
  const seconds = (performance.now() - started) / 1000;
  const rows = await stage.count('SELECT count(*) AS n FROM analytics.answers');
  if (rows !== ROWS) throw new Error(`${rows} rows in analytics.answers, ${ROWS} in the file`);
  const bytes = (await stat(join(folder, 'answers.csv'))).size;
  return {
    name: 'CSV drop -> raw',
    against: 'COPY of the same file into a keyed table',
    value: yardstick / seconds,
    atLeast: 0.25,
    aim: 0.6,
    notes: [
      `${ROWS} rows, ${Math.round(bytes / 1e6)} MB: ${perSecond(seconds)} rows/s, with sessions; COPY ${perSecond(yardstick)} rows/s`,
      `peak memory: ingest-logs ${await stage.peakMiB('ingest-logs')} MiB, warehouse-loader ${await stage.peakMiB('warehouse-loader')} MiB`,
    ],
  };
}

async function copySeconds(stage: BenchStage, file: string): Promise<number> {
  const client = await stage.pool.connect();
  try {
    await client.query(
      `CREATE TABLE yardstick ("user" text, anonymous boolean, event_id text, question_id text, sent_at timestamptz,
        PRIMARY KEY ("user", event_id, question_id, sent_at))`,
    );
    const started = performance.now();
    await pipeline(
      createReadStream(file),
      client.query(copyFrom('COPY yardstick FROM STDIN (FORMAT csv, HEADER true)')),
    );
    const seconds = (performance.now() - started) / 1000;
    await client.query('DROP TABLE yardstick');
    return seconds;
  } finally {
    client.release();
  }
}

/** 2,000 teaching events in two sessions of 250 answers each, one after the other as a log has them, within a session out of order. */
function* csvLines(): Generator<string> {
  yield 'user,anonymous,event_id,question_id,sent_at\r\n';
  const start = Date.UTC(2026, 0, 1, 8);
  let lines = '';
  for (let row = 0; row < ROWS; row++) {
    const session = Math.floor(row / 250);
    const nth = (row * 97) % 250;
    const user = hex24(0x650000 + ((row * 7_919) % 60_000));
    const at = new Date(start + session * 3_600_000 + nth * 6_000 + (row % 7) * 100);
    const sentAt = at.toISOString().slice(0, 19).replace('T', ' ');
    lines += `${user},False,${hex24(0x630000 + (session % 2_000))},${hex24(0x640000 + (nth % 4))},${sentAt}\r\n`;
    if (lines.length > 65_536) {
      yield lines;
      lines = '';
    }
  }
  yield lines;
}

function hex24(value: number): string {
  return value.toString(16).padStart(6, '0') + 'c0ffee0123456789ab';
}

function perSecond(seconds: number): number {
  return Math.round(ROWS / seconds);
}
