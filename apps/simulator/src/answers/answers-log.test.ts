import { describe, expect, it } from 'vitest';
import type { Answer } from './answer.js';
import { answersLog, populationFor, type AnswersPlan } from './answers-log.js';
import { answersText } from './answers-text.js';

const DAY_MS = 86_400_000;
const TO = Date.parse('2026-09-01T00:00:00Z');
const YEAR: AnswersPlan = {
  peopleSeed: 'school',
  people: populationFor(40_000),
  seed: 'year',
  schema: 'participant',
  fromMs: TO - 365 * DAY_MS,
  toMs: TO,
  rows: 40_000,
  duplicateShare: 0.005,
};

const keyOf = (a: Answer) => [a.participant, a.event, a.question, a.atMs].join();
const halfDayOf = (a: Answer) => {
  const iso = new Date(a.atMs).toISOString();
  return `${a.event}_${iso.slice(0, 10)}_${Number(iso.slice(11, 13)) < 13 ? 'Morning' : 'Afternoon'}`;
};

/** Sessions by the rule itself: per event by time, a pause above 30 minutes starts another. */
function sessionsByPause(rows: readonly Answer[]): readonly { readonly answer: Answer; readonly session: string }[] {
  const sorted = [...rows].sort((a, b) => (a.event === b.event ? a.atMs - b.atMs : a.event < b.event ? -1 : 1));
  const out: { answer: Answer; session: string }[] = [];
  for (const answer of sorted) {
    const last = out.at(-1);
    const goes = last?.answer.event === answer.event && answer.atMs - last.answer.atMs <= 30 * 60_000;
    out.push({ answer, session: goes && last ? last.session : `${answer.event}_${answer.atMs}` });
  }
  return out;
}

describe('answersLog', () => {
  const year = answersLog(YEAR);

  it('gives the same log for the same plan, and other answers of the same people for another seed', () => {
    const small: AnswersPlan = { ...YEAR, rows: 2_000 };
    expect(answersLog(small)).toEqual(answersLog(small));
    const other = answersLog({ ...small, seed: 'other' });
    const first = answersLog(small);
    expect(other.rows).not.toEqual(first.rows);
    const known = new Set(first.rows.map((row) => row.participant).filter((id) => !id.startsWith('z')));
    expect(other.rows.filter((row) => known.has(row.participant)).length).toBeGreaterThan(300);
  });

  it('tallies exactly what stands in it', () => {
    const { rows, tally } = year;
    const keys = new Set(rows.map(keyOf));
    expect(tally).toEqual({
      rows: rows.length,
      distinctAnswers: keys.size,
      duplicates: rows.length - keys.size,
      sessions: new Set(sessionsByPause(rows).map((s) => s.session)).size,
      events: new Set(rows.map((row) => row.event)).size,
      participants: new Set(rows.map((row) => row.participant)).size,
      anonymousAnswers: new Set(rows.filter((row) => row.participant.startsWith('z')).map(keyOf)).size,
    });
    expect(Math.abs(tally.rows - 40_000)).toBeLessThan(600);
    expect(tally.duplicates).toBeGreaterThan(120);
  });

  it('brings users back: several sessions in a month for some, many over the year', () => {
    const perMonth = new Map<string, Set<string>>();
    for (const { answer, session } of sessionsByPause(year.rows)) {
      const key = `${answer.participant}/${new Date(answer.atMs).toISOString().slice(0, 7)}`;
      perMonth.set(key, (perMonth.get(key) ?? new Set()).add(session));
    }
    const counts = [...perMonth.values()].map((sessions) => sessions.size);
    expect(Math.max(...counts)).toBeGreaterThanOrEqual(4);
    expect(counts.filter((count) => count >= 2).length).toBeGreaterThan(500);
    expect(new Set([...perMonth.keys()].map((key) => key.slice(-7))).size).toBeGreaterThanOrEqual(12);
  });

  it('reuses events on several days and in both halves of a day, and the half day differs from the pause', () => {
    const days = new Map<string, Set<string>>();
    for (const row of year.rows) days.set(row.event, (days.get(row.event) ?? new Set()).add(halfDayOf(row).slice(25)));
    const several = [...days.values()].filter((halves) => halves.size >= 3);
    expect(several.length).toBeGreaterThan(days.size / 2);
    expect([...days.values()].some((halves) => [...halves].some((half) => half.endsWith('Morning')))).toBe(true);
    expect([...days.values()].some((halves) => [...halves].some((half) => half.endsWith('Afternoon')))).toBe(true);
    expect(new Set(year.rows.map(halfDayOf)).size).not.toBe(year.tally.sessions);
  });

  it('is not in the order of time and stays inside its stretch', () => {
    const back = year.rows.filter((row, index) => row.atMs < (year.rows[index - 1]?.atMs ?? 0)).length;
    expect(back).toBeGreaterThan(year.rows.length / 3);
    expect(year.rows.filter(({ atMs }) => atMs < YEAR.fromMs || atMs >= YEAR.toMs)).toEqual([]);
  });

  it('ends with fewer rows when there is no room for more', () => {
    const hour = answersLog({ ...YEAR, people: { teachers: 2, students: 50 }, fromMs: TO - 3_600_000, rows: 1e6 });
    expect(hour.tally.rows).toBeGreaterThan(100);
    expect(hour.tally.rows).toBeLessThan(5_000);
  });
});

