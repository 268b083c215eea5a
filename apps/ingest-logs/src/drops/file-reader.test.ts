import { Buffer } from 'node:buffer';
import type { Column, Dataset, DropRule } from '@rollcall/catalog';
import { describe, expect, it } from 'vitest';
import { FileReader, type FileItem, type FileReaderOptions } from './file-reader.js';

const text = (name: string, change: Partial<Column> = {}): Column => ({
  name,
  type: { name: 'text' },
  from: [],
  trim: false,
  lower: false,
  pii: 'keep',
  ...change,
});

const DATASET: Dataset = {
  name: 'notes',
  source: 'test',
  kind: 'logs',
  capture: { mode: 'events' },
  key: ['id'],
  keyForm: 'columns',
  history: 'none',
  zone: 'UTC',
  contract: { tables: 'evolve', columns: 'keep', types: 'quarantine' },
  flush: { seconds: 1, rows: 10, bytes: 1000 },
  columns: [text('id', { from: ['key'] }), text('note')],
  derive: [],
  tests: [],
  maxDelete: 0.5,
  version: '0123456789ab',
};
const RULE: DropRule = { prefix: 'notes', format: 'auto', delimiter: 'auto' };

function readAll(content: string | Uint8Array, change: Partial<FileReaderOptions> = {}, step = Infinity): FileItem[] {
  const reader = new FileReader({ dataset: DATASET, rule: RULE, key: 'notes/a.csv', ...change });
  const bytes = Buffer.from(content);
  const items: FileItem[] = [];
  for (let at = 0; at < bytes.length; at += step) items.push(...reader.push(bytes.subarray(at, at + step)));
  return [...items, ...reader.end()];
}

function brief(items: readonly FileItem[]): string[] {
  return items.map(
    (item) => `${item.line} ${item.kind === 'row' ? item.row.values.join('/') : `${item.kind} ${item.reason}`}`,
  );
}

describe('FileReader', () => {
  it('reads rows by the header, whatever the chunks', () => {
    const file = 'note;key\r\n"a;\r\nb";1\r\n\r\nc;2';
    for (const step of [1, 3, 1000]) expect(brief(readAll(file, {}, step))).toEqual(['2 1/a;\r\nb', '5 2/c']);
  });

  it('reads files without a header line by the header of the catalog, and passes over the line when it is there after all', () => {
    const rule = { ...RULE, header: ['id', 'note'] };
    expect(brief(readAll('1,a\n2,b\n', { rule }))).toEqual(['1 1/a', '2 2/b']);
    expect(brief(readAll('id,note\n2,b\n', { rule }))).toEqual(['2 2/b']);
  });

  it('rejects what is no row with line and reason, and goes on', () => {
    const file = 'id,note\n1\n2,a,b\n"3"x,a\n,a\n5,ok\n6,"never\n7,ok\n';
    expect(brief(readAll(file))).toEqual([
      '2 rejected too-few-fields',
      '3 rejected too-many-fields',
      '4 rejected misplaced-quote',
      '5 rejected missing-key',
      '6 5/ok',
      '7 rejected unclosed-quote',
      '8 7/ok',
    ]);
  });

  it('reads NDJSON', () => {
    const file = '{"id":"1","note":"a"}\nnope\n[]\n{"note":"b"}\n{"key":2}\n';
    expect(brief(readAll(file, { key: 'notes/a.ndjson' }))).toEqual([
      '1 1/a',
      '2 rejected not-json',
      '3 rejected not-an-object',
      '4 rejected missing-key',
      '5 2/',
    ]);
  });

  it('refuses a header that no row could come of, and says nothing more', () => {
    expect(brief(readAll('a,b\n1,2\n3,4\n'))).toEqual(['1 refused header-without-key']);
    expect(brief(readAll('id,id\n1,2\n'))).toEqual(['1 refused header-without-key']);
    expect(brief(readAll('"id"x,note\n1,2\n'))).toEqual(['1 refused unreadable-header']);
    expect(brief(readAll(Buffer.from([0x69, 0x64, 0xff, 0x0a, 0x31])))).toEqual(['1 refused unreadable-header']);
  });

  it('has no items of an empty file, nor of a header alone', () => {
    expect(readAll('')).toEqual([]);
    expect(readAll('id,note\n')).toEqual([]);
  });

  it('goes on in the middle as if it had read from the beginning', () => {
    const file = `id,note\n${Array.from({ length: 50 }, (_, i) => `${i},"x\n${i}"`).join('\n')}\n`;
    const whole = new FileReader({ dataset: DATASET, rule: RULE, key: 'notes/a.csv' });
    const items = [...whole.push(Buffer.from(file)), ...whole.end()];
    const stop = items[19];
    const plan = whole.plan;
    if (!stop || !plan) throw new Error('the file has 50 rows and a plan');
    const rest = readAll(Buffer.from(file).subarray(stop.to), {
      resume: { plan, offset: stop.to, line: stop.nextLine },
    });
    expect(rest).toEqual(items.slice(20));
  });
});
