import { readFileSync } from 'node:fs';
import { formatLogicalType, type LogicalType } from '@rollcall/catalog';
import { describe, expect, it } from 'vitest';
import type { SourceType, TypeShape } from '../tables/source-table.js';
import { columnCodec } from './choose-codec.js';

const INT4 = builtin('int4');

function of(shape: TypeShape): SourceType {
  return { oid: 0, modifier: -1, text: '', shape };
}

function builtin(name: string, modifier = -1): SourceType {
  return of({ kind: 'builtin', name, modifier });
}

function numeric(precision: number, scale: number): SourceType {
  return builtin('numeric', ((precision << 16) | (scale & 0x7ff)) + 4);
}

function logical(type: SourceType, declared?: LogicalType): string {
  return formatLogicalType(columnCodec(type, declared).logical);
}

/** What the words of the page mean. */
const SHAPES: Readonly<Record<string, readonly SourceType[]>> = {
  enums: [of({ kind: 'enum' })],
  arrays: [of({ kind: 'array', element: INT4, delimiter: ',' })],
  ranges: [of({ kind: 'range', element: INT4 })],
  multiranges: [of({ kind: 'multirange', element: INT4 })],
  composites: [of({ kind: 'composite', fields: [{ name: 'a', type: INT4 }] })],
  other: [of({ kind: 'unknown' }), builtin('hstore')],
};

describe('the table "From Postgres" of docs/types.md', () => {
  const page = readFileSync(new URL('../../../../docs/types.md', import.meta.url), 'utf8');
  const section = page.slice(page.indexOf('## From Postgres'), page.indexOf('## What each type takes'));
  const rows = [...section.matchAll(/^\| (.+?) +\| `([a-z0-9]+)` +\|/gm)].map(
    ([, types = '', as = '']) => [types, as] as const,
  );

  it.each(rows.filter(([types]) => !types.includes('numeric')))('%s: %s', (types, as) => {
    const named = [...types.matchAll(/`(\w+)`/g)].map(([, name = '']) => builtin(name));
    const worded = Object.keys(SHAPES).filter((word) => new RegExp(`(^|, | )${word}(:|,|$)`).test(types));
    const all = [...named, ...worded.flatMap((word) => SHAPES[word] ?? [])];
    expect(all.length).toBeGreaterThan(0);
    for (const type of all) expect(logical(type)).toBe(as);
  });

  it('names every built-in type that is not read as its text', () => {
    const read = BUILTIN_TYPES.filter((name) => logical(builtin(name)) !== 'other');
    expect(read.length).toBeGreaterThan(20);
    for (const name of read) expect(section).toContain(`\`${name}\``);
  });
});

/** Scalars of pg_type, PostgreSQL 18, and citext. */
const BUILTIN_TYPES =
  'aclitem bit bool box bpchar bytea char cid cidr circle citext date float4 float8 inet int2 int2vector int4 int8 interval json jsonb jsonpath line lseg macaddr macaddr8 money name numeric oid oidvector path pg_lsn pg_snapshot point polygon regclass regproc regtype text tid time timestamp timestamptz timetz tsquery tsvector txid_snapshot uuid varbit varchar xid xid8 xml'.split(
    ' ',
  );

describe('numeric', () => {
  it.each([
    [1, 0, 'decimal(1,0)'],
    [12, 2, 'decimal(12,2)'],
    [38, 38, 'decimal(38,38)'],
    [38, 0, 'decimal(38,0)'],
    [39, 0, 'numeric'],
    [1000, 1000, 'numeric'],
    [5, -2, 'numeric'],
    [3, 5, 'numeric'],
    [1, -1000, 'numeric'],
  ])('numeric(%i,%i) is %s', (precision, scale, as) => {
    expect(logical(numeric(precision, scale))).toBe(as);
  });

  it('without digits given is any', () => {
    expect(logical(builtin('numeric'))).toBe('numeric');
  });
});

describe('a type that the catalog gives', () => {
  it('takes decimals and instants as text where it is text or numeric, and changes nothing else', () => {
    expect(logical(numeric(12, 2), { name: 'numeric' })).toBe('numeric');
    expect(logical(builtin('timestamptz'), { name: 'text' })).toBe('text');
    expect(logical(builtin('int4'), { name: 'text' })).toBe('int4');
    expect(logical(builtin('bytea'), { name: 'text' })).toBe('bytes');
    // What a column has that the file gives no type.
    expect(logical(numeric(12, 2), { name: 'other' })).toBe('decimal(12,2)');
    expect(logical(builtin('timestamp'), { name: 'timestamptz' })).toBe('timestamp');
  });
});
