import { datum, quote, textExpression, type Field } from './field.js';
import type { Json } from './frame.js';

/** A field as tooltips and screen readers say it: `as` holds its text. */
export interface Said {
  readonly field: Field;
  /** Derived field with the value or key. */
  readonly from: string;
  readonly as: string;
}

/** Derives the texts, and `_said`: `Session: Keynote; Answers: 1 204 answers`. */
export function saidTransforms(said: readonly Said[]): readonly Json[] {
  const sentence = said.map(({ field, as }) => `${quote(`${field.column.label}: `)} + ${datum(as)}${unitOf(field)}`);
  return [
    ...said.map(({ field, from, as }) => ({ calculate: textExpression(field, from), as })),
    { calculate: sentence.join(" + '; ' + "), as: '_said' },
  ];
}

/** Encodings that say a mark: to the pointer as a table, to a screen reader as a sentence. */
export function saidEncoding(said: readonly Said[]): Json {
  return {
    tooltip: said.map(({ field, as }) => ({ field: as, type: 'nominal', title: field.column.label })),
    description: { field: '_said', type: 'nominal' },
  };
}

function unitOf({ column }: Field): string {
  const said =
    column.unit === undefined || column.unit === '%' || column.label.toLowerCase() === column.unit.toLowerCase();
  return said ? '' : ` + ${quote(` ${column.unit}`)}`;
}
