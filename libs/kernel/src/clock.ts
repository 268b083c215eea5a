/** Microseconds since 1970-01-01T00:00:00Z. `Date` has milliseconds only, so instants travel as bigint. */
export type Micros = bigint;

/** The only way to know the time. Injected, so that stages and tests decide what time it is. */
export interface Clock {
  nowMicros(): Micros;
}

export const systemClock: Clock = {
  nowMicros: () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)),
};

/** The UTC day of an instant as `YYYY-MM-DD`. */
export function utcDay(at: Micros): string {
  return new Date(Number(floorMillis(at))).toISOString().slice(0, 10);
}

/** ISO 8601 in UTC with all six digits of the second's fraction. */
export function isoMicros(at: Micros): string {
  const millis = floorMillis(at);
  const rest = at - millis * 1000n;
  return new Date(Number(millis)).toISOString().replace('Z', rest.toString().padStart(3, '0') + 'Z');
}

/** The millisecond that an instant lies in. Division of bigints goes towards zero, which before 1970 is the one after. */
function floorMillis(at: Micros): bigint {
  return at / 1000n - (at % 1000n < 0n ? 1n : 0n);
}
