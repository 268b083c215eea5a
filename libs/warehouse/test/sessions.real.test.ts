import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseValue } from '@rollcall/catalog';
import { loadGroup, warehouseDigest } from '../src/index.js';
import { answerRow, ANSWERS, answersYaml, byId, sessionsIn } from './answers.js';
import { datasetOf, rowsBatch } from './batches.js';
import { gapSessions, halfDaySessions, type NaiveRow } from './naive-sessions.js';
import { testWarehouse } from './test-warehouse.js';

const SAMPLE = new URL('../../../../shared/data/answers/', import.meta.url);

/** Answers of few events, dense enough that sessions grow, meet and split. */
const answer = fc.record({
  by: fc.constantFrom('e1', 'e2'),
  at: fc
    .oneof(
      fc.integer({ min: 0, max: 400 }).map((minutes) => minutes * 11),
      fc.integer({ min: 0, max: 3000 }),
    )
    .map((m) => BigInt(1_630_000_000 + m * 60) * 1_000_000n + 123_456n),
  participant: fc.constantFrom('p1', 'p2', 'p3'),
  question: fc.constantFrom('q1', 'q2'),
});
const unique = (rows: readonly NaiveRow[]): readonly NaiveRow[] => [
  ...new Map(rows.map((row) => [`${row.by} ${row.at} ${row.participant} ${row.question}`, row])).values(),
];

describe('derived sessions', () => {
  it('equal a naive recomputation after every load, whatever the order, the cuts, the repetitions and the deletions', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    for (const zone of ['UTC', 'America/Sao_Paulo']) {
      const dataset = { ...datasetOf(answersYaml(zone)) };
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(answer, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 }),
          fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
          async (batches, dice) => {
            await warehouse.session(async (session) => {
              for (const table of [
                'raw.answers',
                'analytics.answer_session',
                'ops.batch',
                'ops.load',
                'ops.quarantine',
                'ops.floor',
                'ops.held',
              ]) {
                await session.run(
                  `DO $$ BEGIN IF to_regclass('${table}') IS NOT NULL THEN TRUNCATE ${table} CASCADE; END IF; END $$`,
                );
              }
            });
            let standing = new Map<string, NaiveRow>();
            for (const [point, rows] of batches.entries()) {
              const written = rows.map((row, index) => ({
                row,
                index,
                op: (dice.next().value ?? 1) < 0.2 ? ('d' as const) : ('u' as const),
              }));
              for (const { row, op } of written) {
                const id = `${row.by} ${row.at} ${row.participant} ${row.question}`;
                if (op === 'd') standing.delete(id);
                else standing.set(id, row);
              }
              const batch = () =>
                rowsBatch(
                  dataset,
                  written.map(({ row, index, op }) => answerRow(row, point + 1, index, op)),
                );
              await loadGroup(warehouse, dataset, [batch()]);
              await loadGroup(warehouse, dataset, [batch()]);
              const now = [...standing.values()];
              expect(byId(await sessionsIn(warehouse))).toEqual(
                byId([...gapSessions(now, 1_800), ...halfDaySessions(now, 13, zone)]),
              );
            }
            standing = new Map();
          },
        ),
        { numRuns: 15 },
      );
    }
  });

  it('are the same, with the same ids, for any permutation and any cut of the same answers', async () => {
    await using quiet = await testWarehouse();
    await using shuffled = await testWarehouse();
    const rows = unique(fc.sample(answer, { numRuns: 300, seed: 7 }));
    const staged = rows.map((row, index) => answerRow(row, 1, index));
    await loadGroup(quiet.warehouse, ANSWERS, [rowsBatch(ANSWERS, staged)]);
    const mixed =
      fc.sample(fc.shuffledSubarray(staged, { minLength: staged.length }), { numRuns: 1, seed: 11 })[0] ?? [];
    for (let from = 0; from < mixed.length; from += 43) {
      await loadGroup(shuffled.warehouse, ANSWERS, [rowsBatch(ANSWERS, mixed.slice(from, from + 43))]);
    }
    expect(await warehouseDigest(shuffled.warehouse)).toEqual(await warehouseDigest(quiet.warehouse));
  });

  it('keep the ids they had when a late earlier answer renames or joins them', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const at = (minute: number): NaiveRow => ({
      by: 'e',
      at: BigInt(1_630_000_000 + minute * 60) * 1_000_000n,
      participant: 'p',
      question: 'q',
    });
    const load = (point: number, ...minutes: number[]) =>
      loadGroup(warehouse, ANSWERS, [
        rowsBatch(
          ANSWERS,
          minutes.map((minute, index) => answerRow(at(minute), point, index)),
        ),
      ]);
    const ids = () =>
      warehouse.query<{ session_id: string; previous_ids: string[] }>(
        `SELECT session_id, previous_ids FROM analytics.answer_session WHERE mode = 'gap' ORDER BY first_at`,
      );
    await load(1, 100, 110);
    await load(2, 160);
    const [first, second] = await ids();
    expect(first?.previous_ids).toEqual([]);
    await load(3, 135, 80);
    expect(await ids()).toEqual([
      { session_id: 'e_20210826T190640Z', previous_ids: [first?.session_id, second?.session_id].sort() },
    ]);
    expect(await warehouse.query(`SELECT DISTINCT session_id FROM analytics.answers`)).toEqual([
      { session_id: 'e_20210826T190640Z' },
    ]);
  });

  it('give the 24 and 23 sessions of the real answers log', async ({ skip }) => {
    if (!existsSync(SAMPLE)) skip('../shared/data/answers is not here');
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const lines = readFileSync(new URL('sample.csv', SAMPLE), 'utf8')
      .split('\r\n')
      .slice(1)
      .filter((line) => line !== '');
    const rows = lines.map((line, index) => {
      const [participant = '', , by = '', question = '', sentAt = ''] = line.split(',');
      const parsed = parseValue({ name: 'timestamptz' }, sentAt);
      return answerRow(
        { by, participant, question, at: parsed.ok && typeof parsed.value === 'bigint' ? parsed.value : 0n },
        1,
        index,
      );
    });
    const loaded = await loadGroup(warehouse, ANSWERS, [rowsBatch(ANSWERS, rows)]);
    expect(loaded.load?.counts).toMatchObject({ in: 10_171, merged: 10_171 });
    const gap = await warehouse.query(
      `SELECT event_id || ',' || row_number() OVER (PARTITION BY event_id ORDER BY first_at) || ',' || answers || ',' || participants || ',' || questions || ',' || to_char(first_at, 'YYYY-MM-DD HH24:MI:SS') || ',' || to_char(last_at, 'YYYY-MM-DD HH24:MI:SS') AS line
       FROM analytics.answer_session WHERE mode = 'gap'`,
    );
    const half = await warehouse.query(
      `SELECT session_id || ',' || event_id || ',' || answers || ',' || participants || ',' || questions || ',' || to_char(first_at, 'YYYY-MM-DD HH24:MI:SS') || ',' || to_char(last_at, 'YYYY-MM-DD HH24:MI:SS') AS line
       FROM analytics.answer_session WHERE mode = 'half_day'`,
    );
    const expected = (file: string) =>
      readFileSync(new URL(file, SAMPLE), 'utf8').trim().split(/\r?\n/).slice(1).sort();
    const sortedLines = (found: readonly object[]) => found.map((row) => String(Reflect.get(row, 'line'))).sort();
    expect(sortedLines(gap)).toEqual(expected('sample_sessions_gap30min_24.csv'));
    expect(sortedLines(half)).toEqual(expected('sample_sessions_halfday_rule_23.csv'));
  });
});
