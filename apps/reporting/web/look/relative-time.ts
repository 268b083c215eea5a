const UNITS = [
  { seconds: 86_400 * 365, name: 'year' },
  { seconds: 86_400 * 30, name: 'month' },
  { seconds: 86_400, name: 'day' },
  { seconds: 3600, name: 'h' },
  { seconds: 60, name: 'min' },
] as const;

/** "just now", "12 min ago", "in 3 days": one unit, never rounded up. */
export function relativeTime(ms: number, nowMs: number): string {
  const seconds = Math.floor(Math.abs(nowMs - ms) / 1000);
  const text = spanOf(seconds, 1);
  if (text === undefined) return 'just now';
  return ms <= nowMs ? `${text} ago` : `in ${text}`;
}

/** "3 h 50 min", "2 days", "under a minute". */
export function ageText(seconds: number): string {
  return spanOf(Math.max(0, Math.floor(seconds)), 2) ?? 'under a minute';
}

function spanOf(seconds: number, parts: number): string | undefined {
  const first = UNITS.findIndex((unit) => seconds >= unit.seconds);
  const unit = UNITS[first];
  if (unit === undefined) return undefined;
  const count = Math.floor(seconds / unit.seconds);
  const text = `${count} ${named(unit.name, count)}`;
  const smaller = UNITS[first + 1];
  if (parts < 2 || smaller === undefined || count > 9) return text;
  const rest = Math.floor((seconds - count * unit.seconds) / smaller.seconds);
  return rest === 0 ? text : `${text} ${rest} ${named(smaller.name, rest)}`;
}

function named(name: string, count: number): string {
  return name === 'h' || name === 'min' || count === 1 ? name : `${name}s`;
}
