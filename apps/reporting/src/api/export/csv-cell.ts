import type { LogicalType } from '@rollcall/catalog';

/** Spreadsheets take a text that begins like this for a formula (CWE-1236). */
const FORMULA = /^[=+\-@\t\r\n]/;

/**
 * A field as it goes into CSV for people. Text that would be run as a formula gets an apostrophe in front, by which spreadsheets know text;
 * numbers stay as they are, negative ones too. No rule keeps every spreadsheet from everything: Parquet has types.
 */
export function csvCell(text: string | null, type: LogicalType): string | null {
  return text !== null && isText(type) && FORMULA.test(text) ? `'${text}` : text;
}

function isText({ name }: LogicalType): boolean {
  return name === 'text';
}
