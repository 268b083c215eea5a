import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkCatalog, parseSource, type Catalog } from '@rollcall/catalog';
import { parseReport } from '@rollcall/reports';
import { describe, expect, it } from 'vitest';
import { biColumns } from './bi-column.js';
import { rowsReportFiles, type RowsReport } from './rows-report-files.js';
import { relationOfCatalog, type SourceRelation } from './source-relation.js';

function shippedCatalog(): Catalog {
  const dir = fileURLToPath(new URL('../../../../catalog/', import.meta.url));
  const files = readdirSync(dir).filter((name) => name.endsWith('.yaml'));
  const { catalog } = checkCatalog(files.map((file) => parseSource(readFileSync(dir + file, 'utf8'), file)));
  if (!catalog) throw new Error('the shipped catalog has faults');
  return catalog;
}

const catalog = shippedCatalog();
const bare: SourceRelation = {
  schema: 'custom',
  name: 'odd "name"',
  description: 'A text: with "quotes", # signs\nand lines',
  columns: [
    { name: 'Größe', type: 'real' },
    { name: 'größe', type: 'numeric(10,2)' },
    { name: '1st', type: 'uuid', description: "it's: {odd}" },
    { name: '_', type: 'text' },
    { name: 'secret', type: 'bytea' },
  ],
  key: [],
};

function parsed(report: Omit<RowsReport, 'name' | 'owner'>): ReturnType<typeof parseReport> {
  const files = rowsReportFiles({ name: 'fresh', owner: 'some body: #1', ...report });
  return parseReport({ name: 'fresh', dir: 'reports/fresh', files });
}

describe('rowsReportFiles', () => {
  it.each([...catalog.datasets.keys()])(
    'makes a sound report of dataset %s, whose rows lead back to records',
    (name) => {
      const source = relationOfCatalog(name, catalog);
      const { report, faults } = parsed({ source, grain: source.key });
      expect(faults).toEqual([]);
      expect(report?.grain).toEqual(source.key);
      expect(report?.evidence.map(({ dataset }) => dataset)).toEqual([name]);
    },
  );

  it('takes every name, type and text, whatever is in it', () => {
    const { report, faults } = parsed({ source: bare, grain: ['1st'] });
    expect(faults).toEqual([]);
    expect(report?.columns.map(({ name }) => name)).toEqual(['gr_e', 'gr_e_2', 'st', 'column']);
    expect(report?.grain).toEqual(['st']);
    expect(report?.evidence).toEqual([]);
    expect(report?.description).toBe(bare.description);
    expect(report?.sql).toContain('FROM custom."odd ""name""" t');
  });
});

describe('biColumns', () => {
  it.each([
    ['smallint', 'int4', 't.x::integer'],
    ['bigint', 'int8', 't.x'],
    ['numeric(38,9)', 'decimal(38,9)', 't.x'],
    ['timestamp without time zone', 'timestamptz', "t.x AT TIME ZONE 'UTC'"],
    ['timestamp with time zone', 'timestamptz', 't.x'],
    ['text[]', 'text', 't.x::text'],
    ['character varying(20)', 'text', 't.x::text'],
  ])('%s becomes %s', (source, type, sql) => {
    expect(biColumns([{ name: 'x', type: source }])).toMatchObject([{ name: 'x', type, sql }]);
  });

  it('has no column for bytes', () => expect(biColumns([{ name: 'x', type: 'bytea' }])).toEqual([]));
});
