import {
  columnInfo,
  countStatement,
  describeFilters,
  nextCursor,
  readRowsQuery,
  rowsStatement,
  type Report,
  type RowsQuery,
} from '@rollcall/reports';
import type { Row, RowsAnswer } from '@rollcall/reports/shown';
import type { z } from 'zod';
import type { Recipe } from '../../http/answer-cache.js';
import { badParameters } from '../../http/refusal.js';
import { JSON_TYPE } from '../../http/send-answer.js';
import type { AnswerParts } from './answer-parts.js';
import type { AskedReport } from './asked-report.js';
import { keptRows } from './kept-rows.js';
import { rowsParameters, takeParameters, type Parameters } from './own-parameters.js';
import { filterKey, withoutStrays } from './read-filters-of.js';

export const MAX_PAGE_ROWS = 1_000;

/** What `readRowsQuery` takes beside filters. */
const PAGING = ['sort', 'limit', 'after'];

/** The rows that a request asks for, and in which form. Throws Refusal 400 with every fault. */
export function readRowsRequest(
  report: Report,
  params: Parameters,
): { readonly query: RowsQuery; readonly own: z.output<typeof rowsParameters> } {
  const { own, rest, errors: ownErrors } = takeParameters(rowsParameters, params);
  const { known, errors: strays } = withoutStrays(report, rest, PAGING);
  const { query, errors } = readRowsQuery(report, known, { maxRows: MAX_PAGE_ROWS });
  const all = [...ownErrors, ...strays, ...errors];
  if (!query || !own || all.length > 0) throw badParameters(all);
  return { query, own };
}

/** GET reports/:report/rows as JSON: one page. */
export function readRows(parts: AnswerParts, asked: AskedReport, query: RowsQuery): Recipe {
  const { report, envelope, state } = asked;
  const make = async (): Promise<string> => {
    const page = rowsStatement(report, query);
    const [found, [counted]] = await Promise.all([
      parts.readers.query<Row>(page.text, page.values),
      keptRows<{ total: string }>(parts, asked, countStatement(report, query.filters)),
    ]);
    const pagedFrom = query.after?.refreshId;
    const answer: RowsAnswer = {
      ...envelope,
      columns: report.columns.map((column) => columnInfo(report, column.name)),
      rows: found.slice(0, query.limit),
      total: Number(counted?.total ?? 0),
      next: nextCursor(report, query, found, pagedFrom ?? envelope.refreshId),
      filteredBy: describeFilters(report, query.filters),
      ...(pagedFrom !== undefined && pagedFrom !== envelope.refreshId && { pagedFrom }),
    };
    return JSON.stringify(answer);
  };
  return { key: rowsKey(state, query), type: JSON_TYPE, make };
}

function rowsKey(state: string, { filters, sort, limit, after }: RowsQuery): string {
  return `rows ${state} ${filterKey(filters)} ${JSON.stringify([sort, limit, after])}`;
}
