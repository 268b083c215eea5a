import { describe, expect, it } from 'vitest';
import { berlinText, utcText } from './wall-time.js';

const micros = (iso: string, rest = 0) => Date.parse(iso) * 1000 + rest;

describe('utcText', () => {
  it('keeps all six digits', () => {
    expect(utcText(micros('2018-01-30T18:13:52.221Z', 7))).toBe('2018-01-30 18:13:52.221007');
    expect(utcText(micros('2018-01-30T18:13:52Z'))).toBe('2018-01-30 18:13:52.000000');
  });
});

describe('berlinText', () => {
  it('shows winter and summer time', () => {
    expect(berlinText(micros('2019-03-10T14:22:11.123Z', 456))).toBe('2019-03-10 15:22:11.123456+0100');
    expect(berlinText(micros('2019-07-10T14:22:11Z'))).toBe('2019-07-10 16:22:11.000000+0200');
  });

  it('agrees with the time zone database around every change of fifty years', () => {
    const zone = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeZoneName: 'longOffset' });
    for (let year = 1997; year < 2047; year += 1) {
      for (const month of [2, 9]) {
        for (let day = 24; day <= 31; day += 1) {
          for (const minute of [-1, 0]) {
            const at = Date.UTC(year, month, day, 1, minute);
            const name = zone.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
            expect(berlinText(at * 1000).slice(-5)).toBe(name.replace('GMT', '').replace(':', ''));
          }
        }
      }
    }
  });
});
