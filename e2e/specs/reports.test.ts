import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { EvidenceAnswer, RecordAnswer, Row, RowsAnswer } from '@rollcall/reports/shown';
import { seededRandom, until } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReportingStage, sendDemo, type ReportingStage } from '../reporting-stage.js';
import { answersPerSession, sessionsPerUserMonth, type TrueRow } from '../truth/answers-truth.js';
import { dailyEventsByPlatform } from '../truth/events-truth.js';

/** Real answers of a quiz platform, kept beside the project where there is a licence to have them. */
const SAMPLE = join(import.meta.dirname, '../../../shared/data/answers/sample.csv');

/** All rows: filters that have a default are turned off. */
const EVERYTHING: Readonly<Record<string, string>> = {
  sessions_per_user_month: 'top=100',
  daily_events_by_platform: 'day=~all',
};
const SHIPPED = ['answers_per_session', 'sessions_per_user_month', 'daily_events_by_platform'] as const;
type Shipped = (typeof SHIPPED)[number];

async function truthOf(stage: ReportingStage, report: Shipped): Promise<readonly TrueRow[]> {
  switch (report) {
    case 'answers_per_session':
      return answersPerSession(await stage.answers());
    case 'sessions_per_user_month':
      return sessionsPerUserMonth(await stage.answers());
    case 'daily_events_by_platform':
      return dailyEventsByPlatform(await stage.events());
  }
}

async function servedBy(stage: ReportingStage, report: Shipped): Promise<readonly Row[]> {
  if (report !== 'answers_per_session') return stage.rows(report, EVERYTHING[report]);
  return [...(await stage.rows(report, 'mode=gap')), ...(await stage.rows(report, 'mode=half_day'))];
}

/** Rows as text in one order: int8 is text in the API and a number in the truth. */
function comparable(rows: readonly (Row | TrueRow)[]): readonly string[] {
  return rows
    .map((row) =>
      JSON.stringify(
        Object.fromEntries(
          Object.entries(row)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, value]) => [name, String(value)]),
        ),
      ),
    )
    .sort();
}

async function expectTruth(stage: ReportingStage, report: Shipped): Promise<void> {
  const truth = comparable(await truthOf(stage, report));
  // The report follows its input within seconds; what it says when that time is over is what counts.
  await until(async () => isDeepStrictEqual(comparable(await servedBy(stage, report)), truth), {
    what: `the truth in ${report}`,
    timeoutMs: 30_000,
    everyMs: 500,
  }).catch(() => undefined);
  expect(comparable(await servedBy(stage, report))).toEqual(truth);
}

describe('the shipped reports', () => {
  let stage: ReportingStage;

  beforeAll(async () => {
    stage = await openReportingStage();
    await sendDemo(stage, `e2e-${seededRandom().seed}`);
  }, 180_000);

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  it.each(SHIPPED)('%s says what its input says, to the row', async (report) => {
    const truth = await truthOf(stage, report);
    expect(truth.length).toBeGreaterThan(20);
    await expectTruth(stage, report);
  });

  it.each([1, 10, 33.5, 100])(
    'the top %s percent are floor(users x share) of each month, at least one',
    async (share) => {
      const served = await stage.rows('sessions_per_user_month', `top=${share}`);
      const truth = sessionsPerUserMonth(await stage.answers());
      const kept = truth.filter(
        (row) => Number(row['activity_rank']) <= Math.max(1, Math.floor((Number(row['users']) * share) / 100)),
      );
      expect(comparable(served)).toEqual(comparable(kept));
    },
  );

  it.each(SHIPPED)(
    'evidence of 50 random rows of %s ends at records whose values reproduce the row',
    async (report) => {
      const random = seededRandom();
      const { grain } = await stage.describe(report);
      const rows = random.shuffle([...(await servedBy(stage, report))]).slice(0, 50);
      for (const row of rows) {
        const key = new URLSearchParams(Object.fromEntries(grain.map((column) => [column, String(row[column])])));
        const evidence = await stage.json<EvidenceAnswer>(`/api/v1/reports/${report}/evidence?${key}&limit=1000`);
        expect(evidence.row).toEqual(row);
        for (const input of evidence.inputs) {
          expect(input.proofs.length).toBeGreaterThan(0);
          expect(input.proofs.filter((proof) => !proof.agrees)).toEqual([]);
          const one = random.pick(input.rows);
          const record = await stage.json<RecordAnswer>(
            `/api/v1/records/${input.dataset}/${one.batch}/${one.position}`,
          );
          expect(record.fields.filter((field) => field.differs)).toEqual([]);
          expect(record.batch.key).toBe(one.object);
          expectReproduces(report, row, record);
        }
      }
    },
    120_000,
  );

  it('gives the same rows as CSV and Parquet as it does as JSON', async () => {
    const json = await stage.json<RowsAnswer>('/api/v1/reports/daily_events_by_platform/rows?limit=1000&day=~all');
    const response = await stage.get('/api/v1/reports/daily_events_by_platform/rows.csv?day=~all');
    expect(response.headers.get('content-type')).toContain('text/csv');
    const [header, ...lines] = (await response.text()).trimEnd().split('\r\n');
    expect(header).toBe('event,day,platform,events');
    expect(lines.sort()).toEqual(json.rows.map((row) => Object.values(row).join(',')).sort());
  });
});

describe.skipIf(!existsSync(SAMPLE))(
  `the shipped reports on a real answers log${existsSync(SAMPLE) ? '' : ' (skipped: ../shared/data/answers is absent)'}`,
  () => {
    it('say what the log says', async () => {
      await using stage = await openReportingStage();
      const folder = join(stage.stage.platform.dropsDir, 'answers');
      await mkdir(folder, { recursive: true });
      await copyFile(SAMPLE, join(folder, 'sample.csv'));
      await stage.stage.reaches('FROM analytics.answers', 10_171);
      await expectTruth(stage, 'answers_per_session');
      await expectTruth(stage, 'sessions_per_user_month');
      expect(await stage.rows('answers_per_session', 'mode=gap')).toHaveLength(24);
      expect(await stage.rows('answers_per_session', 'mode=half_day')).toHaveLength(23);
      expect(await stage.rows('sessions_per_user_month')).toHaveLength(186);
    }, 180_000);
  },
);

/** The record belongs to the row: its own values lead to the row's grain. */
function expectReproduces(report: Shipped, row: Row, record: RecordAnswer): void {
  const value = (name: string): string => String(record.fields.find((field) => field.name === name)?.lake ?? '');
  switch (report) {
    case 'answers_per_session':
      expect(value('event_id')).toBe(row['event_id']);
      expect(value('created_at') >= String(row['first_at']) && value('created_at') <= String(row['last_at'])).toBe(
        true,
      );
      return;
    case 'sessions_per_user_month':
      expect(value('participant_id')).toBe(row['participant_id']);
      expect(`${value('created_at').slice(0, 7)}-01`).toBe(row['month']);
      return;
    case 'daily_events_by_platform':
      expect(value('event')).toBe(row['event']);
      expect(value('timestamp').slice(0, 10)).toBe(row['day']);
      expect(value('context_device_type')).toBe(row['platform']);
      return;
  }
}
