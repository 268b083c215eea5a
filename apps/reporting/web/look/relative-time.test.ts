import { expect, test } from 'vitest';
import { ageText, relativeTime } from './relative-time.js';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const before = (seconds: number) => relativeTime(NOW - seconds * 1000, NOW);

test('the past is told in one unit, never rounded up', () => {
  expect(before(0)).toBe('just now');
  expect(before(59)).toBe('just now');
  expect(before(60)).toBe('1 min ago');
  expect(before(3599)).toBe('59 min ago');
  expect(before(3600)).toBe('1 h ago');
  expect(before(86_399)).toBe('23 h ago');
  expect(before(86_400)).toBe('1 day ago');
  expect(before(86_400 * 45)).toBe('1 month ago');
  expect(before(86_400 * 800)).toBe('2 years ago');
});

test('the future is told as such', () => {
  expect(before(-7200)).toBe('in 2 h');
});

test('an age has two units while the first is small', () => {
  expect(ageText(20)).toBe('under a minute');
  expect(ageText(13_800)).toBe('3 h 50 min');
  expect(ageText(3600)).toBe('1 h');
  expect(ageText(86_400 * 2 + 3600)).toBe('2 days 1 h');
  expect(ageText(86_400 * 12 + 7200)).toBe('12 days');
});
