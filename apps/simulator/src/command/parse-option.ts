import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30s`, `5m`, `2h`, `14d`, `500ms` in milliseconds. */
export function parseDuration(text: string): number {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? NaN);
  if (!(ms > 0)) throw new InvalidArgumentError('a duration such as 30s, 5m, 2h or 14d');
  return ms;
}

/** `1%` or `0.01` as a number from 0 to 1. */
export function parseShare(text: string): number {
  const share = text.endsWith('%') ? Number(text.slice(0, -1) || NaN) / 100 : Number(text || NaN);
  if (!(share >= 0 && share <= 1)) throw new InvalidArgumentError('a share such as 1% or 0.01');
  return share;
}

/** Events per second, 1 to 50,000, or `max`: as fast as the target takes them. */
export function parseRate(text: string): number {
  if (text === 'max') return Infinity;
  const rate = Number(text || NaN);
  if (!(rate >= 1 && rate <= 50_000)) throw new InvalidArgumentError('events per second, 1 to 50000, or max');
  return rate;
}

/** A whole number from 1 to `most`; `_` and `,` may group the digits. */
export function parseCountUpTo(most: number): (text: string) => number {
  return (text) => {
    const count = /^\d[\d_,]*$/.test(text) ? Number(text.replace(/[_,]/g, '')) : NaN;
    if (!(count >= 1 && count <= most)) throw new InvalidArgumentError(`a whole number from 1 to ${most}`);
    return count;
  };
}

/** An instant such as 2026-01-31 or 2026-01-31T08:00:00Z (UTC where no zone is given), in milliseconds since 1970. */
export function parseInstant(text: string): number {
  const shape = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/;
  const zoned = /T/.test(text) && !/(Z|[+-]\d\d:\d\d)$/.test(text) ? `${text}Z` : text;
  const ms = shape.test(text) ? Date.parse(zoned) : NaN;
  if (Number.isNaN(ms)) throw new InvalidArgumentError('an instant such as 2026-01-31 or 2026-01-31T08:00:00Z');
  return ms;
}

/** A seed: it becomes part of file names and message ids. */
export function parseSeed(text: string): string {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(text)) throw new InvalidArgumentError('1 to 64 letters, digits, . _ or -');
  return text;
}

/** The name of a dataset, as in the catalog. */
export function parseDatasetName(text: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(text)) throw new InvalidArgumentError('a dataset: a-z, 0-9 and _');
  return text;
}
