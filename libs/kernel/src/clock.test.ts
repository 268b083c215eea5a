import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoMicros, systemClock, utcDay } from './clock.js';

test.each<[bigint, string, string]>([
  [0n, '1970-01-01T00:00:00.000000Z', '1970-01-01'],
  [1n, '1970-01-01T00:00:00.000001Z', '1970-01-01'],
  [1_622_630_694_123_456n, '2021-06-02T10:44:54.123456Z', '2021-06-02'],
  [-1n, '1969-12-31T23:59:59.999999Z', '1969-12-31'],
  [-1000n, '1969-12-31T23:59:59.999000Z', '1969-12-31'],
  [-1001n, '1969-12-31T23:59:59.998999Z', '1969-12-31'],
  [-86_400_000_000n, '1969-12-31T00:00:00.000000Z', '1969-12-31'],
  [86_399_999_999n, '1970-01-01T23:59:59.999999Z', '1970-01-01'],
])('%i is %s', (micros, text, day) => {
  expect(isoMicros(micros)).toBe(text);
  expect(utcDay(micros)).toBe(day);
});

const instant = fc.bigInt(-62_135_596_800_000_000n, 253_402_300_799_999_999n);

test('the text of an instant names it to the microsecond, and begins with its day', () => {
  fc.assert(
    fc.property(instant, (micros) => {
      const text = isoMicros(micros);
      expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
      const millis = BigInt(Date.parse(`${text.slice(0, 23)}Z`));
      expect(millis * 1000n + BigInt(text.slice(23, 26))).toBe(micros);
      expect(text.startsWith(utcDay(micros))).toBe(true);
    }),
  );
});

test('texts of later instants sort later', () => {
  fc.assert(
    fc.property(instant, instant, (a, b) => {
      expect(isoMicros(a) < isoMicros(b)).toBe(a < b);
    }),
  );
});

test('the system clock tells the time in microseconds', () => {
  const before = BigInt(Date.now()) * 1000n;
  const now = systemClock.nowMicros();
  // The high resolution clock may stand a little beside the one of Date.
  expect(now - before).toBeGreaterThan(-5_000_000n);
  expect(now - before).toBeLessThan(5_000_000n);
});
