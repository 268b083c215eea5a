/** Ticks of a continuous time axis in UTC, with labels that have room. */
export interface TimeTicks {
  /** An expression: Vega-Lite would write numbers as `datetime(…)`, which the interpreter reads as a year. */
  readonly values: { readonly expr: string };
  /** Expression for `labelExpr`. */
  readonly labelExpr: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.4 * DAY;
const LABEL_ROOM = 64;

interface Stride {
  readonly milliseconds: number;
  readonly next: (time: number) => number;
  readonly first: (time: number) => number;
  readonly unit: 'minute' | 'day' | 'month' | 'year';
}

const STRIDES: readonly Stride[] = [
  ...[1, 5, 15, 30].map((count) => even(count * MINUTE, 'minute')),
  ...[1, 3, 6, 12].map((count) => even(count * HOUR, 'minute')),
  ...[1, 2].map((count) => even(count * DAY, 'day')),
  even(7 * DAY, 'day', 4 * DAY),
  even(14 * DAY, 'day', 4 * DAY),
  ...[1, 3, 6].map((count) => months(count, 'month')),
  ...[1, 2, 5, 10, 25, 100].map((count) => months(count * 12, 'year')),
];

/** `leastMilliseconds`: data has no finer step, so ticks have none either. */
export function timeTicks(low: number, high: number, width: number, leastMilliseconds = 0): TimeTicks {
  const room = Math.max(1, Math.floor(width / LABEL_ROOM));
  const stride =
    STRIDES.find(
      ({ milliseconds }) => milliseconds >= leastMilliseconds * 0.9 && (high - low) / milliseconds <= room,
    ) ?? months(1200, 'year');
  const values: number[] = [];
  for (let time = stride.first(low); time <= high; time = stride.next(time)) values.push(time);
  const shown = values.length === 0 ? [low] : values;
  return { values: { expr: JSON.stringify(shown) }, labelExpr: labelExpression(shown, stride.unit) };
}

/** The year under the first label of a year; over hours the day under the first label of a day. */
function labelExpression(values: readonly number[], unit: Stride['unit']): string {
  if (unit === 'year') return "utcFormat(datum.value, '%Y')";
  const [line, below, length] =
    unit === 'minute' ? ['%H:%M', '%-d %b', 10] : [unit === 'month' ? '%b' : '%-d %b', '%Y', 4];
  const group = (time: number) => new Date(time).toISOString().slice(0, length);
  const marked = values.filter((time, at) => at === 0 || group(time) !== group(values[at - 1] ?? time));
  const text = `utcFormat(datum.value, '${line}')`;
  return `indexof(${JSON.stringify(marked)}, time(datum.value)) >= 0 ? [${text}, utcFormat(datum.value, '${below}')] : ${text}`;
}

function even(milliseconds: number, unit: Stride['unit'], origin = 0): Stride {
  return {
    milliseconds,
    unit,
    first: (time) => Math.ceil((time - origin) / milliseconds) * milliseconds + origin,
    next: (time) => time + milliseconds,
  };
}

function months(count: number, unit: Stride['unit']): Stride {
  const start = (time: number, ahead: number) => {
    const date = new Date(time);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    return utcMonth((Math.floor(month / count) + ahead) * count);
  };
  return {
    milliseconds: count * MONTH,
    unit,
    first: (time) => (start(time, 0) === time ? time : start(time, 1)),
    next: (time) => start(time, 1),
  };
}

/** The first instant of the month with this number, counted from the year 0. */
function utcMonth(month: number): number {
  return new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1);
}
