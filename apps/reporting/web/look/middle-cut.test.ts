import { expect, test } from 'vitest';
import { middleCut } from './middle-cut.js';

test('what fits stays whole', () => {
  expect(middleCut('abcdefgh', 8)).toBe('abcdefgh');
});

test('a cut id keeps both ends and the length asked for', () => {
  expect(middleCut('abcdefghijkl', 8)).toBe('abcd…jkl');
  expect(middleCut('abcdefghijkl', 8)).toHaveLength(8);
});
