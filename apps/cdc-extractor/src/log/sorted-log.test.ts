import fc from 'fast-check';
import { parsePgoutput, type FieldDecoder, type LogSink } from '@rollcall/source-postgres';
import { expect, test } from 'vitest';
import {
  mergeBatches,
  rowsOfGroups,
  versionsOf,
  withoutMeta,
  type ReadBatch,
  type Row,
} from '../../test/merged-lake.js';
import { pgoutput, type Field } from '../../test/pgoutput-messages.js';
import { type LogTable } from './log-table.js';
import { TransactionSorter } from './transaction-sorter.js';

/** A table in memory that tells its changes as a server does: id, a small value, one that is out of line when it is long. */
type Identity = 'default' | 'full' | 'keyless';
const KEYS = ['a', 'b', 'c', 'd'];

interface Told {
  readonly transactions: readonly { readonly lsn: bigint; readonly changes: readonly Buffer[] }[];
  /** Every row of every change, in order; undefined where it went. */
  readonly versions: readonly (Row | undefined)[];
  readonly rows: readonly Row[];
}

function tell(identity: Identity, count: number, pick: (below: number) => number): Told {
  const rows = new Map<string, Row>();
  const versions: (Row | undefined)[] = [];
  let serial = 0;
  const fields = (row: Row, before?: Row): Field[] => {
    const isSame = before !== undefined && before['big'] === row['big'] && row['big']?.startsWith('long') === true;
    return [row['id'], row['v'], isSame ? undefined : row['big']];
  };
  const whole = (row: Row): Field[] => [row['id'], row['v'], row['big']];
  const keyOf = (row: Row): Field[] => [row['id'], null, null];
  const change = (): Buffer[] => {
    const id = KEYS[pick(KEYS.length)] ?? '';
    const row = rows.get(id);
    const kind = pick(16);
    if (kind === 0) {
      rows.clear();
      return [pgoutput.truncate(1)];
    }
    if (!row) {
      const next: Row = {
        id,
        v: `v${(serial += 1)}`,
        big: [null, '', `short${serial}`, `long${serial}`][pick(4)] ?? null,
      };
      rows.set(id, next);
      versions.push(next);
      return [pgoutput.insert(1, whole(next))];
    }
    if (kind < 4) {
      rows.delete(id);
      versions.push(undefined);
      return [identity === 'default' ? pgoutput.delete(1, keyOf(row), 'K') : pgoutput.delete(1, whole(row), 'O')];
    }
    const to = kind < 8 ? KEYS.find((free) => !rows.has(free)) : undefined;
    const next: Row = { ...row, id: to ?? id, v: `v${(serial += 1)}`, ...(pick(4) === 0 && { big: `long${serial}` }) };
    rows.delete(id);
    rows.set(to ?? id, next);
    if (to !== undefined || identity === 'keyless') versions.push(undefined);
    versions.push(next);
    if (identity !== 'default') return [pgoutput.update(1, fields(next, row), whole(row), 'O')];
    return [pgoutput.update(1, fields(next, row), to === undefined ? undefined : keyOf(row), 'K')];
  };
  const transactions = Array.from({ length: count }, (_, n) => ({
    lsn: BigInt(n + 1) * 8n,
    changes: Array.from({ length: 1 + pick(6) }, change).flat(),
  }));
  return { transactions, versions, rows: [...rows.values()] };
}

/** Streams it with cuts and deaths anywhere; what was landed before a death stays landed. */
function stream({ transactions }: Told, identity: Identity, pick: (below: number) => number): ReadBatch[] {
  const landed: ReadBatch[] = [];
  let position = '0001-0000000000000000-00000000';
  for (let lives = 8; ; lives -= 1) {
    const start = BigInt(`0x${position.slice(5, 21)}`);
    // The server begins at a commit that is not beyond, or at one before it.
    const from = Math.max(0, transactions.findIndex(({ lsn }) => lsn >= start) - pick(3));
    const ended = live(
      transactions.slice(from),
      identity,
      position,
      lives > 0 ? pick : (below) => Math.min(1, below - 1),
    );
    landed.push(...ended.landed);
    position = ended.position;
    if (ended.isDone) return landed;
  }
}

function live(
  transactions: Told['transactions'],
  identity: Identity,
  begin: string,
  pick: (below: number) => number,
): { readonly landed: ReadBatch[]; readonly position: string; readonly isDone: boolean } {
  const sorter = new TransactionSorter([
    { name: 't', flush: { seconds: 1, rows: 1, bytes: 1 }, epoch: 1, position: begin },
  ]);
  sorter.route(1, [table(identity)]);
  const landed: ReadBatch[] = [];
  let position = begin;
  const cut = (): void => {
    for (const { batches } of sorter.take().datasets)
      for (const { groups, first, last } of batches) {
        landed.push({
          manifest: { range: { kind: 'log', first, last }, firstPosition: first },
          rows: rowsOfGroups(groups),
        });
        // Dead between the object and the cursor: what was landed stands, and comes again.
        if (pick(5) !== 0) position = last;
        else return;
      }
  };
  for (const { lsn, changes } of transactions) {
    parsePgoutput(pgoutput.begin(lsn, 0n), sinkOf(sorter));
    for (const change of changes) {
      parsePgoutput(change, sinkOf(sorter));
      if (pick(12) === 0) {
        const before = position;
        cut();
        if (position === before || pick(8) === 0) return { landed, position, isDone: false };
      }
    }
    parsePgoutput(pgoutput.commit(lsn, lsn + 8n, 0n), sinkOf(sorter));
  }
  const { datasets } = sorter.take();
  for (const { batches } of datasets)
    for (const { groups, first, last } of batches)
      landed.push({
        manifest: { range: { kind: 'log', first, last }, firstPosition: first },
        rows: rowsOfGroups(groups),
      });
  return { landed, position, isDone: true };
}

function table(identity: Identity): LogTable {
  const decode: FieldDecoder = (source, from, to, out) => out.bytes(source, from, to);
  const columns = ['id', 'v', 'big'].map((name, field) => ({ name, field, decode, type: { name: 'text' } as const }));
  return { dataset: 't', columns, key: identity === 'keyless' ? [] : [0] };
}

function sinkOf(sorter: TransactionSorter): LogSink {
  return {
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
}

const text = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(withoutMeta(row))).sort();

test.each<Identity>(['default', 'full', 'keyless'])(
  'whatever happens to a table with identity %s, and wherever cuts and deaths fall, the batches tell every version of every row',
  (identity) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 60, maxLength: 400 }), fc.integer({ min: 1, max: 12 }), (tape, count) => {
        let at = 0;
        const pick = (below: number): number => (tape[at++ % tape.length] ?? 0) % below;
        const told = tell(identity, count, pick);
        const batches = stream(told, identity, pick);
        const key = identity === 'keyless' ? [] : ['id'];
        expect(text(mergeBatches(batches, key))).toEqual(text(told.rows));
        expect(text(mergeBatches([...batches].reverse().concat(batches), key))).toEqual(text(told.rows));
        const versions = versionsOf(batches, key).filter((row) => row['_op'] !== 't');
        expect(versions.map((row) => (row['_op'] === 'u' ? withoutMeta(row) : undefined))).toEqual(told.versions);
      }),
      { numRuns: 150 },
    );
  },
  30_000,
);
