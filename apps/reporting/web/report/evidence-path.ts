import type { Cell, Row } from '@rollcall/reports/shown';
import { reportPath, withQuery } from '../routing/route-of.js';

/** The page of what a row stands on, named by its grain. */
export function evidencePath(report: string, grain: readonly string[], row: Row): string {
  const params = new URLSearchParams(grain.map((column) => [column, grainText(row[column] ?? null)]));
  return withQuery(`${reportPath(report)}/evidence`, params);
}

/** As filters write values: `~` is no value, a text that begins with `~` has another one in front. */
function grainText(value: Cell): string {
  if (value === null) return '~';
  const text = String(value);
  return text.startsWith('~') ? `~${text}` : text;
}
