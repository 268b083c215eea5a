import type { ParameterFault } from '../http/refusal.js';

export const STATUSES = ['open', 'replayed', 'discarded', 'all'] as const;

/** What of the quarantine is asked for. */
export interface QuarantineQuery {
  readonly dataset: string | null;
  readonly reason: string | null;
  readonly status: (typeof STATUSES)[number];
  /** Entries older than this id: pages go from the newest to the oldest. */
  readonly after: string | null;
  readonly limit: number;
}

const PAGE = 50;
const MAX_PAGE = 500;
const KNOWN: ReadonlySet<string> = new Set(['dataset', 'reason', 'status', 'after', 'limit']);

/** Pure: the query of a request, or every parameter that cannot be taken. */
export function readQuarantineQuery(
  parameters: ReadonlyMap<string, readonly string[]>,
): { readonly query: QuarantineQuery } | { readonly errors: readonly ParameterFault[] } {
  const errors: ParameterFault[] = [];
  for (const [parameter, values] of parameters) {
    if (!KNOWN.has(parameter))
      errors.push({ parameter, detail: `there is none of that name; there are ${[...KNOWN].join(', ')}` });
    else if (values.length > 1) errors.push({ parameter, detail: 'give it once' });
  }
  const one = (name: string): string | null => parameters.get(name)?.[0] ?? null;
  const status = STATUSES.find((candidate) => candidate === (one('status') ?? 'open'));
  if (status === undefined) errors.push({ parameter: 'status', detail: `is one of ${STATUSES.join(', ')}` });
  const after = one('after');
  if (after !== null && !/^[1-9]\d{0,17}$/.test(after))
    errors.push({ parameter: 'after', detail: 'is the `next` of a page' });
  const limit = limitOf(one('limit'), PAGE, MAX_PAGE);
  if (limit === undefined) errors.push({ parameter: 'limit', detail: `is a number from 1 to ${MAX_PAGE}` });
  if (errors.length > 0 || status === undefined || limit === undefined) return { errors };
  return { query: { dataset: one('dataset'), reason: one('reason'), status, after, limit } };
}

/** A page's size as sent; undefined: it is none. */
export function limitOf(text: string | null, standing: number, max: number): number | undefined {
  if (text === null) return standing;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= max ? limit : undefined;
}
