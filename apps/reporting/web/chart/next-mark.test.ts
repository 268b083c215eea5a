import { expect, test } from 'vitest';
import { nextMark } from './next-mark.js';

test('arrows walk from mark to mark and stop at the ends', () => {
  expect(nextMark('ArrowRight', -1, 3)).toBe(0);
  expect(nextMark('ArrowDown', 0, 3)).toBe(1);
  expect(nextMark('ArrowRight', 2, 3)).toBe(2);
  expect(nextMark('ArrowUp', 0, 3)).toBe(0);
  expect(nextMark('End', 0, 3)).toBe(2);
  expect(nextMark('Home', 2, 3)).toBe(0);
});

test('other keys are the page’s, and so are all keys of an empty chart', () => {
  expect(nextMark('Tab', 0, 3)).toBeUndefined();
  expect(nextMark('ArrowRight', -1, 0)).toBeUndefined();
});