describe('answersText', () => {
  const text = (plan: AnswersPlan, format: 'csv' | 'ndjson') =>
    [...answersText(answersLog(plan).rows, plan.schema, format)].join('');
  const user: AnswersPlan = { ...YEAR, rows: 6_000, schema: 'user' };
  const participant: AnswersPlan = { ...YEAR, rows: 6_000 };

  it('writes the first schema: CRLF, seconds without a zone, anonymous by the shape of the id', () => {
    const lines = text(user, 'csv').split('\r\n');
    expect(lines[0]).toBe('user,anonymous,event_id,question_id,sent_at');
    expect(lines.pop()).toBe('');
    const shape = /^([0-9a-f]{24},False|z[0-9a-z]{4},True),[0-9a-f]{24},[0-9a-f]{24},\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
    expect(lines.slice(1).filter((line) => !shape.test(line))).toEqual([]);
    expect(lines.some((line) => line.startsWith('z'))).toBe(true);
  });

  it('writes the second schema: both time formats, three shapes of participants, repeats exact', () => {
    const lines = text(participant, 'csv').trimEnd().split('\n').slice(1);
    const shape = /^question-answer,([0-9a-f]{24}|z\d{8,13}|\+[0-9a-f]{62}),[0-9a-f]{24},(\S+Z),[0-9a-f]{24}$/;
    const seen = { plain: 0, millis: 0, opaque: 0 };
    for (const line of lines) {
      const [, who = '', when = ''] = shape.exec(line) ?? expect.fail(`odd line: ${line}`);
      seen[/\.\d{3}Z$/.test(when) ? 'millis' : 'plain'] += 1;
      if (who.startsWith('+')) seen.opaque += 1;
    }
    expect(Math.abs(seen.plain / lines.length - 0.5)).toBeLessThan(0.05);
    expect(seen.opaque).toBeGreaterThan(20);
    const { tally } = answersLog(participant);
    expect(lines).toHaveLength(tally.rows);
    expect(new Set(lines).size).toBe(tally.distinctAnswers);
  });

  it('writes the same rows as NDJSON', () => {
    const objects = text(user, 'ndjson')
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(objects).toHaveLength(answersLog(user).tally.rows);
    expect(Object.keys(objects[0] as object)).toEqual(['user', 'anonymous', 'event_id', 'question_id', 'sent_at']);
    expect((objects as { anonymous: unknown }[]).every((row) => typeof row.anonymous === 'boolean')).toBe(true);
  });
});
