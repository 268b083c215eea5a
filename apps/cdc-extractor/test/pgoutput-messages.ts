import { type LogRelation } from '@rollcall/source-postgres';

/** A field: text, null, or `undefined` for an out-of-line value that was not changed. */
export type Field = string | null | undefined;

const POSTGRES_EPOCH_MICROS = 946_684_800_000_000n;

/** Messages of pgoutput, protocol 1, as a server sends them. */
export const pgoutput = {
  begin: (lsn: bigint, committedAt: bigint, xid = 1): Buffer =>
    Buffer.concat([Buffer.from('B'), int64(lsn), int64(committedAt - POSTGRES_EPOCH_MICROS), int32(xid)]),
  commit: (lsn: bigint, end: bigint, committedAt: bigint): Buffer =>
    Buffer.concat([Buffer.from('C\0'), int64(lsn), int64(end), int64(committedAt - POSTGRES_EPOCH_MICROS)]),
  insert: (oid: number, row: readonly Field[]): Buffer => Buffer.concat([Buffer.from('I'), int32(oid), part('N', row)]),
  update: (oid: number, row: readonly Field[], old?: readonly Field[], kind: 'K' | 'O' = 'O'): Buffer =>
    Buffer.concat([Buffer.from('U'), int32(oid), ...(old ? [part(kind, old)] : []), part('N', row)]),
  delete: (oid: number, old: readonly Field[], kind: 'K' | 'O'): Buffer =>
    Buffer.concat([Buffer.from('D'), int32(oid), part(kind, old)]),
  truncate: (...oids: number[]): Buffer =>
    Buffer.concat([Buffer.from('T'), int32(oids.length), Buffer.from([0]), ...oids.map(int32)]),
  relation: ({ oid, namespace, name, replicaIdentity, columns }: LogRelation): Buffer =>
    Buffer.concat([
      Buffer.from('R'),
      int32(oid),
      Buffer.from(`${namespace}\0${name}\0${{ default: 'd', nothing: 'n', full: 'f', index: 'i' }[replicaIdentity]}`),
      int16(columns.length),
      ...columns.map((column) =>
        Buffer.concat([
          Buffer.from([column.isKey ? 1 : 0]),
          Buffer.from(`${column.name}\0`),
          int32(column.typeOid),
          int32(column.typmod),
        ]),
      ),
    ]),
};

function part(tag: string, row: readonly Field[]): Buffer {
  return Buffer.concat([Buffer.from(tag), int16(row.length), ...row.map(field)]);
}

function field(value: Field): Buffer {
  if (value === undefined) return Buffer.from('u');
  if (value === null) return Buffer.from('n');
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from('t'), int32(bytes.length), bytes]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}
