export interface ColumnHead {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

// Colour codes have no width.
const COLOUR = /\u001b\[\d+m/g;

/** Columns of a terminal a text takes, colour codes apart. */
export function visibleWidth(text: string): number {
  return [...text.replace(COLOUR, '')].length;
}

/**
 * A table for people: two spaces between columns, a rule below the heads, no trailing blanks.
 * Cells are shown as they are; a missing cell is empty.
 */
export function textTable(heads: readonly ColumnHead[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, i) =>
    Math.max(visibleWidth(head.title), ...rows.map((row) => visibleWidth(row[i] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    heads
      .map((head, i) => pad(cells[i] ?? '', widths[i] ?? 0, head.align ?? 'left'))
      .join('  ')
      .trimEnd();
  return [
    line(heads.map((head) => head.title)),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...rows.map(line),
  ].join('\n');
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - visibleWidth(text)));
  return align === 'right' ? blanks + text : text + blanks;
}

/** 1234567 -> 1,234,567. */
export function grouped(count: number | bigint): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Bytes for people: 1.4 MB. */
export function humanBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? 'B'}`;
}

/** A length of time for people, from milliseconds: 850 ms, 4 s, 3 min, 2 h, 5 d. */
export function humanDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const steps = [
    ['s', 1000, 120],
    ['min', 60_000, 120],
    ['h', 3_600_000, 48],
  ] as const;
  for (const [unit, size, limit] of steps) if (ms / size < limit) return `${Math.round(ms / size)} ${unit}`;
  return `${Math.round(ms / 86_400_000)} d`;
}
