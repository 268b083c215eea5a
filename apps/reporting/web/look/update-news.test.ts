import { expect, test } from 'vitest';
import { UpdateNews } from './update-news.js';

const NOON = Date.parse('2026-11-28T12:04:00Z');

test('the first update is told at once, the next ones together after a minute', () => {
  const news = new UpdateNews();
  expect(news.add(3, NOON)).toBe(0);
  expect(news.take(NOON)).toBe('Updated 12:04 UTC, 3 rows changed');
  expect(news.add(1, NOON + 10_000)).toBe(50_000);
  expect(news.add(4, NOON + 20_000)).toBe(40_000);
  expect(news.take(NOON + 60_000)).toBe('Updated 12:05 UTC, 5 rows changed');
});

test('one row is a row, and none is not counted', () => {
  const news = new UpdateNews();
  news.add(1, NOON);
  expect(news.take(NOON)).toBe('Updated 12:04 UTC, 1 row changed');
  news.add(0, NOON);
  expect(news.take(NOON)).toBe('Updated 12:04 UTC');
});
