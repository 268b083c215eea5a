import { expect, it } from 'vitest';
import { TryLog } from './try-log.js';

it('handles a message alone from the third delivery on that nobody explains', () => {
  const log = new TryLog();
  expect([1, 2, 3, 9].map((tries) => log.isLone(7, tries))).toEqual([false, false, true, true]);
});

it('does not count deliveries that this process asked for', () => {
  const log = new TryLog();
  for (let tries = 1; tries < 6; tries++) {
    expect(log.isLone(7, tries)).toBe(false);
    log.retried(7);
  }
  // One more that it did not ask for is the second unexplained one, the next the third.
  expect(log.isLone(7, 7)).toBe(false);
  expect(log.isLone(7, 8)).toBe(true);
});

it('keeps a message alone once its batch failed as a whole, until it is settled', () => {
  const log = new TryLog();
  log.markLone(7);
  log.retried(7);
  expect(log.isLone(7, 2)).toBe(true);
  expect(log.isLone(8, 2)).toBe(false);
  log.forget(7);
  expect(log.isLone(7, 2)).toBe(false);
});

it('forgets everything with the stream', () => {
  const log = new TryLog();
  log.markLone(7);
  log.retried(8);
  log.clear();
  expect(log.isLone(7, 2)).toBe(false);
  expect(log.isLone(8, 3)).toBe(true);
});

it('suspects a lone message until this process has seen a handling of it end', () => {
  const log = new TryLog();
  expect([2, 3, 8].map((tries) => log.isSuspect(7, tries))).toEqual([false, true, true]);
  log.retried(7);
  expect(log.isSuspect(7, 9)).toBe(false);
});
