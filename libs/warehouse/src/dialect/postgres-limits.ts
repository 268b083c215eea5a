/** Days and microseconds from 1970-01-01 to 2000-01-01, where Postgres begins to count. */
export const EPOCH_DAYS = 10_957;
export const EPOCH_MICROS = 946_684_800_000_000n;

/** Postgres' days run from 4714-11-24 BC to 5874897-12-31; its timestamps end beyond what an int64 since 1970 can say. */
export const FIRST_DAY = -2_440_588;
export const LAST_DAY = 2_145_042_541;
export const DAY_MICROS = 86_400_000_000n;
export const FIRST_MICROS = BigInt(FIRST_DAY) * DAY_MICROS;

/** A field of one GiB is refused; one of this many characters is not. */
export const MAX_TEXT = 250_000_000;
