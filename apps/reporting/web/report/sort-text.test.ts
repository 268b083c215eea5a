import { expect, test } from 'vitest';
import { directionOf, nextSort } from './sort-text.js';

test('only the first key counts as the order of the table', () => {
  expect(directionOf('-answers,first_at', 'answers')).toBe('descending');
  expect(directionOf('-answers,first_at', 'first_at')).toBeUndefined();
  expect(directionOf('session_id', 'session_id')).toBe('ascending');
  expect(directionOf('', 'session_id')).toBeUndefined();
});

test('numbers go from the largest to the smallest, then back to the table’s own order', () => {
  expect(nextSort('session_id', 'answers', true)).toBe('-answers');
  expect(nextSort('-answers', 'answers', true)).toBe('answers');
  expect(nextSort('answers', 'answers', true)).toBe('');
});

test('texts go from a to z first', () => {
  expect(nextSort('-answers', 'event', false)).toBe('event');
  expect(nextSort('event', 'event', false)).toBe('-event');
  expect(nextSort('-event', 'event', false)).toBe('');
});
