const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;
const DAY_MS = 86_400_000;

/** Formatters are dear to make, and few are needed. */
const made = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  const known = made.get(key);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
  made.set(key, format);
  return format;
}

const DAY_PARTS: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
const MONTH_PARTS: Intl.DateTimeFormatOptions = { month: 'short', year: 'numeric' };
const TIME_PARTS: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
};

/** A day, month, week or instant in words; undefined: not one that a calendar has (`infinity`, BC). */
export function formatDate(
  value: string,
  format: 'day' | 'month' | 'week' | 'instant',
  zone: string,
): string | undefined {
  const day = DAY.test(value);
  if (!day && !INSTANT.test(value)) return undefined;
  const at = Date.parse(day ? `${value}T00:00:00Z` : normalised(value));
  if (Number.isNaN(at)) return undefined;
  // A day is the same day everywhere; only an instant has a zone.
  const shownIn = day ? 'UTC' : zone;
  switch (format) {
    case 'day':
      return formatter(shownIn, DAY_PARTS).format(at);
    case 'month':
      return formatter(shownIn, MONTH_PARTS).format(at);
    case 'week':
      return `week of ${formatter('UTC', DAY_PARTS).format(monday(at, shownIn))}`;
    case 'instant':
      if (day) return formatter('UTC', DAY_PARTS).format(at);
      return `${formatter(zone, DAY_PARTS).format(at)}, ${formatter(zone, TIME_PARTS).format(at)}`;
  }
}

/** Postgres' own form (`2026-08-03 12:04:00+00`) as ISO, with milliseconds at most. */
function normalised(value: string): string {
  const iso = value.replace(' ', 'T').replace(/(\.\d{3})\d+/, '$1');
  return iso.replace(/([+-]\d{2})$/, '$1:00');
}

/** Midnight UTC of the Monday of the week that holds an instant, as the zone counts days. */
function monday(at: number, zone: string): number {
  const parts = new Map(
    formatter(zone, { year: 'numeric', month: '2-digit', day: '2-digit' })
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const start = Date.UTC(parts.get('year') ?? 0, (parts.get('month') ?? 1) - 1, parts.get('day') ?? 1);
  return start - ((new Date(start).getUTCDay() + 6) % 7) * DAY_MS;
}
