import { describe, expect, it } from 'vitest';
import { dropRecord, MAX_KEYS, newDropRecord, seenKey, withKey, withLease } from './drop-record.js';

const SHA = 'a'.repeat(64);
const record = newDropRecord({
  source: 's',
  dataset: 'd',
  sha256: SHA,
  size: 5,
  epoch: 0,
  point: '17',
  key: 'd/a.csv',
});
const [EARLY, NOW, LATE] = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:30Z', '2026-01-01T00:01:00Z'] as const;

describe('a drop record', () => {
  it('is written and read as it is', () => {
    expect(dropRecord.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
  });

  it('is held by one at a time: by nobody, by oneself, or after its time', () => {
    const held = withLease(record, 'one', EARLY, LATE);
    expect(held?.lease).toEqual({ owner: 'one', until: LATE });
    if (!held) return;
    expect(withLease(held, 'two', NOW, LATE)).toBeUndefined();
    expect(withLease(held, 'one', NOW, LATE)).toBeDefined();
    expect(withLease(held, 'two', LATE, LATE)?.lease?.owner).toBe('two');
  });

  it('is not held once there is nothing to read', () => {
    expect(withLease({ ...record, status: 'done' }, 'one', NOW, LATE)).toBeUndefined();
    expect(withLease({ ...record, status: 'refused' }, 'one', NOW, LATE)).toBeUndefined();
  });

  it('keeps the names of its content, each once, so many and no more', () => {
    expect(withKey(record, 'd/a.csv')).toBeUndefined();
    expect(withKey(record, 'd/b.csv')?.keys).toEqual(['d/a.csv', 'd/b.csv']);
    const full = { ...record, keys: Array.from({ length: MAX_KEYS }, (_, i) => `d/${i}`) };
    expect(withKey(full, 'd/one-more')).toBeUndefined();
  });
});

describe('seenKey', () => {
  it('is a key for every name, also long and odd ones', () => {
    expect(seenKey('d', `d/${'ü /'.repeat(300)}`)).toMatch(/^_state\/drops\/d\/_seen\/[a-z2-7]{26}\.json$/);
  });
});
