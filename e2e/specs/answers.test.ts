import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '@rollcall/testkit';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../stage.js';

/** Real answers of a quiz platform, kept beside the project where there is a licence to have them. */
const SAMPLES = join(import.meta.dirname, '../../../shared/data/answers');
const present = existsSync(join(SAMPLES, 'sample.csv'));

const SESSIONS = `SELECT session_id, event_id, answers, participants, questions,
    to_char(first_at, 'YYYY-MM-DD HH24:MI:SS') AS first_at, to_char(last_at, 'YYYY-MM-DD HH24:MI:SS') AS last_at
  FROM analytics.answer_session WHERE mode = $1 ORDER BY first_at, event_id`;

describe.skipIf(!present)(`a real answers log${present ? '' : ' (skipped: ../shared/data/answers is absent)'}`, () => {
  let stage: Stage;
  let expectedGap: readonly string[][];
  let expectedHalfDay: readonly string[][];

  beforeAll(async () => {
    stage = await openStage();
    await Promise.all([stage.platform.start('ingest-logs'), stage.platform.start('warehouse-loader')]);
    await mkdir(join(stage.platform.dropsDir, 'answers'), { recursive: true });
    expectedGap = await csv('sample_sessions_gap30min_24.csv');
    expectedHalfDay = await csv('sample_sessions_halfday_rule_23.csv');
  }, 120_000);

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  it('lands as 10,171 answers in 24 sessions by gap and 23 by half day, each as counted by hand', async () => {
    await copyFile(join(SAMPLES, 'sample.csv'), join(stage.platform.dropsDir, 'answers', 'monday.csv'));
    await stage.reaches('FROM analytics.answers', 10_171);
    expect(await gapSessions(stage)).toEqual(sorted(expectedGap.map(([event, , ...counts]) => [event, ...counts])));
    expect(await halfDaySessions(stage)).toEqual(sorted(expectedHalfDay));
    expect(await stage.count(`FROM analytics.answers WHERE session_id IS NULL OR half_day_session_id IS NULL`)).toBe(0);
    expect(await stage.count('FROM analytics.answers WHERE anonymous')).toBe(1_021);
  });

  it('changes nothing when dropped again under another name, or renamed', async () => {
    const before = await stage.rows('SELECT * FROM ops.batch ORDER BY batch_id');
    const drops = join(stage.platform.dropsDir, 'answers');
    await copyFile(join(SAMPLES, 'sample.csv'), join(drops, 'copy.csv'));
    await rename(join(drops, 'monday.csv'), join(drops, 'tuesday.csv'));
    await stage.platform.rollcall('sync', 'answers');
    expect(await stage.rows('SELECT * FROM ops.batch ORDER BY batch_id')).toEqual(before);
    expect(await stage.count('FROM analytics.answers')).toBe(10_171);
  });

  it('adds only what changed when a changed file is dropped', async () => {
    const text = await readFile(join(SAMPLES, 'sample.csv'), 'utf8');
    const [, , event = '', question = ''] = text.split('\r\n')[1]?.split(',') ?? [];
    const more = `${text}znew1,True,${event},${question},2021-06-02 10:50:00\r\n`;
    await writeFile(join(stage.platform.dropsDir, 'answers', 'changed.csv'), more);
    await stage.reaches('FROM analytics.answers', 10_172);
    expect(await stage.count('FROM analytics.answers')).toBe(10_172);
    const counts = await stage.rows<{ merged: string; duplicate: string }>(
      `SELECT sum((counts->>'merged')::int) AS merged, sum((counts->>'duplicate')::int) AS duplicate FROM ops.load`,
    );
    expect(counts).toEqual([{ merged: '10172', duplicate: '10171' }]);
  });

  it('gives the same sessions with the same ids when its rows come shuffled, in seven files, in any order', async () => {
    await using other = await openStage();
    const drops = join(other.platform.dropsDir, 'answers');
    await mkdir(drops, { recursive: true });
    const [header = '', ...lines] = (await readFile(join(SAMPLES, 'sample.csv'), 'utf8')).trimEnd().split('\r\n');
    const mixed = seededRandom().shuffle(lines);
    await Promise.all([other.platform.start('ingest-logs'), other.platform.start('warehouse-loader')]);
    for (let part = 0; part < 7; part++) {
      const rows = mixed.filter((_, index) => index % 7 === part);
      await writeFile(join(drops, `part-${part}.csv`), [header, ...rows, ''].join('\n'));
    }
    await other.reaches('FROM analytics.answers', 10_171);
    expect(await gapSessions(other)).toEqual(sorted(expectedGap.map(([event, , ...counts]) => [event, ...counts])));
    expect(await halfDaySessions(other)).toEqual(sorted(expectedHalfDay));
    const ids = 'SELECT session_id FROM analytics.answer_session ORDER BY 1';
    expect(await other.rows(ids)).toEqual(await stage.rows(ids));
    expect(await other.differences()).toEqual([]);
  });
});

async function gapSessions(stage: Stage): Promise<readonly string[][]> {
  const rows = await stage.rows<Record<string, string>>(SESSIONS, ['gap']);
  return sorted(
    rows.map((r) => fields(r, ['event_id', 'answers', 'participants', 'questions', 'first_at', 'last_at'])),
  );
}

async function halfDaySessions(stage: Stage): Promise<readonly string[][]> {
  const rows = await stage.rows<Record<string, string>>(SESSIONS, ['half_day']);
  return sorted(
    rows.map((r) =>
      fields(r, ['session_id', 'event_id', 'answers', 'participants', 'questions', 'first_at', 'last_at']),
    ),
  );
}

function fields(row: Readonly<Record<string, unknown>>, names: readonly string[]): string[] {
  return names.map((name) => String(row[name]));
}

function sorted(rows: readonly (readonly (string | undefined)[])[]): string[][] {
  return rows.map((row) => row.map(String)).sort((a, b) => (a.join() < b.join() ? -1 : 1));
}

async function csv(name: string): Promise<readonly string[][]> {
  const text = await readFile(join(SAMPLES, name), 'utf8');
  return text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));
}
