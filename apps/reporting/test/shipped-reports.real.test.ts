import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom, until, type SeededRandom } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { engineBed, type EngineBed, type SourceRecord } from './engine-bed.js';
import {
  answersPerSession,
  dailyEvents,
  sessionsPerUserMonth,
  shopActivity,
  type Answer,
  type AppEvent,
  type Transaction,
} from './naive-reports.js';

/** Real answers of a quiz platform, kept beside the project where there is a licence to have them. */
const SAMPLE = join(import.meta.dirname, '../../../../shared/data/answers/sample.csv');
const present = existsSync(SAMPLE);

const NAMES = ['answers_per_session', 'daily_events_by_platform', 'sessions_per_user_month', 'shop_activity'] as const;

describe('the reports of this repository equal what plain code counts', () => {
  it('over random answers, with repeats and deletions, in many loads', async () => {
    await using bed = await engineBed();
    const random = seededRandom();
    const answers = randomAnswers(random, 3_000);
    await bed.shipped(...NAMES);
    await using running = bed.start();
    for (let from = 0; from < answers.length; from += 700) {
      await bed.load('answers', answers.slice(from, from + 700).map(recordOf));
      running.engine.loaded('answers');
    }
    const gone = random.shuffle(answers).slice(0, 200);
    await bed.load('answers', gone.map(recordOf), { op: 'd' });
    running.engine.loaded('answers');
    const keys = new Set(gone.map(keyOf));
    await compareAnswers(
      bed,
      running.engine,
      answers.filter((answer) => !keys.has(keyOf(answer))),
    );
  });

  it('over random events', async () => {
    await using bed = await engineBed();
    const random = seededRandom();
    const events = randomEvents(random, 2_000);
    await bed.shipped(...NAMES);
    await using running = bed.start();
    for (let from = 0; from < events.length; from += 900) {
      const part = events.slice(from, from + 900).map(({ id, event, timestamp, platform }) => ({
        id,
        event,
        timestamp,
        received_at: timestamp ?? '2026-03-01T00:00:00Z',
        ...(platform !== null && { context_device_type: platform }),
      }));
      await bed.load('app_events', part);
      running.engine.loaded('app_events');
    }
    await until(async () => (await settled(bed, 'daily_events_by_platform')) && running.engine.ready, {
      what: 'the refresh of the last load',
    });
    expect(
      await bed.rows('SELECT event, day, platform, events FROM report.daily_events_by_platform ORDER BY 1, 2, 3'),
    ).toEqual(dailyEvents(events));
  });

  it('over random transactions of a shop, of which some change and some go', async () => {
    await using bed = await engineBed();
    const random = seededRandom();
    const standing = new Map(randomTransactions(random, 2_000).map((one) => [one.id, one]));
    await bed.shipped('shop_activity');
    await using running = bed.start();
    await bed.load('transactions', [...standing.values()].map(shopRecordOf));
    running.engine.loaded('transactions');
    const changed = random.shuffle(randomTransactions(random, 2_000)).slice(0, 300);
    await bed.load('transactions', changed.map(shopRecordOf));
    for (const one of changed) standing.set(one.id, one);
    const gone = random.shuffle([...standing.values()]).slice(0, 200);
    await bed.load('transactions', gone.map(shopRecordOf), { op: 'd' });
    for (const { id } of gone) standing.delete(id);
    running.engine.loaded('transactions');
    await until(async () => (await settled(bed, 'shop_activity')) && running.engine.ready, {
      what: 'the refresh of the last load',
    });
    const rows = await bed.rows(
      `SELECT day::text, transaction_type, transactions::text, users::text, amount::text, average_amount::text
       FROM report.shop_activity ORDER BY 1, 2`,
    );
    expect(rows.length).toBeGreaterThan(20);
    expect(rows).toEqual(shopActivity([...standing.values()]));
  });

  it.skipIf(!present)(`over a real log${present ? '' : ' (skipped: ../shared/data/answers is absent)'}`, async () => {
    await using bed = await engineBed();
    const answers = sampleAnswers();
    await bed.shipped(...NAMES);
    await bed.load('answers', answers.map(recordOf));
    await using running = bed.start();
    await compareAnswers(bed, running.engine, answers);
    expect(
      await bed.rows(
        `SELECT mode, count(*)::int AS n, sum(answers)::int AS answers FROM report.answers_per_session GROUP BY 1 ORDER BY 1`,
      ),
    ).toEqual([
      { mode: 'gap', n: 24, answers: 10_171 },
      { mode: 'half_day', n: 23, answers: 10_171 },
    ]);
  });
});

