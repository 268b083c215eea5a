import { sha256Hex } from '@rollcall/kernel';
import type { Dataset, ReadRow } from '@rollcall/catalog';
import { describe, expect, it } from 'vitest';
import { EventBatch } from './event-batch.js';
import { messagePositions } from './message-position.js';

const DATASET: Dataset = {
  name: 'clicks',
  source: 'app',
  kind: 'logs',
  capture: { mode: 'events' },
  key: ['id'],
  keyForm: 'columns',
  history: 'none',
  zone: 'UTC',
  contract: { tables: 'evolve', columns: 'keep', types: 'quarantine' },
  flush: { seconds: 1, rows: 10, bytes: 1000 },
  columns: [{ name: 'id', type: { name: 'text' }, from: [], trim: false, lower: false, pii: 'keep' }],
  derive: [],
  tests: [],
  maxDelete: 0.5,
  version: '0123456789ab',
};
const FACTS = { origin: 'test', extractedAt: '2026-01-01T00:00:00Z', asOfDay: '2026-01-01' };

function row(id: string): ReadRow {
  return { values: [id], key: null, rest: null };
}
function rangeOf(events: readonly (readonly [id: string, content: string])[]) {
  const batch = new EventBatch(DATASET, undefined);
  events.forEach(([id, content], i) => batch.add(row(id), `p${i}`, sha256Hex(id + content)));
  return batch.batches(FACTS)[0]?.range;
}

describe('EventBatch', () => {
  it('is the same batch for the same events in any order', () => {
    const range = rangeOf([
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ]);
    expect(
      rangeOf([
        ['a', '3'],
        ['b', '2'],
        ['a', '1'],
      ]),
    ).toEqual(range);
    expect(range).toMatchObject({ kind: 'events', count: 3 });
  });

  it('is another batch when an event is missing, or says something new under its key', () => {
    const range = rangeOf([
      ['a', '1'],
      ['b', '2'],
    ]);
    expect(rangeOf([['a', '1']])).not.toEqual(range);
    expect(
      rangeOf([
        ['a', '1'],
        ['b', 'new'],
      ]),
    ).not.toEqual(range);
    expect(
      rangeOf([
        ['a', '1'],
        ['b', '2'],
        ['b', '2'],
      ]),
    ).not.toEqual(range);
  });

  it('has a lane for rows and one for rejected events, and none without', () => {
    const batch = new EventBatch(DATASET, undefined);
    expect(batch.batches(FACTS)).toEqual([]);
    const bytes = Buffer.from('nope');
    batch.reject({ reason: 'not-json', place: 'message', position: 'p', bytes, length: 4 }, sha256Hex('nope'));
    const [rejected, ...none] = batch.batches(FACTS);
    expect(none).toEqual([]);
    expect(rejected?.lane).toBe('rejected');
    // Without a key the bytes are not kept.
    expect(rejected?.columns.find(({ name }) => name === 'sealed')?.values).toEqual([null]);
  });
});

describe('messagePositions', () => {
  it('are the same for the same message, rise with its items, and differ between messages of one microsecond', () => {
    const one = messagePositions(2, 17n, sha256Hex('one'));
    expect(one(0)).toBe(messagePositions(2, 17n, sha256Hex('one'))(0));
    expect(one(0)).toMatch(/^0002-0000000000000011-[0-7][0-9a-f]{7}$/);
    expect(one(1) > one(0)).toBe(true);
    expect(messagePositions(2, 17n, sha256Hex('two'))(0)).not.toBe(one(0));
  });

  it('have room for the items of a message of 1 MiB behind the highest digest', () => {
    const last = messagePositions(0, 0n, 'f'.repeat(64));
    expect(last(0)).toBe('0000-0000000000000000-7fffffff');
    expect(last(1_048_576) > last(0)).toBe(true);
  });
});
