import { type LogicalType } from '@rollcall/catalog';
import { parsePgoutput, type FieldDecoder, type LogSink } from '@rollcall/source-postgres';
import { describe, expect, it } from 'vitest';
import { rowsOfGroups, type Row } from '../../test/merged-lake.js';
import { pgoutput, type Field } from '../../test/pgoutput-messages.js';
import { isCutDue, type OpenRows } from './cut.js';
import { type LogTable } from './log-table.js';
import { TransactionSorter, type StreamedDataset } from './transaction-sorter.js';

const text: FieldDecoder = (source, from, to, out) => out.bytes(source, from, to);
const FLUSH = { seconds: 2, rows: 10, bytes: 1_000 };
const START = '0001-0000000000000000-00000000';

function table(
  dataset: string,
  names: readonly string[],
  key: readonly string[],
  more: Partial<LogTable> = {},
): LogTable {
  const type: LogicalType = { name: 'text' };
  return {
    dataset,
    columns: names.map((name, field) => ({ name, type, field, decode: text })),
    key: key.map((name) => names.indexOf(name)),
    ...more,
  };
}

function streamed(name: string, position = START): StreamedDataset {
  return { name, flush: FLUSH, epoch: 1, position };
}

/** A sorter with tables 1, 2, … and transactions told as messages. */
function sorterOf(tables: readonly LogTable[], datasets = tables.map(({ dataset }) => streamed(dataset))) {
  const sorter = new TransactionSorter(datasets);
  tables.forEach((one, at) => sorter.route(at + 1, [one]));
  const sink: LogSink = {
    begin: (begin) => sorter.begin(begin),
    commit: (commit) => sorter.commit(commit, 0),
    insert: (oid, row) => sorter.insert(oid, row),
    update: (oid, row, old, kind) => sorter.update(oid, row, old, kind),
    delete: (oid, old, kind) => sorter.delete(oid, old, kind),
    truncate: (truncate) => sorter.truncate(truncate),
    relation: () => undefined,
    type: () => undefined,
    origin: () => undefined,
    message: () => undefined,
  };
  const tell = (message: Buffer): void => parsePgoutput(message, sink);
  const transaction = (lsn: number, ...changes: Buffer[]): void => {
    tell(pgoutput.begin(BigInt(lsn), 1_700_000_000_000_000n));
    changes.forEach(tell);
    tell(pgoutput.commit(BigInt(lsn), BigInt(lsn) + 8n, 1_700_000_000_000_000n));
  };
  const rows = (dataset = tables[0]?.dataset): Row[] =>
    sorter
      .take()
      .datasets.filter(({ name }) => name === dataset)
      .flatMap(({ batches }) => batches.flatMap(({ groups }) => rowsOfGroups(groups)));
  return { sorter, tell, transaction, rows };
}

const insert = (...row: Field[]): Buffer => pgoutput.insert(1, row);
const update = (...row: Field[]): Buffer => pgoutput.update(1, row);
const position = (lsn: number, index: number): string =>
  `0001-${lsn.toString(16).padStart(16, '0')}-${index.toString(16).padStart(8, '0')}`;
const short = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).filter(([name, v]) => v !== null && !['_position', '_committed_at'].includes(name)),
  );

