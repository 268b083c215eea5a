import { describe, expect, it } from 'vitest';
import { slotAt, tickId } from './ticks.js';

const micros = (iso: string): bigint => BigInt(Date.parse(iso)) * 1000n;
const iso = (at: bigint): string => new Date(Number(at / 1000n)).toISOString();

describe('slotAt', () => {
  it('counts slots shorter than a day in UTC, through the hour that is there twice', () => {
    const schedule = { everySeconds: 900, zone: 'Europe/Berlin' };
    const slots = new Set<string>();
    for (let at = micros('2026-10-24T23:00:00Z'); at < micros('2026-10-25T03:00:00Z'); at += 60_000_000n)
      slots.add(tickId('shop', slotAt(schedule, at)));
    expect(slots.size).toBe(16);
    expect([...slots][0]).toBe('tick:shop:2026-10-24T23:00:00Z');
  });

  it('begins a day at midnight of its zone', () => {
    const schedule = { everySeconds: 86_400, zone: 'Europe/Berlin' };
    const slot = slotAt(schedule, micros('2026-10-25T12:00:00Z'));
    expect(iso(slot.at)).toBe('2026-10-24T22:00:00.000Z');
    // The day the clocks go back has 25 hours.
    expect(iso(slot.next)).toBe('2026-10-25T23:00:00.000Z');
    expect(iso(slotAt(schedule, micros('2026-10-24T21:59:00Z')).at)).toBe('2026-10-23T22:00:00.000Z');
  });

  it('gives every moment exactly one slot', () => {
    for (const zone of ['UTC', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'])
      for (const everySeconds of [30, 86_400, 604_800])
        for (let at = micros('2026-03-05T00:00:00Z'); at < micros('2026-04-08T00:00:00Z'); at += 20_700_000_000n) {
          const slot = slotAt({ everySeconds, zone }, at);
          expect(slot.at <= at && at < slot.next, `${zone} ${everySeconds} ${iso(at)}`).toBe(true);
        }
  });
});
