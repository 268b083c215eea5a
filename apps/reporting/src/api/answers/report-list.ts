import type { ReportList, ReportSummary } from '@rollcall/reports/shown';
import { envelopeOf } from '../../engine/envelope-of.js';
import type { Standing } from '../../engine/report-book.js';
import type { Recipe } from '../../http/answer-cache.js';
import { JSON_TYPE } from '../../http/send-answer.js';
import type { AnswerParts } from './answer-parts.js';
import { stateOf } from './asked-report.js';

/** GET reports */
export function reportList({ book, nowMs }: Pick<AnswerParts, 'book' | 'nowMs'>): Recipe {
  const at = nowMs();
  const list: ReportList = {
    reports: book.list().map((standing) => summaryOf(standing, at)),
    broken: book.broken().map(({ report, faults }) => ({ report, faults })),
  };
  return { key: `list ${stateOf([list])}`, type: JSON_TYPE, make: async () => JSON.stringify(list) };
}

export function summaryOf(standing: Standing, nowMs: number): ReportSummary {
  const { title, question, owner } = standing.report;
  return { ...envelopeOf(standing, nowMs), title, question, owner, rows: standing.rows };
}
