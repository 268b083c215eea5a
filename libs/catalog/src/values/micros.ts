import { TIMESTAMP_INFINITY } from '../logical-type.js';

/** Seconds whose microseconds are still exact as a number: a year before 2255. */
const EXACT_SECONDS = 9_000_000_000;

/** 4714-11-24 BC, Julian day 0: the first day that Postgres knows. */
export const FIRST_DAY = -2_440_588;

const FIRST_MICROS = BigInt(FIRST_DAY) * 86_400_000_000n;

/** Seconds and microseconds since 1970 as one bigint; one BigInt operation for the instants that logs hold. */
export function microsOf(seconds: number, micros: number): bigint {
  if (seconds > -EXACT_SECONDS && seconds < EXACT_SECONDS) return BigInt(seconds * 1_000_000 + micros);
  return BigInt(seconds) * 1_000_000n + BigInt(micros);
}

/** The instant, when it is one that both int64 and Postgres hold. */
export function inRange(micros: bigint): bigint | undefined {
  return micros >= FIRST_MICROS && micros < TIMESTAMP_INFINITY ? micros : undefined;
}
