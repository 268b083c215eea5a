import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadGroup, type StagedBatch, type Warehouse } from '../src/index.js';
import { datasetOf } from './batches.js';
import { NaiveSource, type Statement, type Transaction } from './naive-source.js';
import { naiveHistory, naiveKeyless, naiveRaw } from './naive-warehouse.js';
import { testWarehouse } from './test-warehouse.js';

const dataset = (key: string, history: string) =>
  datasetOf(`
source: desk
kind: postgres
connection: DESK_URL
datasets:
  people:
    capture: { mode: log }
    history: ${history}
    key: [${key}]
    contract: { types: quarantine }
    columns: { team: { type: text }, id: { type: int8 }, name: { type: text }, amount: { type: numeric } }
`);

const statement: fc.Arbitrary<Statement> = fc.record({
  kind: fc.oneof(
    { weight: 5, arbitrary: fc.constant('insert' as const) },
    { weight: 8, arbitrary: fc.constant('update' as const) },
    { weight: 5, arbitrary: fc.constant('move' as const) },
    { weight: 2, arbitrary: fc.constant('delete' as const) },
    { weight: 1, arbitrary: fc.constant('truncate' as const) },
  ),
  id: fc.integer({ min: 1, max: 4 }),
  to: fc.integer({ min: 1, max: 4 }),
  amount: fc.integer({ min: 1, max: 2 }),
  name: fc.option(fc.constantFrom('x', 'y', ''), { nil: undefined }),
});

const transaction: fc.Arbitrary<Transaction> = fc.record({
  statements: fc.array(statement, { minLength: 1, maxLength: 4 }),
  at: fc.integer({ min: 1_000_000, max: 9_000_000 }),
});

const scenario = fc.integer({ min: 1, max: 10 }).chain((count) =>
  fc.record({
    transactions: fc.array(transaction, { minLength: count, maxLength: count }),
    reads: fc.uniqueArray(fc.integer({ min: 1, max: count }), { maxLength: 2 }),
    /** Where each of two extractors ended its batches. */
    cuts: fc.tuple(
      fc.uniqueArray(fc.integer({ min: 1, max: count })),
      fc.uniqueArray(fc.integer({ min: 1, max: count })),
    ),
    order: fc.infiniteStream(fc.nat({ max: 1_000_000 })),
    repeated: fc.array(fc.nat(), { maxLength: 4 }),
  }),
);

function batchesOf(source: NaiveSource, cuts: readonly (readonly number[])[]): StagedBatch[] {
  const reads = Array.from({ length: source.reads }, (_, number) => source.readBatches(number)).flat();
  const logs = cuts.flatMap((ends) => {
    const sorted = [...new Set([...ends, source.transactions])].sort((a, b) => a - b);
    return sorted.flatMap((end, at) => source.logBatch((sorted[at - 1] ?? 0) + 1, end) ?? []);
  });
  return [...reads, ...logs];
}

/** Offers all of them, in an order of its own, until nothing waits any more. */
async function deliver(
  warehouse: Warehouse,
  to: ReturnType<typeof dataset>,
  batches: readonly StagedBatch[],
  pick: () => number,
): Promise<void> {
  let open = [...batches];
  for (let round = 0; open.length > 0; round++) {
    expect(round).toBeLessThan(50);
    const shuffled = open.map((batch) => ({ batch, key: pick() })).sort((a, b) => a.key - b.key);
    const left: StagedBatch[] = [];
    for (let at = 0; at < shuffled.length;) {
      const size = 1 + (pick() % 4);
      const group = shuffled.slice(at, at + size).map(({ batch }) => batch);
      const { load, waiting } = await loadGroup(warehouse, to, group);
      if (load !== undefined) {
        const { in: rowsIn, quarantined, ...rest } = load.counts;
        expect(quarantined).toBe(0);
        expect(Object.values(rest).reduce((sum, count) => sum + count, 0)).toBe(rowsIn);
      }
      const waits = new Set(waiting.map(({ batchId }) => batchId));
      left.push(...group.filter(({ announced }) => waits.has(announced.batchId)));
      at += size;
    }
    open = left;
  }
}

