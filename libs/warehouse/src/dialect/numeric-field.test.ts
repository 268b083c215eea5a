import fc from 'fast-check';
import { decimalTextOf } from '@rollcall/catalog';
import { describe, expect, it } from 'vitest';
import { CopyBuffer } from './copy-buffer.js';
import {
  appendDecimal,
  appendNumericText,
  appendWideDecimal,
  decimalScale,
  isCanonicalNumeric,
} from './numeric-field.js';

/** What the server makes of the field: the sum of its digits times their weights, at its scale. */
function read(bytes: Buffer): string {
  const digits = bytes.readInt16BE(4);
  const weight = bytes.readInt16BE(6);
  const scale = bytes.readInt16BE(10);
  let groups = '';
  for (let place = 0; place < digits; place += 1) groups += String(bytes.readInt16BE(12 + place * 2)).padStart(4, '0');
  expect(bytes.readInt32BE(0)).toBe(8 + digits * 2);
  const fraction = (digits - 1 - weight) * 4;
  const unscaled = BigInt(groups.slice(0, groups.length - fraction + scale) || '0');
  return decimalTextOf(bytes.readInt16BE(8) === 0x4000 ? -unscaled : unscaled, scale);
}

const written = (append: (buffer: CopyBuffer) => void): string => {
  const buffer = new CopyBuffer();
  append(buffer);
  return read(buffer.take());
};

describe('a numeric field', () => {
  it('says what the unscaled integer says, at every scale', () => {
    const unscaled = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.constantFrom(9e12, 9e12 - 1, 8_999_999_999_999, 0));
    fc.assert(
      fc.property(unscaled, fc.nat(18), (value, scale) => {
        const text = decimalTextOf(value, scale);
        expect(written((buffer) => appendDecimal(buffer, value, decimalScale(scale)))).toBe(text);
        expect(written((buffer) => appendWideDecimal(buffer, BigInt(value), decimalScale(scale)))).toBe(text);
        expect(written((buffer) => appendNumericText(buffer, Buffer.from(text), 0, text.length))).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('knows canonical numbers from other texts', () => {
    for (const text of ['0', '-12.50', 'NaN', 'Infinity', '-Infinity'])
      expect(isCanonicalNumeric(Buffer.from(text), 0, text.length)).toBe(true);
    for (const text of [
      '',
      '-',
      '.5',
      '5.',
      '1e3',
      '+1',
      ' 1',
      '1 ',
      'nan',
      '-NaN',
      'Inf',
      '1.2.3',
      '9'.repeat(131_073),
    ])
      expect(isCanonicalNumeric(Buffer.from(text), 0, text.length)).toBe(false);
  });
});