describe('rows of the log', () => {
  const users = table('users', ['id', 'name', 'bio'], ['id']);

  it('stand at their commit, counted from 1 in their transaction, with its time', () => {
    const { transaction, rows, sorter } = sorterOf([users]);
    transaction(0x10, insert('1', 'ada', null), insert('2', 'bob', ''));
    transaction(0x20, update('1', 'ADA', 'x'), pgoutput.delete(1, ['2', null, null], 'K'));
    expect(sorter.open(0)).toEqual([{ flush: FLUSH, rowCount: 4, byteLength: expect.any(Number), ageMs: 0 }]);
    expect(rows()).toEqual([
      {
        _position: position(0x10, 1),
        _op: 'u',
        _committed_at: '2023-11-14T22:13:20Z',
        id: '1',
        name: 'ada',
        bio: null,
      },
      { _position: position(0x10, 2), _op: 'u', _committed_at: '2023-11-14T22:13:20Z', id: '2', name: 'bob', bio: '' },
      { _position: position(0x20, 1), _op: 'u', _committed_at: '2023-11-14T22:13:20Z', id: '1', name: 'ADA', bio: 'x' },
      { _position: position(0x20, 2), _op: 'd', _committed_at: '2023-11-14T22:13:20Z', id: '2', name: null, bio: null },
    ]);
    expect(rows()).toEqual([]);
  });

  it('take a value that the log does not repeat from the batch, else name it', () => {
    const { transaction, rows } = sorterOf([users]);
    transaction(8, insert('1', 'ada', 'long'), update('1', 'b', undefined), update('2', 'bob', undefined));
    transaction(16, update('2', 'BOB', undefined), update('2', 'BOB', 'told'), update('2', 'bobby', undefined));
    expect(rows().map(short)).toEqual([
      { _op: 'u', id: '1', name: 'ada', bio: 'long' },
      { _op: 'u', id: '1', name: 'b', bio: 'long' },
      { _op: 'u', id: '2', name: 'bob', _unchanged: '["bio"]' },
      { _op: 'u', id: '2', name: 'BOB', _unchanged: '["bio"]' },
      { _op: 'u', id: '2', name: 'BOB', bio: 'told' },
      { _op: 'u', id: '2', name: 'bobby', bio: 'told' },
    ]);
    transaction(24, update('1', 'c', undefined));
    expect(rows().map(short)).toEqual([{ _op: 'u', id: '1', name: 'c', _unchanged: '["bio"]' }]);
  });

  it('take it from the old row of a full identity, but never a NULL: that may be a column added with a default', () => {
    const { transaction, rows } = sorterOf([table('users', ['id', 'a', 'b'], ['id'])]);
    transaction(8, pgoutput.update(1, ['1', undefined, 'new'], ['1', 'kept', null], 'O'));
    transaction(16, pgoutput.update(1, ['1', 'x', undefined], ['1', 'kept', null], 'O'));
    expect(rows().map(short)).toEqual([
      { _op: 'u', id: '1', a: 'kept', b: 'new' },
      { _op: 'u', id: '1', a: 'x', b: 'new' },
    ]);
    transaction(24, pgoutput.update(1, ['1', 'x', undefined], ['1', 'kept', null], 'O'));
    expect(rows().map(short)).toEqual([{ _op: 'u', id: '1', a: 'x', _unchanged: '["b"]' }]);
  });

  it('leave their key as a d and come back under the other as a u that says where they stood before the batch', () => {
    const { transaction, rows } = sorterOf([users]);
    const move = (from: string, to: string): Buffer =>
      pgoutput.update(1, [to, 'n', undefined], [from, null, null], 'K');
    transaction(8, move('a', 'b'), move('b', 'a'));
    transaction(16, move('a', 'c'), update('c', 'm', undefined));
    expect(rows().map(short)).toEqual([
      { _op: 'd', id: 'a' },
      { _op: 'u', id: 'b', name: 'n', _unchanged: '["bio"]', _prev_key: '["a"]' },
      { _op: 'd', id: 'b' },
      { _op: 'u', id: 'a', name: 'n', _unchanged: '["bio"]', _prev_key: '["a"]' },
      { _op: 'd', id: 'a' },
      { _op: 'u', id: 'c', name: 'n', _unchanged: '["bio"]', _prev_key: '["a"]' },
      { _op: 'u', id: 'c', name: 'm', _unchanged: '["bio"]', _prev_key: '["a"]' },
    ]);
    transaction(24, insert('z', 'n', 'whole'), move('z', 'y'));
    expect(rows().map(short)).toEqual([
      { _op: 'u', id: 'z', name: 'n', bio: 'whole' },
      { _op: 'd', id: 'z' },
      { _op: 'u', id: 'y', name: 'n', bio: 'whole' },
    ]);
  });

  it('delete and insert under one key again, and know nothing of the row that was there', () => {
    const { transaction, rows } = sorterOf([users]);
    transaction(8, insert('1', 'a', 'old'), pgoutput.delete(1, ['1', null, null], 'K'), insert('1', 'b', null));
    transaction(16, update('1', 'c', undefined));
    expect(rows().map(short)).toEqual([
      { _op: 'u', id: '1', name: 'a', bio: 'old' },
      { _op: 'd', id: '1' },
      { _op: 'u', id: '1', name: 'b' },
      { _op: 'u', id: '1', name: 'c' },
    ]);
  });

  it('tell compound keys apart by their parts', () => {
    const { transaction, rows } = sorterOf([table('pairs', ['a', 'b', 'v'], ['b', 'a'])]);
    transaction(8, insert('a', 'bc', '1'), insert('ab', 'c', '2'), update('a', 'bc', undefined));
    transaction(16, pgoutput.update(1, ['x', 'y', undefined], ['ab', 'c', null], 'K'));
    expect(rows().map(short)).toMatchObject([
      {},
      {},
      { a: 'a', b: 'bc', v: '1' },
      { _op: 'd', a: 'ab', b: 'c' },
      { a: 'x', b: 'y', v: '2' },
    ]);
    transaction(24, pgoutput.update(1, ['p', 'q', undefined], ['x', 'y', null], 'K'));
    expect(rows()[1]?.['_prev_key']).toBe('["y","x"]');
  });

  it('have no key: whole old rows go, new ones come', () => {
    const { transaction, rows, tell } = sorterOf([table('notes', ['v', 'w'], [])]);
    transaction(8, insert('a', 'b'), pgoutput.update(1, ['c', undefined], ['a', 'b'], 'O'));
    transaction(16, pgoutput.delete(1, ['c', 'b'], 'O'));
    expect(rows().map(short)).toEqual([
      { _op: 'u', v: 'a', w: 'b' },
      { _op: 'd', v: 'a', w: 'b' },
      { _op: 'u', v: 'c', w: 'b' },
      { _op: 'd', v: 'c', w: 'b' },
    ]);
    expect(() => tell(update('x', 'y'))).toThrow(/REPLICA IDENTITY FULL/);
  });

  it('empty every captured table that one TRUNCATE names', () => {
    const both = [table('a', ['id', 'v'], ['id']), table('b', ['id'], ['id'])];
    const { transaction, sorter } = sorterOf(both);
    transaction(8, insert('1', 'x'), pgoutput.truncate(1, 2, 99), update('1', undefined));
    const taken = new Map(
      sorter
        .take()
        .datasets.map(({ name, batches }) => [name, batches.flatMap(({ groups }) => rowsOfGroups(groups).map(short))]),
    );
    expect(taken.get('a')).toEqual([
      { _op: 'u', id: '1', v: 'x' },
      { _op: 't', _scope: '[]' },
      { _op: 'u', id: '1', _unchanged: '["v"]' },
    ]);
    expect(taken.get('b')).toEqual([{ _op: 't', _scope: '[]' }]);
  });

  it('are passed over up to the cursor, and go on with the index they had', () => {
    const { transaction, rows } = sorterOf([users], [streamed('users', position(0x20, 3))]);
    transaction(0x10, insert('1', 'a', null), insert('2', 'a', null));
    const moved = pgoutput.update(1, ['3', 'c', null], ['2', null, null], 'K');
    transaction(0x20, update('1', 'b', null), moved, update('1', 'c', null));
    transaction(0x30, update('1', 'd', null));
    expect(rows().map(({ _position, name }) => [_position, name])).toEqual([
      [position(0x20, 4), 'c'],
      [position(0x30, 1), 'd'],
    ]);
  });

  it('carry the hash of their key where the catalog asks for it', () => {
    const hashed = table('users', ['id', 'name', 'bio'], ['id'], { hashKey: ([id]) => `#${String(id)}` });
    const { transaction, rows } = sorterOf([hashed]);
    transaction(8, insert('1', 'a', null), pgoutput.update(1, ['2', 'b', null], ['1', null, null], 'K'));
    expect(rows().map(({ _op, _key }) => [_op, _key])).toEqual([
      ['u', '#1'],
      ['d', '#1'],
      ['u', '#2'],
    ]);
  });

  it('under another plan become another batch, in the same transaction', () => {
    const { sorter, tell } = sorterOf([users]);
    tell(pgoutput.begin(8n, 0n));
    tell(insert('1', 'a', 'long'));
    sorter.route(1, [table('users', ['id', 'bio'], ['id'])]);
    tell(update('1', undefined));
    tell(pgoutput.commit(8n, 16n, 0n));
    expect(sorter.open(5)[0]).toMatchObject({ rowCount: 2, ageMs: 5 });
    const [cut] = sorter.take().datasets;
    expect(cut?.batches.map(({ first, last, rowCount }) => ({ first, last, rowCount }))).toEqual([
      { first: position(8, 1), last: position(8, 1), rowCount: 1 },
      { first: position(8, 2), last: position(8, 2), rowCount: 1 },
    ]);
    expect(cut?.batches[1]?.groups.flatMap((group) => rowsOfGroups([group]).map(short))).toEqual([
      { _op: 'u', id: '1', _unchanged: '["bio"]' },
    ]);
  });

  it('big ones become several row groups, and are found in all of them', () => {
    const { transaction, sorter } = sorterOf([users]);
    const long = 'x'.repeat(5 << 20);
    transaction(8, insert('1', 'a', long), insert('2', 'b', long), insert('3', 'c', '3'), update('1', 'd', undefined));
    const [batch] = sorter.take().datasets[0]?.batches ?? [];
    expect(batch?.groups.map(({ rowCount }) => rowCount)).toEqual([2, 2]);
    expect(rowsOfGroups(batch?.groups ?? [])[3]?.['bio']).toBe(long);
  });
});