async function compareAnswers(
  bed: EngineBed,
  engine: { readonly ready: boolean },
  answers: readonly Answer[],
): Promise<void> {
  for (const name of ['answers_per_session', 'sessions_per_user_month'] as const)
    await until(async () => engine.ready && (await settled(bed, name)), {
      what: `${name} to be computed of the last load`,
    });
  const sessions = await bed.rows(
    `SELECT mode, session_id, event_id, answers::int, participants::int, questions::int,
            (extract(epoch FROM first_at) * 1000)::bigint::float8 AS first, (extract(epoch FROM last_at) * 1000)::bigint::float8 AS last
     FROM report.answers_per_session ORDER BY mode, session_id COLLATE "C"`,
  );
  expect(sessions).toEqual(answersPerSession(answers));
  const months = await bed.rows(
    `SELECT month, participant_id, sessions::int, answers::int, activity_rank::int, users::int, top_10_percent
     FROM report.sessions_per_user_month ORDER BY month, activity_rank`,
  );
  expect(months).toEqual(sessionsPerUserMonth(answers));
}

/** The newest load is in the served state. */
async function settled(bed: EngineBed, report: string): Promise<boolean> {
  const [row] = await bed.rows<{ done: boolean }>(
    `SELECT bool_and(i.value ->> 'load' IS NOT DISTINCT FROM (SELECT load_id FROM ops.load l WHERE l.dataset = i.key ORDER BY loaded_at DESC LIMIT 1)) AS done
     FROM ops.report r, jsonb_each(r.inputs -> 'datasets') i WHERE r.report = $1`,
    [report],
  );
  return row?.done === true;
}

const recordOf = ({ participant, event, question, at }: Answer): SourceRecord => ({
  participant_id: participant,
  event_id: event,
  object_id: question,
  created_at: new Date(at).toISOString(),
});
const keyOf = ({ participant, event, question, at }: Answer): string => `${participant} ${event} ${question} ${at}`;

/** Bursts around some moments, so that there are sessions, also over midnight and the end of a month. */
function randomAnswers(random: SeededRandom, count: number): readonly Answer[] {
  const bursts = Array.from({ length: 40 }, () =>
    Date.UTC(2026, random.below(3), 28 + random.below(5), random.below(24)),
  );
  const all = Array.from({ length: count }, (): Answer => ({
    participant: random.below(4) === 0 ? `z${random.below(50)}` : `u${random.below(80)}`,
    event: `event-${random.below(6)}`,
    question: `q${random.below(12)}`,
    at: random.pick(bursts) + random.below(100) * 60_000,
  }));
  return [...new Map(all.map((answer) => [keyOf(answer), answer])).values()];
}

function randomEvents(random: SeededRandom, count: number): readonly AppEvent[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `id-${at}`,
    event: random.below(40) === 0 ? null : random.pick(['app_open', 'submission_success', 'Ärger', 'a"quote']),
    timestamp: new Date(Date.UTC(2026, 1, 20 + random.below(15), random.below(24), random.below(60))).toISOString(),
    platform: random.pick(['android', 'ios', null]),
  }));
}

/** Few days, so that a day has many; now and then no type, or no time. */
function randomTransactions(random: SeededRandom, count: number): readonly Transaction[] {
  return Array.from({ length: count }, (_, at) => ({
    id: at + 1,
    user: 1 + random.below(60),
    cents: BigInt(1_000 + random.below(999_001)),
    type: random.below(50) === 0 ? null : random.pick(['purchase', 'refund', 'transfer', 'payment']),
    at:
      random.below(50) === 0
        ? null
        : `2026-03-0${1 + random.below(9)} ${random.pick(['00:00:00', '12:34:56', '23:59:59'])}`,
  }));
}

const shopRecordOf = ({ id, user, cents, type, at }: Transaction): SourceRecord => ({
  id,
  user_id: user,
  amount: `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`,
  transaction_type: type,
  created_at: at,
  updated_at: '2026-03-20T00:00:00Z',
});

function sampleAnswers(): readonly Answer[] {
  const [header = '', ...lines] = readFileSync(SAMPLE, 'utf8').trimEnd().split(/\r?\n/);
  const names = header.split(',');
  const all = lines.map((line): Answer => {
    const record = Object.fromEntries(line.split(',').map((value, at) => [names[at] ?? '', value]));
    const pick = (...of: readonly string[]): string => of.map((name) => record[name]).find(Boolean) ?? '';
    return {
      participant: pick('participant_id', 'user').trim(),
      event: pick('event_id'),
      question: pick('object_id', 'question_id'),
      at: Date.parse(`${pick('created_at', 'sent_at').replace(' ', 'T')}Z`),
    };
  });
  return [...new Map(all.map((answer) => [keyOf(answer), answer])).values()];
}
