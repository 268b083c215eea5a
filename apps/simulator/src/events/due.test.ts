import { describe, expect, it } from 'vitest';
import { dueNow, untilDueMs } from './due.js';

describe('dueNow', () => {
  it('sends the first at once and then keeps the mean rate', () => {
    expect(dueNow(0, 0, 10, 500)).toBe(1);
    expect(dueNow(99, 1, 10, 500)).toBe(0);
    expect(dueNow(100, 1, 10, 500)).toBe(1);
    expect(dueNow(1000, 1, 10, 500)).toBe(10);
  });

  it('catches up in pieces after a pause, and has no limit of rate but the target when asked', () => {
    expect(dueNow(60_000, 0, 50_000, 2000)).toBe(2000);
    expect(dueNow(0, 1_000_000, Infinity, 2000)).toBe(2000);
  });
});

describe('a rate of 0', () => {
  it('rests', () => {
    expect(dueNow(5000, 0, 0, 500)).toBe(0);
    expect(untilDueMs(5000, 0, 0)).toBe(Infinity);
  });
});

describe('untilDueMs', () => {
  it('is the time to the next message', () => {
    expect(untilDueMs(0, 1, 10)).toBe(100);
    expect(untilDueMs(250, 1, 10)).toBe(1);
  });
});
