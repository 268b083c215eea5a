import { parseValue, VectorBuilder, vectorOf, type Dataset, type Value } from '@rollcall/catalog';
import type { RunRequest } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import type { VectorColumn, VectorGroup } from '@rollcall/lake';
import type { RunAttempt } from '@rollcall/service';
import { askSource } from '@rollcall/source-postgres';
import type pg from 'pg';
import { exportSnapshot, beginInSnapshot, type ExportedSnapshot } from '../full/open-snapshot.js';
import { openTable, type OpenTable } from '../full/open-table.js';
import { readRange } from '../full/read-range.js';
import { landBatch } from '../land/land-batch.js';
import { opVector, ReadPositions } from '../land/read-meta.js';
import { snapshotBesideLog } from '../log/snapshot-beside-log.js';
import { StreamState } from '../log/stream-state.js';
import type { SourceContext } from '../source-context.js';
import { CursorDoc } from '../state/cursor-doc.js';
import { nextPoint } from '../state/next-point.js';
import type { Landed } from '../watermark/run-watermark.js';
import { inSpans, keyColumns, withKeys } from './key-conditions.js';

const TEXT = { name: 'text' } as const;

/** Whether a run asks for keys, and nothing else. */
export function asksForKeys({ mode, dataset, keys, gone }: RunRequest): boolean {
  return mode === 'reconcile' && dataset !== undefined && (keys !== undefined || gone !== undefined);
}

/**
 * Reads some ranges of keys again, in one snapshot, and lands them as `u`; those of `gone` that the snapshot does not have as `d`. There is no `t`: rows
 * outside are not touched. Of a dataset of the log it mixes with the log as any read beside it does. Delivery: at least once. Codes source/*, lake/*.
 */
export async function readKeys(
  context: SourceContext,
  dataset: Dataset,
  request: RunRequest,
  attempt: RunAttempt,
): Promise<Landed> {
  const doc = await CursorDoc.open(context, dataset);
  const { epoch, snapshot } = await openSnapshot(context, dataset, doc, attempt.signal);
  await using exported = snapshot;
  const client = await context.connect({ signal: attempt.signal });
  try {
    await beginInSnapshot(client, exported);
    const open = await openTable(context, client, dataset);
    const positions = new ReadPositions(epoch, exported.lsn);
    // The fence, and what later reads must be above.
    if (!request.dryRun) await doc.move((standing) => ({ ...standing, epoch, point: exported.lsn }));
    return await new KeysReading(context, client, { dataset, open, positions, request, attempt }).read();
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Code source/unfit while the log has not brought the dataset yet. */
async function openSnapshot(
  context: SourceContext,
  dataset: Dataset,
  { standing }: CursorDoc,
  signal: AbortSignal,
): Promise<{ readonly epoch: number; readonly snapshot: ExportedSnapshot }> {
  if (dataset.capture.mode !== 'log') {
    const exported = await exportSnapshot(context, signal);
    const lsn = nextPoint(exported.lsn, standing.point);
    return { epoch: standing.epoch, snapshot: { ...exported, lsn } };
  }
  const { doc } = await StreamState.open(context, context.source.source);
  const streamed = doc?.renew === undefined ? doc?.datasets[dataset.name] : undefined;
  if (!streamed)
    throw new RollcallError('source/unfit', `${dataset.name} is being read for the first time: compare it afterwards`);
  const last = standing.epoch === streamed.epoch ? standing.point : 0n;
  return { epoch: streamed.epoch, snapshot: await snapshotBesideLog(context, dataset, last, signal) };
}

interface KeysReadingParts {
  readonly dataset: Dataset;
  readonly open: OpenTable;
  readonly positions: ReadPositions;
  readonly request: RunRequest;
  readonly attempt: RunAttempt;
}

class KeysReading {
  readonly #context: SourceContext;
  readonly #client: pg.Client;
  readonly #parts: KeysReadingParts;
  readonly #asOf: bigint;

  constructor(context: SourceContext, client: pg.Client, parts: KeysReadingParts) {
    this.#context = context;
    this.#client = client;
    this.#parts = parts;
    this.#asOf = context.clock.nowMicros();
  }

  async read(): Promise<Landed> {
    const { dataset, open, positions, request, attempt } = this.#parts;
    const columns = keyColumns(open.plan, dataset.name);
    const from = `FROM ${open.sql} WHERE ${inSpans(columns, request.keys ?? [])}`;
    if (request.dryRun) return { rows: await this.#count(from), batches: 0 };
    const gone = await this.#goneKeys();
    const read = await readRange(this.#client, {
      dataset,
      open,
      positions,
      froms: request.keys?.length ? [from] : [],
      signal: attempt.signal,
      land: (groups, n) => this.#land(groups, n + 1),
    });
    if (gone.length > 0) await this.#land([this.#goneGroup(gone)], 0);
    return { rows: read.rows + gone.length, batches: read.batches + (gone.length > 0 ? 1 : 0) };
  }

  /** Those that the snapshot does not have. */
  async #goneKeys(): Promise<readonly (readonly string[])[]> {
    const { dataset, open, request } = this.#parts;
    const columns = keyColumns(open.plan, dataset.name);
    const left: (readonly string[])[] = [];
    for (const key of request.gone ?? [])
      if ((await this.#count(`FROM ${open.sql} WHERE ${withKeys(columns, [key])}`)) === 0) left.push(key);
    return left;
  }

  async #count(from: string): Promise<number> {
    const { rows } = await askSource(this.#client.query<{ count: string }>(`SELECT count(*)::text AS count ${from}`));
    return Number(rows[0]?.count ?? 0);
  }

  #goneGroup(keys: readonly (readonly string[])[]): VectorGroup {
    const { dataset, open, positions } = this.#parts;
    const values = keyColumns(open.plan, dataset.name).map(({ name, type }, at) => {
      const parsed = keys.map((key): Value => {
        const read = parseValue(type, key[at] ?? '');
        if (!read.ok)
          throw new RollcallError('source/unfit', `${dataset.name}: a key that is asked for is no ${type.name}`);
        return read.value;
      });
      return { name, type, parsed };
    });
    const rowCount = keys.length;
    const columns: VectorColumn[] = [
      { name: '_position', type: TEXT, vector: positions.take(rowCount) },
      { name: '_op', type: TEXT, vector: opVector('d', rowCount) },
      ...values.map(({ name, type, parsed }) => ({ name, type, vector: vectorOf(type, parsed) })),
    ];
    const { hashKey } = open.plan;
    if (!hashKey) return { rowCount, columns };
    const builder = new VectorBuilder(TEXT);
    for (let row = 0; row < rowCount; row += 1) builder.text(hashKey(values.map(({ parsed }) => parsed[row] ?? null)));
    return { rowCount, columns: [...columns, { name: '_key', type: TEXT, vector: builder.take() }] };
  }

  async #land(groups: Parameters<typeof landBatch>[1]['groups'], part: number): Promise<void> {
    const { dataset, open, request, attempt } = this.#parts;
    const range = { kind: 'run' as const, run: `${request.runId}:${attempt.attempt}`, part };
    const rest = { origin: open.name, asOf: this.#asOf, run: request.runId };
    await landBatch(this.#context, { dataset, groups, range, ...rest });
  }
}
