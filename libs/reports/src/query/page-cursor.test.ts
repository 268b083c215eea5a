import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ALL_TYPES } from '../../test/all-types.js';
import { goodReport } from '../../test/report-folder.js';
import type { Row } from '../shown/api.js';
import { readCursor, writeCursor } from './page-cursor.js';
import { readRowsQuery } from './read-rows-query.js';
import type { RowsQuery } from './rows-query.js';

const ROW: Row = {
  word: "a'b",
  part: 7,
  note: null,
  flag: true,
  count: '9007199254740993',
  price: '0.10',
  exact: 'NaN',
  ratio: 0.1,
  day: '2026-08-03',
  at: '2026-08-03T12:04:00.000001Z',
};

function query(params: Readonly<Record<string, string>>): RowsQuery {
  const { query: read, errors } = readRowsQuery(ALL_TYPES, new Map(Object.entries(params).map(([k, v]) => [k, [v]])));
  if (!read) throw new Error(JSON.stringify(errors));
  return read;
}

test('a cursor reads back as the values of its row in the whole order', () => {
  const asked = query({ sort: '-count,note,ratio,at,flag', part: '7' });
  const text = writeCursor(ALL_TYPES, asked, ROW, 'r1');
  expect(text).toMatch(/^[\w-]+$/);
  expect(readCursor(ALL_TYPES, asked, text)).toEqual({
    values: ['9007199254740993', null, 0.1, '2026-08-03T12:04:00.000001Z', true, "a'b", 7],
    refreshId: 'r1',
  });
});

test('a cursor of another order, filter or report is refused', () => {
  const text = writeCursor(ALL_TYPES, query({ sort: '-count', part: '7' }), ROW, 'r1');
  expect(readCursor(ALL_TYPES, query({ sort: '-count', part: '7', limit: '3' }), text)).toBeDefined();
  for (const other of [
    { sort: 'count', part: '7' },
    { sort: '-count' },
    { sort: '-count', part: '8' },
    { sort: '-count,note', part: '7' },
  ]) {
    expect(readCursor(ALL_TYPES, query(other), text)).toBeUndefined();
  }
  const twin = goodReport({
    name: 'twin',
    sql: 'SELECT 1',
    yaml: 'grain: [word]\ncolumns:\n  word: { type: text, description: A }\n  count: { type: int8, description: A }\n',
  });
  const asked = readRowsQuery(twin, new Map([['sort', ['-count']]])).query;
  expect(asked && readCursor(twin, asked, text)).toBeUndefined();
});

test('a garbled cursor is refused: a letter changed, taken out or put in, or no cursor at all', () => {
  const asked = query({ sort: '-count' });
  const text = writeCursor(ALL_TYPES, asked, ROW, 'r1');
  const place = fc.integer({ min: 0, max: text.length - 1 });
  const letter = fc.constantFrom(...'ABCxyz019-_');
  fc.assert(
    fc.property(place, letter, (at, put) => {
      for (const tried of [
        text.slice(0, at) + put + text.slice(at + 1),
        text.slice(0, at) + text.slice(at + 1),
        text.slice(0, at) + put + text.slice(at),
      ]) {
        if (Buffer.from(tried, 'base64url').equals(Buffer.from(text, 'base64url'))) continue;
        expect(readCursor(ALL_TYPES, asked, tried)).toBeUndefined();
      }
    }),
  );
  fc.assert(
    fc.property(fc.string(), (tried) => {
      expect(readCursor(ALL_TYPES, asked, tried)).toBeUndefined();
    }),
  );
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(readCursor(ALL_TYPES, asked, Buffer.from(json).toString('base64url'))).toBeUndefined();
    }),
  );
});
