import type { Report, ReportColumn } from '@rollcall/reports';
import { describe, expect, it } from 'vitest';
import { elementsOf, parseXml } from '../../test/parse-xml.js';
import { connectAnswer } from './connection-strings.js';
import { powerBiFile } from './power-bi-file.js';
import { tableauFile } from './tableau-file.js';
import { warehouseAddress } from './warehouse-address.js';

const WAREHOUSE = 'postgres://loader:s3cret@db.internal:6543/roll%20call?sslmode=require&application_name=x';

describe('warehouseAddress', () => {
  it('takes place and sslmode of the warehouse, and neither its user nor its password', () => {
    expect(warehouseAddress(undefined, WAREHOUSE)).toEqual({
      host: 'db.internal',
      port: 6543,
      database: 'roll call',
      user: 'bi_reader',
      sslmode: 'require',
    });
  });

  it('takes everything of BI_URL where there is one', () => {
    expect(warehouseAddress('postgresql://ann@bi.example.org/engagement?sslmode=verify-full', WAREHOUSE)).toEqual({
      host: 'bi.example.org',
      port: 5432,
      database: 'engagement',
      user: 'ann',
      sslmode: 'verify-full',
    });
    expect(warehouseAddress('postgres://bi.example.org/x', WAREHOUSE)).toMatchObject({ user: 'bi_reader' });
  });

  it('knows the modes of libpq alone', () => {
    expect(warehouseAddress('postgres://h/d?sslmode=no-verify', WAREHOUSE).sslmode).toBeUndefined();
  });
});

describe('connectAnswer', () => {
  it('writes the address as each kind of tool takes it, without a password', () => {
    const answer = connectAnswer('answers_per_session', warehouseAddress(undefined, WAREHOUSE));
    expect(answer).toEqual({
      host: 'db.internal',
      port: 6543,
      database: 'roll call',
      schema: 'report',
      view: 'answers_per_session',
      user: 'bi_reader',
      url: 'postgresql://bi_reader@db.internal:6543/roll%20call?sslmode=require',
      odbc: 'Driver={PostgreSQL Unicode};Server=db.internal;Port=6543;Database={roll call};Uid=bi_reader;SSLmode=require;ReadOnly=1;',
      jdbc: 'jdbc:postgresql://db.internal:6543/roll%20call?user=bi_reader&currentSchema=report&readOnly=true&sslmode=require',
      psql: `psql 'postgresql://bi_reader@db.internal:6543/roll%20call?sslmode=require' -c 'SELECT * FROM report.answers_per_session LIMIT 10'`,
    });
    expect(JSON.stringify(answer)).not.toMatch(/s3cret|loader/);
  });

  it('puts the brackets of IPv6 where a port follows, and only there', () => {
    const answer = connectAnswer('v', warehouseAddress('postgres://[::1]:5433/d', WAREHOUSE));
    expect(answer.host).toBe('::1');
    expect(answer.url).toBe('postgresql://bi_reader@[::1]:5433/d');
    expect(answer.odbc).toContain('Server=::1;');
  });

  it('keeps what has a meaning for a tool from having one', () => {
    const answer = connectAnswer('v', warehouseAddress(`postgres://o'x@h/a;b}c`, WAREHOUSE));
    expect(answer.odbc).toContain('Database={a;b}}c};');
    expect(answer.psql).toContain(`o'\\''x@h`);
  });
});

describe('powerBiFile', () => {
  it('is JSON of one connection, the port with the server, without credentials', () => {
    expect(JSON.parse(powerBiFile(warehouseAddress(undefined, WAREHOUSE)))).toEqual({
      version: '0.1',
      connections: [
        {
          details: { protocol: 'postgresql', address: { server: 'db.internal:6543', database: 'roll call' } },
          options: {},
          mode: 'Import',
        },
      ],
    });
  });
});

describe('tableauFile', () => {
  const column = (name: string, change: Partial<ReportColumn> = {}): ReportColumn => ({
    name,
    type: { name: 'int8' },
    label: name,
    description: '',
    format: 'int',
    additive: 'sum',
    good: 'none',
    ...change,
  });
  const report: Pick<Report, 'name' | 'title' | 'grain' | 'columns'> = {
    name: 'sales_per_day',
    title: `Sales & "more" <per day's end>`,
    grain: ['day', 'shop'],
    columns: [
      column('day', { type: { name: 'date' }, format: 'day', additive: 'none' }),
      column('shop', { format: 'id', additive: 'none' }),
      column('sold', { label: `Sold <>&'"`, unit: 'pieces', description: `What's sold\u0000 & paid` }),
      column('buyers', { additive: 'none' }),
      column('share', { type: { name: 'decimal', precision: 5, scale: 4 }, format: 'pct1', additive: 'none' }),
      column('closed', { type: { name: 'bool' }, format: 'bool', additive: 'none' }),
      column('last_at', { type: { name: 'timestamptz' }, format: 'instant', additive: 'none' }),
    ],
  };
  const document = tableauFile(report, warehouseAddress(undefined, WAREHOUSE));
  const root = parseXml(document);

  it('names the view and the way to it, without a password', () => {
    expect(root.attributes).toMatchObject({
      'formatted-name': 'sales_per_day',
      caption: report.title,
      version: '18.1',
    });
    const [relation] = elementsOf(root, 'relation');
    const [named] = elementsOf(root, 'named-connection');
    const [outer, inner] = elementsOf(root, 'connection');
    expect(relation?.attributes).toMatchObject({ table: '[report].[sales_per_day]', type: 'table' });
    expect(relation?.attributes['connection']).toBe(named?.attributes['name']);
    expect(outer?.attributes).toEqual({ class: 'federated' });
    expect(inner?.attributes).toMatchObject({
      class: 'postgres',
      server: 'db.internal',
      port: '6543',
      dbname: 'roll call',
      sslmode: 'require',
      username: 'bi_reader',
    });
    expect(document).not.toMatch(/s3cret|password=|loader/);
  });

  it('says of each column what it is, and sums up only what may be summed up', () => {
    const shown = elementsOf(root, 'column').map(({ attributes }) => [
      attributes['name'],
      attributes['datatype'],
      attributes['role'],
      attributes['type'],
      attributes['aggregation'] ?? '',
      attributes['default-format'] ?? '',
    ]);
    expect(shown).toEqual([
      ['[day]', 'date', 'dimension', 'ordinal', '', ''],
      ['[shop]', 'integer', 'dimension', 'ordinal', '', ''],
      ['[sold]', 'integer', 'measure', 'quantitative', 'Sum', 'n#,##0'],
      ['[buyers]', 'integer', 'measure', 'quantitative', 'Max', 'n#,##0'],
      ['[share]', 'real', 'measure', 'quantitative', 'Max', 'p0.0%'],
      ['[closed]', 'boolean', 'dimension', 'nominal', '', ''],
      ['[last_at]', 'datetime', 'dimension', 'ordinal', '', ''],
    ]);
  });

  it('carries labels and descriptions through, whatever signs they hold', () => {
    const sold = elementsOf(root, 'column')[2];
    expect(sold?.attributes['caption']).toBe(`Sold <>&'"`);
    expect(sold && elementsOf(sold, 'run')[0]?.text).toBe(`What's sold  & paid (pieces)`);
  });
});