describe('a cut', () => {
  const waiting = (more: Partial<OpenRows>): OpenRows => ({
    flush: FLUSH,
    rowCount: 1,
    byteLength: 1,
    ageMs: 0,
    ...more,
  });

  it('is due when one dataset has enough rows, bytes or age; not for one without rows', () => {
    expect(isCutDue([waiting({}), waiting({ rowCount: 10 })], false)).toBe(true);
    expect(isCutDue([waiting({ byteLength: 1_000 })], false)).toBe(true);
    expect(isCutDue([waiting({ ageMs: 2_000 })], false)).toBe(true);
    expect(isCutDue([waiting({ ageMs: 1_999 }), waiting({ rowCount: 0, ageMs: 9_999 })], false)).toBe(false);
  });

  it('falls inside a transaction only when that is beyond the limits', () => {
    expect(isCutDue([waiting({ rowCount: 39, ageMs: 1e9 })], true)).toBe(false);
    expect(isCutDue([waiting({ rowCount: 40 })], true)).toBe(true);
    const big = { ...FLUSH, bytes: 1e9 };
    expect(
      isCutDue([waiting({ flush: big, byteLength: 40 << 20 }), waiting({ flush: big, byteLength: 24 << 20 })], true),
    ).toBe(true);
  });

  it('ends where the last whole transaction ended, and with a keepalive where nothing of ours follows', () => {
    const { sorter, transaction, tell } = sorterOf([table('users', ['id'], ['id'])]);
    transaction(8, insert('1'));
    tell(pgoutput.begin(24n, 0n));
    tell(insert('2'));
    sorter.passed(100n);
    expect(sorter.take()).toMatchObject({ end: 16n, rowCount: 2 });
    tell(pgoutput.commit(24n, 32n, 0n));
    sorter.passed(100n);
    expect(sorter.take()).toMatchObject({ end: 100n, rowCount: 0, datasets: [] });
  });
});
