import type { TupleView } from './tuple-view.js';

/** Who takes what one message of pgoutput says. What it is given is valid during the call alone, numbers and texts aside. */
export interface LogSink {
  begin(transaction: LogBegin): void;
  commit(commit: LogCommit): void;
  /** Columns of a table, said before the first change of it in a session and after each change of them. */
  relation(relation: LogRelation): void;
  insert(relationOid: number, row: TupleView): void;
  /** `old` is there when the key changed (`key`: key columns, others NULL), or the identity is full. */
  update(relationOid: number, row: TupleView, old: TupleView | undefined, oldKind: OldKind | undefined): void;
  delete(relationOid: number, old: TupleView, oldKind: OldKind): void;
  /** One statement; several tables when it names them, or by CASCADE. */
  truncate(truncate: LogTruncate): void;
  type(type: LogType): void;
  origin(origin: LogOrigin): void;
  /** pg_logical_emit_message; sent only when asked for. */
  message(message: LogMessage): void;
}

/** `key`: only the columns of the replica identity mean anything. `full`: the whole old row. */
export type OldKind = 'key' | 'full';

export interface LogBegin {
  /** Where the commit record of this transaction begins. */
  readonly finalLsn: bigint;
  /** Microseconds since 1970, UTC. */
  readonly committedAt: bigint;
  readonly xid: number;
}

export interface LogCommit {
  /** The same as `finalLsn` of its begin. */
  readonly commitLsn: bigint;
  /** Where the commit record ends: what a slot is confirmed with. */
  readonly endLsn: bigint;
  /** Microseconds since 1970, UTC. */
  readonly committedAt: bigint;
}

export interface LogRelation {
  readonly oid: number;
  readonly namespace: string;
  readonly name: string;
  readonly replicaIdentity: 'default' | 'nothing' | 'full' | 'index';
  readonly columns: readonly LogColumn[];
}

export interface LogColumn {
  readonly name: string;
  readonly typeOid: number;
  readonly typmod: number;
  /** Of the replica identity. */
  readonly isKey: boolean;
}

export interface LogTruncate {
  readonly relationOids: readonly number[];
  readonly cascade: boolean;
  readonly restartIdentity: boolean;
}

export interface LogType {
  readonly oid: number;
  readonly namespace: string;
  readonly name: string;
}

export interface LogOrigin {
  readonly commitLsn: bigint;
  readonly name: string;
}

export interface LogMessage {
  readonly transactional: boolean;
  readonly lsn: bigint;
  readonly prefix: string;
  readonly content: Buffer;
}
