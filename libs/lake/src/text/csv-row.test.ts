import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRow } from './csv-row.js';

/** A reader of RFC 4180 that tells an empty field from "". */
function readRow(text: string): (string | null)[] {
  const fields: (string | null)[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      let value = '';
      for (at += 1; ; at += 1) {
        if (text[at] !== '"') value += text[at] ?? '';
        else if (text[at + 1] === '"') {
          value += '"';
          at += 1;
        } else break;
      }
      fields.push(value);
      at += 1;
    } else {
      const end = /[,\r]/.exec(text.slice(at))?.index ?? 0;
      fields.push(end === 0 ? null : text.slice(at, at + end));
      at += end;
    }
    if (text[at] !== ',') return fields;
    at += 1;
  }
}

describe('csvRow', () => {
  it.each<[(string | null)[], string]>([
    [['a', 'b'], 'a,b\r\n'],
    [[null, ''], ',""\r\n'],
    [['a,b', 'c"d', 'e\nf', 'g\rh'], '"a,b","c""d","e\nf","g\rh"\r\n'],
    [[' a '], ' a \r\n'],
  ])('%j -> %j', (fields, text) => {
    expect(csvRow(fields)).toBe(text);
  });

  it('keeps every text and tells NULL from empty', () => {
    const field = fc.oneof(fc.constant(null), fc.constant(''), fc.string(), fc.stringMatching(/^[",\r\n a]*$/));
    fc.assert(
      fc.property(fc.array(field, { minLength: 2, maxLength: 6 }), (fields) => {
        expect(readRow(csvRow(fields))).toEqual(fields);
      }),
    );
  });
});
