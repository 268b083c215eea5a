import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seal, unseal } from './sealing.js';

const bytes = Buffer.from('the rejected line');

test('what was sealed opens again with key and context', () => {
  fc.assert(
    fc.property(fc.string(), fc.uint8Array({ maxLength: 300 }), fc.string(), (secret, content, context) => {
      expect(Buffer.from(unseal(secret, seal(secret, content, context), context))).toEqual(Buffer.from(content));
    }),
  );
});

test('the same bytes are never sealed twice in the same way', () => {
  expect(Buffer.from(seal('key', bytes, 'place'))).not.toEqual(Buffer.from(seal('key', bytes, 'place')));
});

test('sealed bytes do not show what they hold', () => {
  expect(Buffer.from(seal('key', bytes, 'place')).includes('rejected')).toBe(false);
});

test.each([
  ['another key', 'other', 'place'],
  ['another place', 'key', 'elsewhere'],
])('does not open with %s', (_what, secret, context) => {
  const sealed = seal('key', bytes, 'place');
  expect(() => unseal(secret, sealed, context)).toThrow();
});

test('does not open when any byte was changed or the end is missing', () => {
  const sealed = seal('key', bytes, 'place');
  for (let at = 0; at < sealed.length; at++) {
    const changed = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ 1 : byte));
    expect(() => unseal('key', changed, 'place')).toThrow();
  }
  expect(() => unseal('key', sealed.subarray(0, -1), 'place')).toThrow();
  expect(() => unseal('key', new Uint8Array(0), 'place')).toThrow();
});
