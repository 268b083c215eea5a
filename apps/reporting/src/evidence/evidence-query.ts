import { parseValue, suggestion, valueToText, type LogicalType } from '@rollcall/catalog';
import type { Report } from '@rollcall/reports';
import { readChoice, type Row } from '@rollcall/reports/shown';
import type { ParameterFault } from '../http/refusal.js';
import { limitOf } from '../waiting/quarantine-query.js';

/** Which row's evidence is asked for, and which page of it. */
export interface EvidenceQuery {
  /** Canonical texts by column of the grain. */
  readonly grain: Row;
  readonly limit: number;
  /** A later page: of this input alone. */
  readonly after?: EvidenceCursor;
}

/** The record behind which a page begins. */
export interface EvidenceCursor {
  readonly dataset: string;
  readonly position: string;
  readonly batch: string;
}

const PAGE = 50;
export const MAX_EVIDENCE_PAGE = 1_000;
/** What a reader may send for a value; longer texts are nobody's grain. */
const MAX_LENGTH = 1_000;

/** Pure: the query of a request, or every parameter that cannot be taken. Values are written as in filters: `~` is no value. */
export function readEvidenceQuery(
  report: Report,
  parameters: ReadonlyMap<string, readonly string[]>,
): { readonly query: EvidenceQuery } | { readonly errors: readonly ParameterFault[] } {
  const errors: ParameterFault[] = [...parameters.keys()].flatMap((parameter) =>
    report.grain.includes(parameter) || parameter === 'limit' || parameter === 'after'
      ? []
      : [{ parameter, detail: `a row is named by ${report.grain.join(', ')}${suggestion(parameter, report.grain)}` }],
  );
  const fault = (parameter: string, detail: string): void => void errors.push({ parameter, detail });
  const grain: Record<string, string | null> = {};
  for (const name of report.grain) {
    const value = grainValue(report, name, parameters.get(name) ?? []);
    if (value === undefined) fault(name, `is needed once, as the row has it (${typeOf(report, name).name})`);
    else grain[name] = value;
  }
  const single = (name: string): string | null => {
    const values = parameters.get(name) ?? [];
    if (values.length > 1) fault(name, 'may be given once');
    return values[0] ?? null;
  };
  const limit = limitOf(single('limit'), PAGE, MAX_EVIDENCE_PAGE);
  if (limit === undefined) fault('limit', `is a number from 1 to ${MAX_EVIDENCE_PAGE}`);
  const text = single('after');
  const after = text === null ? undefined : readCursor(text);
  const isOfReport = after === undefined || report.evidence.some(({ dataset }) => dataset === after.dataset);
  if ((text !== null && after === undefined) || !isOfReport)
    fault('after', 'is not the `next` of a page of this evidence');
  if (errors.length > 0 || limit === undefined) return { errors };
  return { query: { grain, limit, ...(after && { after }) } };
}

/** Opaque to readers. Not a seal: whatever it holds is only ever bound as a value. */
export function writeCursor({ dataset, position, batch }: EvidenceCursor): string {
  return Buffer.from(JSON.stringify([dataset, position, batch])).toString('base64url');
}

function readCursor(text: string): EvidenceCursor | undefined {
  if (!/^[\w-]{1,500}$/.test(text)) return undefined;
  const parts = parsed(Buffer.from(text, 'base64url').toString());
  if (!Array.isArray(parts) || parts.length !== 3) return undefined;
  const [dataset, position, batch] = parts as readonly unknown[];
  if (typeof dataset !== 'string' || typeof position !== 'string' || typeof batch !== 'string') return undefined;
  return /^[0-9a-f-]{1,40}$/.test(position) && /^[1-9]\d{0,17}$/.test(batch) ? { dataset, position, batch } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** null: no value. undefined: not given once, or not of the column's type. */
function grainValue(report: Report, name: string, texts: readonly string[]): string | null | undefined {
  const choice = readChoice('eq', texts);
  if (choice === undefined || choice === 'all' || choice.op !== 'eq') return undefined;
  const { value } = choice;
  if (value === null) return null;
  if (value.length > MAX_LENGTH) return undefined;
  const type = typeOf(report, name);
  const read = parseValue(type, value);
  return read.ok ? (valueToText(type, read.value) ?? undefined) : undefined;
}

function typeOf(report: Report, name: string): LogicalType {
  return report.columns.find((column) => column.name === name)?.type ?? { name: 'text' };
}
