import type { Source } from '@rollcall/catalog';
import { isoMicros } from '@rollcall/kernel';

/** Who asks for runs that nobody asked for. */
export const SCHEDULE = 'schedule';

const DAY_SECONDS = 86_400;
const MICROS = 1_000_000n;

/** The newest slot of a schedule at a moment, and when the next one begins. Microseconds since 1970. */
export interface Slot {
  readonly at: bigint;
  readonly next: bigint;
}

/**
 * Slots shorter than a day are counted in UTC, so each is there once, whatever the clock on the wall does; whole days from midnight of the zone.
 */
export function slotAt({ everySeconds, zone }: NonNullable<Source['schedule']>, now: bigint): Slot {
  const every = BigInt(Math.max(1, Math.round(everySeconds))) * MICROS;
  const byWall = everySeconds >= DAY_SECONDS && everySeconds % DAY_SECONDS === 0;
  if (!byWall) {
    const at = now - (now % every);
    return { at, next: at + every };
  }
  const wall = now + offsetMicros(zone, now);
  const slot = wall - (wall % every);
  return { at: instantOf(zone, slot), next: instantOf(zone, slot + every) };
}

/** The same for every replica: the broker keeps one of them, and the lake knows a run by its id. */
export function tickId(source: string, { at }: Slot): string {
  return `tick:${source}:${isoMicros(at).replace('.000000', '')}`;
}

/** The instant at which a clock of the zone shows `wall` first; in a gap that no clock shows, the one after it. */
function instantOf(zone: string, wall: bigint): bigint {
  const guess = wall - offsetMicros(zone, wall);
  return wall - offsetMicros(zone, guess);
}

function offsetMicros(zone: string, at: bigint): bigint {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(Number(at / 1000n)).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name) ?? [];
  const total = BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * MICROS;
  return sign === '-' ? -total : total;
}
