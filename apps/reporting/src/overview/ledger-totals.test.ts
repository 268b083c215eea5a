import { expect, it } from 'vitest';
import type { Reading } from '../evidence/batch-facts.js';
import { LedgerTotals } from './ledger-totals.js';

const BATCHES = {
  dataset: 'answers',
  batches: '2',
  rows: '9',
  bytes: '90',
  newest: '2026-01-02T03:04:05.000000Z',
  first: '1',
};

/** A ledger of two settled batches that answers at once. */
const ledger: Reading = {
  query: <R extends object>(text: string, values: readonly unknown[] = []) => {
    const rows = text.includes('interval')
      ? [{ id: '2' }]
      : text.includes('GROUP BY')
        ? batchesOf(values)
        : [{ count: '1' }];
    return Promise.resolve(rows as unknown as readonly R[]);
  },
};

function batchesOf([after]: readonly unknown[]): readonly object[] {
  return after === '0' ? [BATCHES] : [];
}

it('adds what is settled once, also when two ask at the same time', async () => {
  const totals = new LedgerTotals(ledger, ['answers'], () => 0);
  const expected = new Map([
    ['answers', { batches: 2, rows: 9, bytes: 90, newestExtractAt: '2026-01-02T03:04:05.000000Z' }],
  ]);
  expect(await Promise.all([totals.read(), totals.read()])).toEqual([expected, expected]);
  expect(await totals.read()).toEqual(expected);
});

it('goes on after a look that failed', async () => {
  let isAway = true;
  const query = <R extends object>(text: string, values?: readonly unknown[]): Promise<readonly R[]> =>
    isAway ? Promise.reject(new Error('away')) : ledger.query<R>(text, values);
  const totals = new LedgerTotals({ query }, ['answers'], () => 0);
  await expect(totals.read()).rejects.toThrow('away');
  isAway = false;
  expect((await totals.read()).get('answers')?.batches).toBe(2);
});
