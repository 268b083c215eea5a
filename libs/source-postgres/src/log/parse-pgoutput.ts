import type { LogColumn, LogRelation, LogSink, OldKind } from './log-sink.js';
import { MessageCursor } from './message-cursor.js';
import { TupleBuffer } from './tuple-view.js';

const cursor = new MessageCursor();
const row = new TupleBuffer();
const old = new TupleBuffer();

/**
 * Reads one message of pgoutput, protocol version 1, and tells the sink. Synchronous and not re-entrant: the views of rows are
 * the same two objects for every message.
 * @throws RollcallError source/unfit when it is no such message
 */
export function parsePgoutput(message: Buffer, sink: LogSink): void {
  cursor.set(message);
  const tag = cursor.uint8();
  switch (tag) {
    case 0x49: // I
      return insert(sink);
    case 0x55: // U
      return update(sink);
    case 0x44: // D
      return remove(sink);
    case 0x42: // B
      return begin(sink);
    case 0x43: // C
      return commit(sink);
    case 0x52: // R
      return relation(sink);
    case 0x54: // T
      return truncate(sink);
    case 0x59: // Y
      return type(sink);
    case 0x4f: // O
      return origin(sink);
    case 0x4d: // M
      return emitted(sink);
    default:
      return cursor.fail(`is of unknown kind 0x${tag.toString(16)}`);
  }
}

function insert(sink: LogSink): void {
  cursor.what = 'insert';
  const oid = cursor.uint32();
  newRow(cursor.uint8());
  sink.insert(oid, row);
}

function update(sink: LogSink): void {
  cursor.what = 'update';
  const oid = cursor.uint32();
  const part = cursor.uint8();
  const kind = OLD[part];
  if (kind === undefined) {
    newRow(part);
    return sink.update(oid, row, undefined, undefined);
  }
  old.read(cursor);
  newRow(cursor.uint8());
  return sink.update(oid, row, old, kind);
}

function remove(sink: LogSink): void {
  cursor.what = 'delete';
  const oid = cursor.uint32();
  const kind = OLD[cursor.uint8()] ?? cursor.fail('has no old row');
  old.read(cursor);
  cursor.end();
  sink.delete(oid, old, kind);
}

/** By the byte before an old row. */
const OLD: Readonly<Record<number, OldKind>> = { 0x4b: 'key', 0x4f: 'full' };

function newRow(part: number): void {
  if (part !== 0x4e) cursor.fail('has no new row');
  row.read(cursor);
  cursor.end();
}

function begin(sink: LogSink): void {
  cursor.what = 'begin';
  const parsed = { finalLsn: cursor.uint64(), committedAt: cursor.instant(), xid: cursor.uint32() };
  cursor.end();
  sink.begin(parsed);
}

function commit(sink: LogSink): void {
  cursor.what = 'commit';
  cursor.take(1);
  const parsed = { commitLsn: cursor.uint64(), endLsn: cursor.uint64(), committedAt: cursor.instant() };
  cursor.end();
  sink.commit(parsed);
}

const IDENTITIES: Readonly<Record<number, LogRelation['replicaIdentity']>> = {
  0x64: 'default',
  0x6e: 'nothing',
  0x66: 'full',
  0x69: 'index',
};

function relation(sink: LogSink): void {
  cursor.what = 'relation';
  const oid = cursor.uint32();
  // The catalog's own schema is sent as nothing.
  const namespace = cursor.text() || 'pg_catalog';
  const name = cursor.text();
  const replicaIdentity = IDENTITIES[cursor.uint8()] ?? cursor.fail('has an unknown replica identity');
  const columns: LogColumn[] = [];
  for (let left = cursor.uint16(); left > 0; left--) {
    const isKey = (cursor.uint8() & 1) === 1;
    columns.push({ isKey, name: cursor.text(), typeOid: cursor.uint32(), typmod: cursor.int32() });
  }
  cursor.end();
  sink.relation({ oid, namespace, name, replicaIdentity, columns });
}

function truncate(sink: LogSink): void {
  cursor.what = 'truncate';
  const count = cursor.uint32();
  const options = cursor.uint8();
  const relationOids: number[] = [];
  for (let left = count; left > 0; left--) relationOids.push(cursor.uint32());
  cursor.end();
  sink.truncate({ relationOids, cascade: (options & 1) !== 0, restartIdentity: (options & 2) !== 0 });
}

function type(sink: LogSink): void {
  cursor.what = 'type';
  const parsed = { oid: cursor.uint32(), namespace: cursor.text() || 'pg_catalog', name: cursor.text() };
  cursor.end();
  sink.type(parsed);
}

function origin(sink: LogSink): void {
  cursor.what = 'origin';
  const parsed = { commitLsn: cursor.uint64(), name: cursor.text() };
  cursor.end();
  sink.origin(parsed);
}

function emitted(sink: LogSink): void {
  cursor.what = 'logical';
  const transactional = (cursor.uint8() & 1) === 1;
  const lsn = cursor.uint64();
  const prefix = cursor.text();
  const length = cursor.int32();
  const from = cursor.take(length);
  cursor.end();
  sink.message({ transactional, lsn, prefix, content: cursor.bytes.subarray(from, from + length) });
}
