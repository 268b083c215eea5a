import type { ColumnInfo } from '../shown/api.js';

export type CalendarStep = 'day' | 'week' | 'month';

const DAY = 86_400_000;
/** An axis with more places than this is drawn as continuous time: their labels and groups would have no room. */
const MAX_PLACES: Readonly<Record<CalendarStep, number>> = { day: 62, week: 160, month: 180 };

/** Whether a column counts days, weeks or months; an instant shown as an instant is none of them. */
export function calendarStep({ type, format }: ColumnInfo): CalendarStep | undefined {
  if (type !== 'date' && type !== 'timestamptz') return undefined;
  if (format === 'week' || format === 'month' || format === 'day') return format;
  return type === 'date' ? 'day' : undefined;
}

/**
 * All places from the first to the last key, those without data too: a gap is seen as a gap. Keys are ISO dates in any order.
 * Undefined when they are too many.
 */
export function calendarPlaces(keys: readonly string[], step: CalendarStep): readonly string[] | undefined {
  const sorted = keys.toSorted();
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return [];
  if ((Date.parse(last) - Date.parse(first)) / DAY / stepDays(step) >= MAX_PLACES[step]) return undefined;
  const places: string[] = [];
  for (let time = Date.parse(first); time <= Date.parse(last); time = nextPlace(time, step)) places.push(isoDay(time));
  // Weeks that do not all begin on the same day, or dates that no calendar has, stand for themselves.
  const known = new Set(places);
  return keys.every((key) => known.has(key)) ? places : [...new Set(sorted)];
}

/** At least so many milliseconds apart, two neighbours have a gap between them. */
export function gapMilliseconds(step: CalendarStep): number {
  return stepDays(step) * DAY * 1.5;
}

/** Every so many places a label, so that labels of the width have room; whole weeks, quarters and years where that is near. */
export function labelledPlaces(
  places: readonly string[],
  step: CalendarStep,
  placeWidth: number,
  labelWidth: number,
): readonly string[] {
  const every = { day: [1, 2, 7, 14, 28], week: [1, 2, 4, 8, 13, 26], month: [1, 3, 6, 12, 24] }[step];
  const least = labelWidth / placeWidth;
  const stride = every.find((candidate) => candidate >= least) ?? Math.ceil(least);
  return places.filter((_, at) => at % stride === 0);
}

/** `3 Aug`, and under the first of a year the year. */
export function placeLines(place: string, step: CalendarStep, withYear: boolean): readonly string[] {
  const date = new Date(Date.parse(place));
  const month = MONTHS[date.getUTCMonth()] ?? '';
  const line = step === 'month' ? month : `${date.getUTCDate()} ${month}`;
  return withYear ? [line, String(date.getUTCFullYear())] : [line];
}

/** Labelled places that carry their year: the first, and the first of each later year. */
export function placesWithYear(labelled: readonly string[]): readonly string[] {
  return labelled.filter((place, at) => at === 0 || place.slice(0, 4) !== labelled[at - 1]?.slice(0, 4));
}

/** As `placeLines`, for the axis of a chart. */
export function placeExpression(step: CalendarStep, withYear: readonly string[]): string {
  const line = `utcFormat(toDate(datum.value), '${step === 'month' ? '%b' : '%-d %b'}')`;
  const lines = `indexof(${JSON.stringify(withYear)}, datum.value) >= 0 ? [${line}, utcFormat(toDate(datum.value), '%Y')] : ${line}`;
  return `isValid(toDate(datum.value)) ? (${lines}) : datum.value`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function nextPlace(time: number, step: CalendarStep): number {
  if (step !== 'month') return time + stepDays(step) * DAY;
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

function stepDays(step: CalendarStep): number {
  return { day: 1, week: 7, month: 30 }[step];
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
