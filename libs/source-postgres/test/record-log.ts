import { type LogSink, NULL_FIELD, parsePgoutput, type TupleView, UNCHANGED_FIELD } from '../src/index.js';

/** Texts of a row; null is NULL, undefined a value that the log does not repeat. */
export type RecordedRow = readonly (string | null | undefined)[];

/** A message of the log in a form that tests compare. */
export type Recorded =
  | { readonly kind: 'begin'; readonly lsn: bigint; readonly at: bigint }
  | { readonly kind: 'commit'; readonly lsn: bigint; readonly endLsn: bigint }
  | {
      readonly kind: 'relation';
      readonly table: string;
      readonly columns: readonly string[];
      readonly keys: readonly string[];
    }
  | { readonly kind: 'insert'; readonly table: string; readonly row: RecordedRow }
  | {
      readonly kind: 'update';
      readonly table: string;
      readonly row: RecordedRow;
      readonly old?: RecordedRow;
      readonly oldKind?: string;
    }
  | { readonly kind: 'delete'; readonly table: string; readonly old: RecordedRow; readonly oldKind: string }
  | {
      readonly kind: 'truncate';
      readonly tables: readonly string[];
      readonly cascade: boolean;
      readonly restart: boolean;
    }
  | { readonly kind: 'type'; readonly name: string }
  | { readonly kind: 'origin'; readonly name: string }
  | { readonly kind: 'message'; readonly prefix: string; readonly content: string };

/** A sink that keeps everything. Tables are named as they were when the change came. */
export function recordingSink(into: Recorded[]): LogSink {
  const names = new Map<number, string>();
  const named = (oid: number): string => names.get(oid) ?? `unknown ${oid}`;
  return {
    begin: ({ finalLsn, committedAt }) => void into.push({ kind: 'begin', lsn: finalLsn, at: committedAt }),
    commit: ({ commitLsn, endLsn }) => void into.push({ kind: 'commit', lsn: commitLsn, endLsn }),
    relation(relation) {
      const table = `${relation.namespace}.${relation.name}`;
      names.set(relation.oid, table);
      const keys = relation.columns.filter((column) => column.isKey);
      into.push({ kind: 'relation', table, columns: relation.columns.map(nameOf), keys: keys.map(nameOf) });
    },
    insert: (oid, row) => void into.push({ kind: 'insert', table: named(oid), row: texts(row) }),
    update(oid, row, old, oldKind) {
      const before = old === undefined || oldKind === undefined ? {} : { old: texts(old), oldKind };
      into.push({ kind: 'update', table: named(oid), row: texts(row), ...before });
    },
    delete: (oid, old, oldKind) => void into.push({ kind: 'delete', table: named(oid), old: texts(old), oldKind }),
    truncate({ relationOids, cascade, restartIdentity }) {
      into.push({ kind: 'truncate', tables: relationOids.map(named).sort(), cascade, restart: restartIdentity });
    },
    type: (type) => void into.push({ kind: 'type', name: type.name }),
    origin: (origin) => void into.push({ kind: 'origin', name: origin.name }),
    message: ({ prefix, content }) => void into.push({ kind: 'message', prefix, content: content.toString() }),
  };
}

/** What one message says. */
export function recorded(message: Buffer): Recorded[] {
  const into: Recorded[] = [];
  parsePgoutput(message, recordingSink(into));
  return into;
}

const nameOf = ({ name }: { readonly name: string }): string => name;

function texts(row: TupleView): RecordedRow {
  return Array.from({ length: row.count }, (_, field) => {
    if (row.kinds[field] === NULL_FIELD) return null;
    if (row.kinds[field] === UNCHANGED_FIELD) return undefined;
    return row.source.toString('utf8', row.from[field], row.to[field]);
  });
}
