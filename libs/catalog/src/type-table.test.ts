import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseLogicalType, SIMPLE_TYPE_NAMES, type LogicalType } from './logical-type.js';
import { duckdbType, parquetColumn, postgresType, redshiftType, TYPE_TABLE, type ParquetColumn } from './type-table.js';

const ALL: readonly LogicalType[] = [
  ...SIMPLE_TYPE_NAMES.map((name) => ({ name })),
  { name: 'decimal', precision: 10, scale: 2 },
];

test('the table has one line for every type', () => {
  expect(TYPE_TABLE.map(({ logical }) => logical).sort()).toEqual([...SIMPLE_TYPE_NAMES, 'decimal(p,s)'].sort());
});

test.each(ALL)('$name has a name everywhere, without a gap in it', (type) => {
  for (const name of [duckdbType(type), postgresType(type), redshiftType(type)]) {
    expect(name).not.toBe('');
    expect(name).not.toContain('p,s');
  }
});

test.each<[string, string, string, string]>([
  ['decimal(12,2)', 'DECIMAL(12,2)', 'numeric(12,2)', 'DECIMAL(12,2)'],
  ['timestamptz', 'TIMESTAMP WITH TIME ZONE', 'timestamptz', 'TIMESTAMPTZ'],
  ['json', 'JSON', 'jsonb', 'SUPER'],
  ['int8', 'BIGINT', 'bigint', 'BIGINT'],
])('%s', (text, duckdb, postgres, redshift) => {
  const type = parseLogicalType(text) as LogicalType;
  expect([duckdbType(type), postgresType(type), redshiftType(type)]).toEqual([duckdb, postgres, redshift]);
});

test.each<[number, Partial<ParquetColumn>]>([
  [1, { physical: 'INT32' }],
  [9, { physical: 'INT32' }],
  [10, { physical: 'INT64' }],
  [18, { physical: 'INT64' }],
  [19, { physical: 'FIXED_LEN_BYTE_ARRAY', length: 16 }],
  [38, { physical: 'FIXED_LEN_BYTE_ARRAY', length: 16 }],
])('a decimal of %i digits takes no more room in Parquet than it needs', (precision, column) => {
  const logical = { type: 'DECIMAL', precision, scale: 1 };
  expect(parquetColumn({ name: 'decimal', precision, scale: 1 })).toEqual({ ...column, logical });
});

test('instants say in Parquet that they are instants, local times that they are not', () => {
  expect(parquetColumn({ name: 'timestamptz' }).logical).toMatchObject({ isAdjustedToUTC: true, unit: 'MICROS' });
  expect(parquetColumn({ name: 'timestamp' }).logical).toMatchObject({ isAdjustedToUTC: false, unit: 'MICROS' });
});

function parquetText({ physical, length, logical }: ParquetColumn): string {
  const stored = length === undefined ? physical : `${physical}(${length})`;
  if (!logical) return stored;
  if (logical.type === 'DECIMAL') return 'INT32, INT64 or FIXED_LEN_BYTE_ARRAY(16) as DECIMAL(p,s)';
  if (logical.type === 'INTEGER') return `${stored} as INTEGER(${logical.bitWidth}, signed)`;
  if ('unit' in logical)
    return `${stored} as ${logical.type}(${logical.unit}${logical.isAdjustedToUTC ? ', UTC' : ''})`;
  return `${stored} as ${logical.type}`;
}

test('docs/types.md prints the table', () => {
  const page = readFileSync(new URL('../../../docs/types.md', import.meta.url), 'utf8').replaceAll(/ +/g, ' ');
  for (const line of TYPE_TABLE) {
    const cells = [
      line.logical,
      line.meaning,
      parquetText(line.parquet),
      line.duckdb,
      line.postgres,
      line.redshift,
      line.json,
    ];
    expect(page).toContain(`| \`${cells[0]}\` | ${cells.slice(1).join(' | ')} |\n`);
  }
});
