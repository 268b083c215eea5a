import { writeChoice } from '@rollcall/reports/shown';
import type { AskedReport } from '../answers/asked-report.js';
import type { FilterValues } from '@rollcall/reports';

const MAX_FILTER_CHARS = 80;

/** `answers_per_session-mode-gap-20261122T1204Z.csv`: the report, its filters and up to when its data is complete. */
export function exportName({ report, envelope }: AskedReport, filters: FilterValues, extension: string): string {
  const chosen = [...filters].map(([name, value]) => `${name}-${writeChoice(value).join('+')}`).join('_');
  const stamp = (envelope.asOf ?? envelope.computedAt).replace(/[-:]/g, '').slice(0, 13);
  const parts = [report.name, chosen.slice(0, MAX_FILTER_CHARS), `${stamp}Z`].filter((part) => part !== '');
  return `${parts.join('-').replace(/[\p{C}\s/\\:*?"<>|~]+/gu, '_')}.${extension}`;
}

/** `Content-Disposition` by RFC 6266: the name in ASCII for old readers, whole for the others. */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded(name)}`;
}

function encoded(name: string): string {
  return encodeURIComponent(name).replace(/['()*!]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
