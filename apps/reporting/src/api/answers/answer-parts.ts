import type { ChartRenderer } from '@rollcall/reports/renderer';
import type { Warehouse } from '@rollcall/warehouse';
import type { ReportBook } from '../../engine/report-book.js';
import type { AnswerCache } from '../../http/answer-cache.js';

/** What answers about reports are made of. */
export interface AnswerParts {
  readonly book: ReportBook;
  /** As `bi_reader`, with the limit of time that a page has. */
  readonly readers: Pick<Warehouse, 'query'>;
  /** Of answers, and of rows that several answers are made of. */
  readonly cache: AnswerCache;
  readonly renderer: Pick<ChartRenderer, 'render' | 'specify'>;
  readonly nowMs: () => number;
}
