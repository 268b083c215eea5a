import { describe, expect, it } from 'vitest';
import { judgeGap } from './judge-gap.js';

const limits = { scanAfterSeconds: 30, stopAfterSeconds: 300 };

describe('judgeGap', () => {
  it.each([
    [0, false, 'wait'],
    [29, false, 'wait'],
    [30, false, 'scan'],
    [31, true, 'wait'],
    [299, true, 'wait'],
    [300, true, 'stop'],
    [10_000, false, 'scan'],
  ])('a gap of %i s, scanned: %s, is a case to %s', (age, scanned, kind) => {
    expect(judgeGap(age, scanned, limits).kind).toBe(kind);
  });
});