async function linesOf(warehouse: Warehouse, select: string): Promise<readonly string[]> {
  return (await warehouse.query<{ line: string }>(`SELECT ${select}`)).map(({ line }) => line).sort();
}

const CONTENT = `coalesce(name, 'NULL') || '~' || coalesce(amount::text, 'NULL')`;
const MICROS = (column: string) => `coalesce((extract(epoch FROM ${column}) * 1000000)::bigint::text, '')`;

/** Positions of the versions `key|content|from|to|position` that are valid at an instant. */
function validAt(versions: readonly string[], at: bigint): readonly string[] {
  return versions
    .flatMap((line) => {
      const [, , from = '', to = '', position = ''] = line.split('|');
      return BigInt(from) <= at && (to === '' || BigInt(to) > at) ? [position] : [];
    })
    .sort();
}

async function emptied(warehouse: Warehouse): Promise<void> {
  await warehouse.session(async (session) => {
    await session.run('TRUNCATE ops.batch, ops.load, ops.floor, ops.held, ops.quarantine, ops.chain CASCADE');
    for (const table of ['raw.people', 'history._people'])
      await session.run(`DO $$ BEGIN IF to_regclass('${table}') IS NOT NULL THEN TRUNCATE ${table}; END IF; END $$`);
  });
}

describe('the log of a database', () => {
  for (const [key, histories] of [
    ['team, id', ['none', 'scd2']],
    ['', ['none']],
  ] as const) {
    for (const history of histories) {
      it(`gives what its changes give one by one, however it is cut, mixed with reads, repeated and delivered (${key === '' ? 'no key' : 'key'}, history ${history})`, async () => {
        await using fixture = await testWarehouse();
        const { warehouse } = fixture;
        const people = dataset(key, history);
        const columns = key === '' ? ['team', 'id', 'name', 'amount'] : ['name', 'amount'];
        await fc.assert(
          fc.asyncProperty(scenario, async ({ transactions, reads, cuts, order, repeated }) => {
            await emptied(warehouse);
            const source = new NaiveSource(people, transactions, reads);
            const batches = batchesOf(source, cuts);
            const offered = [...batches, ...repeated.flatMap((number) => batches[number % batches.length] ?? [])];
            await deliver(warehouse, people, offered, () => Number(order.next().value));
            const content = key === '' ? `team || '~' || id || '~' || ${CONTENT}` : CONTENT;
            const keyed = key === '' ? '' : `team || '/' || id || '|' || `;
            const raw = await linesOf(
              warehouse,
              key === ''
                ? `${content} || '|' || _position || '|' || _deleted AS line FROM raw.people`
                : `${keyed}CASE WHEN _deleted THEN 'NULL' ELSE ${content} END || '|' || _position || '|' || _deleted AS line FROM raw.people`,
            );
            expect(raw).toEqual(key === '' ? naiveKeyless(source.truth, columns) : naiveRaw(source.truth, columns));
            if (history === 'none') return;
            const versions = await linesOf(
              warehouse,
              `${keyed}${content} || '|' || ${MICROS('valid_from')} || '|' || ${MICROS('valid_to')} || '|' || _position AS line FROM history.people`,
            );
            const expected = naiveHistory(source.truth, columns);
            expect(versions).toEqual(expected);
            // As it was at the beginning of some version, or before all of them.
            const [, , since = '0'] = expected[Number(order.next().value) % (expected.length + 1)]?.split('|') ?? [];
            const then = await linesOf(
              warehouse,
              `_position AS line FROM history.people_as_of(to_timestamp(0) + ${since} * interval '1 microsecond')`,
            );
            expect(then).toEqual(validAt(expected, BigInt(since)));
          }),
          // What is found so far is told, with its seed, before the test runs out of time.
          { numRuns: 15, interruptAfterTimeLimit: 45_000 },
        );
      });
    }
  }
});
