const NUMBER = String.raw`[+-]?\d{1,6}`;
const SECONDS = String.raw`[+-]?\d{1,9}(?:\.\d{1,6})?`;
const ISO = new RegExp(
  String.raw`^P(?=.)(?:${NUMBER}Y)?(?:${NUMBER}M)?(?:${NUMBER}W)?(?:${NUMBER}D)?(?:T(?=.)(?:${NUMBER}H)?(?:${NUMBER}M)?(?:${SECONDS}S)?)?$`,
);
const CLOCK = String.raw`[+-]?\d{1,6}:[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?`;
const DAYS = ['years?', 'mons?|months?', 'weeks?', 'days?'].map(unit).join('');
const HOURS = ['hours?|hrs?', 'minutes?|mins?', 'seconds?|secs?'].map(unit).join('');
const VERBOSE = new RegExp(`^(?=.)${DAYS}(?:${CLOCK}|${HOURS})$`);

/**
 * An interval that Postgres 15 reads, unchanged: ISO 8601 (`P1Y2M3DT4H5M6.5S`) or as Postgres writes it (`1 year 2 mons 3 days 04:05:06.5`).
 * Units have 6 digits at most and seconds 6 decimals, so none overflows there.
 */
export function parseInterval(text: string): string | undefined {
  if (text.endsWith(' ')) return undefined;
  return ISO.test(text) || VERBOSE.test(text) ? text : undefined;
}

function unit(names: string): string {
  return `(?:${NUMBER} (?:${names})(?: |$))?`;
}
