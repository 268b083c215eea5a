import { describe, expect, it } from 'vitest';
import { parseSince } from './since.js';

describe('parseSince', () => {
  const now = Date.UTC(2026, 0, 10);
  it.each([
    ['30m', '2026-01-09T23:30:00.000Z'],
    ['12h', '2026-01-09T12:00:00.000Z'],
    ['7d', '2026-01-03T00:00:00.000Z'],
    ['2026-01-02', '2026-01-02T00:00:00Z'],
    ['2026-01-02T03:04:05.123456Z', '2026-01-02T03:04:05.123456Z'],
    ['yesterday', undefined],
    ['2026-01-02T03:04:05+01:00', undefined],
    ['2026-99-02', undefined],
    ['-3d', undefined],
  ])('%s -> %s', (text, since) => {
    expect(parseSince(text, now)).toBe(since);
  });
});
