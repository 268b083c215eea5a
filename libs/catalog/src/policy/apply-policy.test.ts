import { createHmac, pbkdf2Sync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Column } from '../dataset.js';
import { applyPolicy, buildPolicy, MASKED } from './apply-policy.js';
import { piiKey } from './pii-key.js';

const key = piiKey('a secret');
const other = piiKey('another secret');

function column(change: Partial<Column> = {}): Column {
  return { name: 'email', type: { name: 'text' }, from: ['email'], trim: false, lower: false, pii: 'keep', ...change };
}

const POLICIES = ['keep', 'hash', 'pbkdf2', 'mask', 'drop'] as const;

test.each<[string, Partial<Column>, string | null]>([
  ['nothing', {}, ' Ada@Example.COM '],
  ['trim', { trim: true }, 'Ada@Example.COM'],
  ['lower', { lower: true }, ' ada@example.com '],
  ['trim and lower', { trim: true, lower: true }, 'ada@example.com'],
  ['mask', { pii: 'mask' }, MASKED],
  ['drop', { pii: 'drop' }, null],
  ['hash', { pii: 'hash' }, createHmac('sha256', 'a secret').update(' Ada@Example.COM ').digest('hex')],
  [
    'hash of what was cleaned',
    { pii: 'hash', trim: true, lower: true },
    createHmac('sha256', 'a secret').update('ada@example.com').digest('hex'),
  ],
  ['pbkdf2', { pii: 'pbkdf2' }, pbkdf2Sync(' Ada@Example.COM ', 'a secret', 120_000, 32, 'sha256').toString('hex')],
])('%s', (_what, change, result) => {
  expect(applyPolicy(column(change), ' Ada@Example.COM ', key)).toBe(result);
});

// Stored in lakes: these must never change.
test.each<[Column['pii'], string]>([
  ['hash', 'c4778efefc3556636862e6e2b82da305f29af3a6eddc8fec1fd4cfed5f41eb69'],
  ['pbkdf2', '9a23ea4ece523a3e8f60c9a6f092fd7844e1957a83195ed0cdb3858cd7b13542'],
])('%s of "ada" under "a secret" stays what it is', (pii, hex) => {
  expect(applyPolicy(column({ pii }), 'ada', key)).toBe(hex);
});

test.each(POLICIES)('%s leaves null null', (pii) => {
  expect(applyPolicy(column({ pii }), null, key)).toBeNull();
});

describe.each(['hash', 'pbkdf2'] as const)('%s', (pii) => {
  test('needs a key, and stops without one, before any value', () => {
    expect(() => buildPolicy(column({ pii }), undefined)).toThrow(
      expect.objectContaining({ code: 'config/invalid', message: expect.stringContaining('email') }),
    );
  });

  test('depends on value and key, and on nothing else', () => {
    const policy = buildPolicy(column({ pii }), key);
    expect(policy('a')).toBe(policy('a'));
    expect(policy('a')).toBe(buildPolicy(column({ pii, name: 'phone' }), key)('a'));
    expect(policy('a')).not.toBe(policy('b'));
    expect(policy('a')).not.toBe(buildPolicy(column({ pii }), other)('a'));
  });
});

test.each(['hash', 'mask', 'drop'] as const)('%s lets nothing of the value through', (pii) => {
  const policy = buildPolicy(column({ pii }), key);
  fc.assert(
    fc.property(fc.string({ minLength: 5, maxLength: 30, unit: fc.constantFrom('g', 'h', 'é', '@', ' ') }), (text) => {
      const shown = policy(text) ?? '';
      expect(shown).not.toContain(text);
      expect(shown === '' || shown === MASKED || /^[0-9a-f]{64}$/.test(shown)).toBe(true);
    }),
  );
});

describe('a key', () => {
  test('has an id that does not tell the secret, the same for the same secret', () => {
    expect(key.id).toMatch(/^[0-9a-f]{8}$/);
    expect(piiKey('a secret').id).toBe(key.id);
    expect(other.id).not.toBe(key.id);
  });

  test('is never empty', () => {
    expect(() => piiKey('')).toThrow(RangeError);
  });
});
