import { describe, expect, it } from 'vitest';
import { LOAD_EFFECTS, loadGroup, warehouseDigest, type Warehouse } from '../src/index.js';
import { answerRow, ANSWERS } from './answers.js';
import { datasetOf, positionOf, rejectedBatch, rowsBatch } from './batches.js';
import type { NaiveRow } from './naive-sessions.js';
import { testWarehouse } from './test-warehouse.js';

const answerAt = (minute: number, participant: string): NaiveRow => ({
  by: minute % 2 === 0 ? 'e' : 'f',
  at: BigInt(minute) * 60_000_000n,
  participant,
  question: 'q',
});

const PEOPLE = datasetOf(
  'source: desk\nkind: http\ndatasets:\n  people:\n    capture: { mode: full }\n    history: scd2\n    key: [id]\n    max_delete: 100%\n    contract: { types: quarantine }\n    columns: { id: { type: int4 }, name: { type: text } }',
);

/** Every effect has something to do: rows old and new, a clear, a misfit, a rejected record, sessions that change. */
const LOADS = [
  {
    dataset: ANSWERS,
    batches: () => [
      rowsBatch(
        ANSWERS,
        [0, 2, 5, 40].map((minute, index) => answerRow(answerAt(minute, 'p'), 1, index)),
      ),
    ],
  },
  {
    dataset: ANSWERS,
    batches: () => [
      rowsBatch(ANSWERS, [
        answerRow(answerAt(20, 'q'), 2, 0),
        answerRow(answerAt(0, 'p'), 2, 1, 'd'),
        answerRow(answerAt(2, 'p'), 2, 2),
      ]),
      rejectedBatch(ANSWERS, [{ position: positionOf(2, 9), reason: 'field-count' }]),
    ],
  },
  {
    dataset: PEOPLE,
    batches: () => [
      rowsBatch(PEOPLE, [
        { position: positionOf(1), values: { id: 1, name: 'a' } },
        { position: positionOf(2), values: { id: 2, name: 'b' } },
      ]),
    ],
  },
  {
    dataset: PEOPLE,
    batches: () => [
      rowsBatch(PEOPLE, [
        { position: positionOf(3), values: { id: 1, name: 'c' } },
        { op: 't' as const, position: positionOf(4), scope: '[2]' },
        { position: positionOf(5), values: { id: 3, name: 'nul\0' } },
      ]),
    ],
  },
];

async function loadAll(warehouse: Warehouse): Promise<void> {
  for (const { dataset, batches } of LOADS) await loadGroup(warehouse, dataset, batches());
}

describe('a loader that dies', () => {
  for (const effect of LOAD_EFFECTS) {
    it(`after ${effect} leaves tables that a second delivery makes equal to a quiet load`, async () => {
      await using quiet = await testWarehouse();
      await using shaken = await testWarehouse();
      await loadAll(quiet.warehouse);
      for (const { dataset, batches } of LOADS) {
        await expect(
          loadGroup(shaken.warehouse, dataset, batches(), {
            onEffect: (reached) => cutConnections(shaken.warehouse, reached === effect),
          }),
        ).rejects.toMatchObject({
          code: 'warehouse/unavailable',
        });
        const again = await loadGroup(shaken.warehouse, dataset, batches());
        // Only who died behind the commit finds it done; everyone else left nothing in the ledger.
        expect(again.earlier.length > 0).toBe(effect === 'committed');
        expect(again.load === undefined).toBe(effect === 'committed');
      }
      expect(await warehouseDigest(shaken.warehouse)).toEqual(await warehouseDigest(quiet.warehouse));
      const loads = 'SELECT dataset, counts, touched FROM ops.load ORDER BY load_id';
      expect(await shaken.warehouse.query(loads)).toEqual(await quiet.warehouse.query(loads));
    });
  }
});

/** The server ends every other connection of the database, as a crash of the loader or of the network would. */
async function cutConnections(warehouse: Warehouse, now: boolean): Promise<void> {
  if (!now) return;
  await warehouse.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  );
  throw new CutHere();
}

/** What a killed process would have said next: nothing. */
class CutHere extends Error {
  readonly code = '57P01';
}
