import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qualifiedSource, quoteSourceIdentifier, quoteSourceLiteral } from './quote-source-identifier.js';
import { formatTableName, parseTableName } from './table-name.js';

describe('parseTableName', () => {
  it.each([
    ['users', 'public', 'users'],
    ['Public.USERS', 'public', 'users'],
    ['"My schema"."Users"', 'My schema', 'Users'],
    ['shop."a.b""c"', 'shop', 'a.b"c'],
    ['größe.über', 'größe', 'über'],
  ])('reads %s', (text, schema, name) => {
    expect(parseTableName(text)).toEqual({ schema, name });
  });

  it.each(['', '.', 'a.', '.a', 'a.b.c', '"a', 'a"b', '""', 'a b', "a'; --"])('refuses %j', (text) => {
    expect(parseTableName(text)).toBeUndefined();
  });

  it('reads back whatever is written', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(name, name, (schema, table) => {
        expect(parseTableName(formatTableName({ schema, name: table }))).toEqual({ schema, name: table });
      }),
    );
  });
});

describe('quoting', () => {
  it('keeps a name a name and a text a text', () => {
    expect(qualifiedSource('a"b', "c'; DROP")).toBe(`"a""b"."c'; DROP"`);
    expect(quoteSourceLiteral(`it's \\ "x"`)).toBe(`E'it''s \\\\ "x"'`);
    expect(() => quoteSourceIdentifier('')).toThrow(RangeError);
    expect(() => quoteSourceIdentifier('a\0b')).toThrow(RangeError);
  });
});
