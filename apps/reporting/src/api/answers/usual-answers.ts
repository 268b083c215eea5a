import type { AnswerParts } from './answer-parts.js';
import type { AskedAnswer } from './ask-ahead.js';
import type { AskedReport } from './asked-report.js';
import { describeReport } from './describe-report.js';
import { readChart } from './read-chart.js';
import { readRows, readRowsRequest } from './read-rows.js';
import { readTiles } from './read-tiles.js';

const NO_PARAMETERS: ReadonlyMap<string, readonly string[]> = new Map();

/** What the page of a report asks for when nobody has chosen anything. */
export function usualAnswers(parts: AnswerParts, { report }: AskedReport): readonly AskedAnswer[] {
  return [
    (asked) => describeReport(parts, asked),
    (asked) => readRows(parts, asked, readRowsRequest(asked.report, NO_PARAMETERS).query),
    (asked) => readTiles(parts, asked, NO_PARAMETERS),
    ...report.charts.map(
      ({ name }): AskedAnswer =>
        (asked) =>
          readChart(parts, asked, name, 'json', NO_PARAMETERS),
    ),
  ];
}
