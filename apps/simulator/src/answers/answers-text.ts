import type { Answer } from './answer.js';
import { ANSWERS_SCHEMAS, type AnswersSchemaName } from './answers-schema.js';

export type AnswersFormat = 'csv' | 'ndjson';

/** Rows that become one piece of text: bounds the memory of writing a log. */
const ROWS_PER_PIECE = 5_000;

/** A log as text, piece by piece: CSV with a header, or one JSON object a line. */
export function* answersText(
  rows: readonly Answer[],
  schemaName: AnswersSchemaName,
  format: AnswersFormat,
): Generator<string> {
  const { columns, values, lineEnd } = ANSWERS_SCHEMAS[schemaName];
  if (format === 'csv') yield columns.join(',') + lineEnd;
  for (let from = 0; from < rows.length; from += ROWS_PER_PIECE) {
    let piece = '';
    for (const row of rows.slice(from, from + ROWS_PER_PIECE)) {
      const fields = values(row);
      piece +=
        format === 'csv'
          ? fields.map(csvField).join(',') + lineEnd
          : `${JSON.stringify(Object.fromEntries(columns.map((name, index) => [name, fields[index]])))}\n`;
    }
    yield piece;
  }
}

/** Booleans as the log's database writes them; no text of a log needs quotes. */
function csvField(value: string | boolean): string {
  return typeof value === 'string' ? value : value ? 'True' : 'False';
}
