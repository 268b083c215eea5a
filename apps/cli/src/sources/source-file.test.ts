import { parseSource, type LogicalType } from '@rollcall/catalog';
import type { SourceColumn, SourceTable } from '@rollcall/source-postgres';
import { describe, expect, it } from 'vitest';
import { chooseCapture } from './choose-capture.js';
import { sourceFile } from './source-file.js';

function column(name: string, type: string): SourceColumn {
  const shape = { kind: 'builtin' as const, name: type, modifier: -1 };
  const of = { oid: 0, modifier: -1, text: type, shape };
  return { name, number: 1, type: of, notNull: false, generated: false, defaultText: null };
}

function table(more: Partial<SourceTable>): SourceTable {
  return {
    schema: 'public',
    name: 'users',
    oid: 1,
    kind: 'table',
    columns: [column('id', 'int8'), column('userName', 'text'), column('updated_at', 'timestamptz')],
    primaryKey: ['id'],
    replicaIdentity: 'default',
    identityColumns: ['id'],
    estimatedRows: 10,
    blocks: 1,
    leaves: [],
    ...more,
  };
}

const able = { canReplicate: true, whyNot: '' };
const unable = { canReplicate: false, whyNot: 'wal_level is replica' };
const logicalOf = (type: { readonly text: string }): LogicalType => ({ name: type.text as 'text' });

describe('chooseCapture', () => {
  it('takes the log where it can be had', () => {
    expect(chooseCapture(table({}), able).mode).toBe('log');
  });

  it('falls back to a column that tells what changed, then to the whole table, and says why', () => {
    expect(chooseCapture(table({}), unable)).toEqual({
      mode: 'watermark',
      cursor: 'updated_at',
      why: 'wal_level is replica; updated_at tells what changed',
    });
    expect(chooseCapture(table({ primaryKey: [], identityColumns: [] }), able)).toMatchObject({ mode: 'full' });
    expect(chooseCapture(table({ kind: 'view', primaryKey: [] }), able).why).toContain('a view has no log');
  });
});

describe('sourceFile', () => {
  it('is a catalog file without a fault, with every column', () => {
    const tables = [
      { table: table({}), capture: chooseCapture(table({}), able) },
      { table: table({ schema: 'sales', name: 'Orders' }), capture: chooseCapture(table({}), unable) },
    ];
    const text = sourceFile({ source: 'shop', connection: 'SHOP_URL', tables }, logicalOf);
    const { source, faults } = parseSource(text, 'shop.yaml');
    expect(faults).toEqual([]);
    expect(source?.datasets.map(({ name, from, capture }) => [name, from, capture.mode])).toEqual([
      ['users', 'public.users', 'log'],
      ['sales_orders', 'sales."Orders"', 'watermark'],
    ]);
    expect(source?.datasets[0]?.columns.map(({ name, type }) => [name, type.name])).toEqual([
      ['id', 'int8'],
      ['user_name', 'text'],
      ['updated_at', 'timestamptz'],
    ]);
    expect(text).toContain('# every change, deletions too');
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../libs/catalog/schemas/source.schema.json');
  });
});
