import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base32, digestId, sha256Hex } from './ids.js';

// RFC 4648, section 10, lower case and without padding.
test.each([
  ['', ''],
  ['f', 'my'],
  ['fo', 'mzxq'],
  ['foo', 'mzxw6'],
  ['foob', 'mzxw6yq'],
  ['fooba', 'mzxw6ytb'],
  ['foobar', 'mzxw6ytboi'],
])('base32 of "%s" is "%s"', (text, expected) => {
  expect(base32(Buffer.from(text))).toBe(expected);
});

function fromBase32(text: string): Uint8Array {
  const bits = [...text]
    .map((letter) => 'abcdefghijklmnopqrstuvwxyz234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Uint8Array.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

test('base32 keeps every byte', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(fromBase32(base32(bytes))).toEqual(Uint8Array.from(bytes));
    }),
  );
});

test('a digest id never changes: it stands in keys of stored objects', () => {
  expect(digestId('answers', 'rows', 'run:r1:0')).toBe('aimt5tsa4t57ck7e65qsqzxipb');
});

test('a digest id is 26 characters of a-z and 2-7', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (parts) => {
      expect(digestId(...parts)).toMatch(/^[a-z2-7]{26}$/);
    }),
  );
});

test.each([
  [
    ['a', 'bc'],
    ['ab', 'c'],
  ],
  [['a', ''], ['a']],
  [
    ['', 'a'],
    ['a', ''],
  ],
  [['1:a'], ['a']],
  [['é'], ['e\u0301']],
])('%j and %j have different ids', (a, b) => {
  expect(digestId(...a)).not.toBe(digestId(...b));
});

test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
])('sha256 of "%s"', (text, hex) => {
  expect(sha256Hex(text)).toBe(hex);
  expect(sha256Hex(Buffer.from(text))).toBe(hex);
});
