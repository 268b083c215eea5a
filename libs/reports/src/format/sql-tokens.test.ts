import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findReferences } from './report-references.js';
import { scanSql, withParameters } from './sql-tokens.js';

function texts(sql: string): readonly string[] {
  return scanSql(sql).tokens.map(({ kind, text }) => `${kind}:${text}`);
}

test.each<[string, readonly string[]]>([
  ['SELECT a.b', ['word:select', 'word:a', 'sign:.', 'word:b']],
  ['"A ""b""" U&"c"', ['quoted:A "b"', 'quoted:c']],
  [`'it''s' E'it\\'s' e'\\\\' x'1f'`, [`string:'it''s'`, `string:E'it\\'s'`, `string:e'\\\\'`, `string:x'1f'`]],
  ['$$ :a -- $$ $t$ $$ $t$', ['string:$$ :a -- $$', 'string:$t$ $$ $t$']],
  ['a /* b /* c */ d */ e -- f\ng', ['word:a', 'word:e', 'word:g']],
  [':a::date :b', ['parameter:a', 'sign:::', 'word:date', 'parameter:b']],
  ['1.5e-3 .5 1_000', ['number:1.5e-3', 'number:.5', 'number:1_000']],
  ['größe a$1', ['word:größe', 'word:a$1']],
  ['name e', ['word:name', 'word:e']],
])('%s', (sql, expected) => {
  expect(texts(sql)).toEqual(expected);
});

test.each([
  ["a 'b", 'a text', 2],
  ["a E'b\\'", 'a text', 2],
  ['a "b', 'a name in quotes', 2],
  ['a /* b /* */', 'a comment', 2],
  ['a $x$ b $y$', 'a text in dollar quotes', 2],
])('%s: %s begins and does not end', (sql, what, start) => {
  expect(scanSql(sql).unclosed).toEqual({ what, start });
});

test('placeholders are replaced, and nothing that only looks like one', () => {
  const sql = `SELECT ':a', ":a", $$:a$$, x::a /* :a */ FROM t WHERE a = :a AND b = :b::date -- :a`;
  expect(withParameters(sql, (name) => `<${name}>`)).toBe(
    `SELECT ':a', ":a", $$:a$$, x::a /* :a */ FROM t WHERE a = <a> AND b = <b>::date -- :a`,
  );
});

test.each<[string, readonly string[]]>([
  ['SELECT * FROM report.a, "report"."b b", REPORT . c', ['a', 'b b', 'c']],
  ["SELECT 'report.a' /* report.b */ -- report.c", []],
  ['SELECT x.report.a, analytics.report FROM analytics.report', []],
  ['SELECT "Report".a', []],
])('%s names %j', (sql, names) => {
  expect(findReferences(sql).references.map(({ name }) => name)).toEqual(names);
});

const piece = fc.oneof(
  fc.constantFrom(
    "'",
    '"',
    '$$',
    '$a$',
    '/*',
    '*/',
    '--',
    '\n',
    '\\',
    ':',
    '::',
    ':a',
    'E',
    ' ',
    'x',
    '😀',
    ';',
    '(',
    '.',
    '1',
  ),
  fc.string({ maxLength: 4, unit: 'grapheme' }),
);

test('whatever stands there, it is read to its end: pieces are in order, do not overlap and hold what is left out of no other', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
      (sql) => {
        const { tokens, unclosed } = scanSql(sql);
        let done = 0;
        for (const { start, end } of tokens) {
          expect(start).toBeGreaterThanOrEqual(done);
          expect(end).toBeGreaterThan(start);
          done = end;
        }
        expect(done).toBeLessThanOrEqual(unclosed?.start ?? sql.length);
      },
    ),
  );
});

test('what is put in quotes by the rules is one piece, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const quoted = `'${text.replaceAll("'", "''")}'`;
      const named = `"${text.replaceAll('"', '""')}"`;
      expect(texts(`a ${quoted} b`)).toEqual(['word:a', `string:${quoted}`, 'word:b']);
      expect(texts(`a ${named} b`)).toEqual(['word:a', `quoted:${text}`, 'word:b']);
      const inComment = text.replaceAll('/*', '').replaceAll('*/', '').replace(/[*/]/g, '');
      expect(texts(`a /*${inComment}*/ b`)).toEqual(['word:a', 'word:b']);
    }),
  );
});

test('a long text takes a time that grows with its length', () => {
  const sql = `SELECT '${"''".repeat(200_000)}', ${'('.repeat(50_000)}`;
  expect(scanSql(sql).tokens.length).toBe(50_003);
});
