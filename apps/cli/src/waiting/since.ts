import { instant } from '@rollcall/contracts';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads `--since`: a length of time back from now (30m, 12h, 7d) or an instant in UTC.
 * @returns ISO 8601; undefined when it is neither
 */
export function parseSince(text: string, nowMs: number): string | undefined {
  const parts = /^(\d{1,6})([smhd])$/.exec(text);
  if (parts) return new Date(nowMs - Number(parts[1]) * (UNITS[parts[2] ?? ''] ?? 0)).toISOString();
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  return instant.safeParse(day).success && !Number.isNaN(Date.parse(day)) ? day : undefined;
}
