import { describe, expect, it } from 'vitest';
import { KnownTexts } from './known-texts.js';

describe('KnownTexts', () => {
  it('gives every text back as it is, whatever came before', () => {
    const texts = new KnownTexts();
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 3_000; i += 1) {
        expect(texts.one(`device ${i}`)).toBe(`device ${i}`);
        expect(texts.one(i % 2 === 0 ? 'ios' : 'android')).toBe(i % 2 === 0 ? 'ios' : 'android');
      }
    }
  });

  it('leaves long texts alone', () => {
    const long = 'x'.repeat(10_000);
    expect(new KnownTexts().one(long)).toBe(long);
  });
});
