import type { ChartRenderer } from '@rollcall/reports/charts';
import type { Warehouse } from '@rollcall/warehouse';
import type { ReportBook } from '../../engine/report-book.js';

/** What answers about reports are made of. */
export interface AnswerParts {
  readonly book: ReportBook;
  /** As `bi_reader`, with the limit of time that a page has. */
  readonly readers: Pick<Warehouse, 'query'>;
  readonly renderer: Pick<ChartRenderer, 'render'>;
  readonly nowMs: () => number;
}
