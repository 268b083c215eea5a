const MINUTE_MS = 60_000;

/**
 * `YYYY-MM-DD HH:MM:SS.ffffff` in UTC.
 * @param micros microseconds since 1970 (exact as a number until the year 2255)
 */
export function utcText(micros: number): string {
  const millis = Math.floor(micros / 1000);
  const iso = new Date(millis).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}${String(micros - millis * 1000).padStart(3, '0')}`;
}

/** The same instant as clocks in Berlin show it: `YYYY-MM-DD HH:MM:SS.ffffff+0100`, `+0200` in summer. */
export function berlinText(micros: number): string {
  const offset = berlinOffsetMinutes(micros / 1000);
  return `${utcText(micros + offset * MINUTE_MS * 1000)}+0${offset / 60}00`;
}

/** Minutes that Berlin is ahead of UTC: the European rule of 1996, summer time between the last Sundays of March and October, 01:00 UTC. */
export function berlinOffsetMinutes(atMs: number): 60 | 120 {
  const year = new Date(atMs).getUTCFullYear();
  return atMs >= lastSundayAtOne(year, 2) && atMs < lastSundayAtOne(year, 9) ? 120 : 60;
}

function lastSundayAtOne(year: number, month: number): number {
  const lastDay = new Date(Date.UTC(year, month + 1, 0, 1));
  return lastDay.getTime() - lastDay.getUTCDay() * 24 * 60 * MINUTE_MS;
}
