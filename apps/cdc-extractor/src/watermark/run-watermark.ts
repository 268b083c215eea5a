import type { Dataset } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import type { RunAttempt } from '@rollcall/service';
import { askSource, identifySystem } from '@rollcall/source-postgres';
import type pg from 'pg';
import { openTable, type OpenTable } from '../full/open-table.js';
import { readRange } from '../full/read-range.js';
import { landBatch } from '../land/land-batch.js';
import { ReadPositions } from '../land/read-meta.js';
import type { SourceContext } from '../source-context.js';
import type { CursorDoc } from '../state/cursor-doc.js';
import { nextPoint } from '../state/next-point.js';
import type { WatermarkState } from '../state/watermark-state.js';
import { advanced, atLimit } from './advance.js';
import { cursorColumn, keysetColumns, watermarkOf, type CursorColumn } from './cursor-column.js';
import { judgeLimit, type JudgedLimit } from './judge-limit.js';
import { beyondSql, keysetSql, spanSql, type Span } from './keyset.js';
import { beyondColumn, groupEnd, type GroupEnd } from './last-row.js';
import { nullsDigest } from './nulls-digest.js';
import { holderText } from './sample-source.js';

const DEFAULT_REREAD_ROWS = 1_000_000;

export interface WatermarkRun extends RunAttempt {
  readonly run: string;
  /** Rows of this span of the cursor are read again, and nothing else; the cursor stays. */
  readonly span?: Span;
}

/** What a read landed. */
export interface Landed {
  readonly rows: number;
  readonly batches: number;
}

/**
 * Capture `watermark`, once: what is behind the cursor, in its order, and what has none. The cursor moves batch by batch, and never beyond the
 * limit: what is above is delivered now, and read again the next time. Delivery: at least once. Codes source/*, lake/*, nats/*.
 */
export async function runWatermark(
  context: SourceContext,
  dataset: Dataset,
  doc: CursorDoc,
  run: WatermarkRun,
): Promise<Landed> {
  const client = await context.connect({ signal: run.signal });
  try {
    const seen = await openOnce(context, client, dataset);
    const before = { dataset, table: seen.sql, column: cursorColumn(seen.plan, dataset) };
    const state = stateOf(doc, before.column);
    const judged = await judgeLimit(context, client, { ...before, state, signal: run.signal });
    const { lsn } = await identifySystem(client);
    await askSource(client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY'));
    const open = await openTable(context, client, dataset);
    const column = cursorColumn(open.plan, dataset);
    if (column.id !== before.column.id)
      throw new RollcallError('source/unfit', `${open.name}: its cursor became another type just now`);
    const { limit, limitAt, samples } = judged;
    // A first read sees all there is, as a sweep would.
    const sweptAt = state.sweptAt ?? context.clock.nowMicros().toString();
    const { point, epoch } = await doc.move((standing) => ({
      ...standing,
      point: nextPoint(lsn, standing.point),
      state: { ...standing.state, watermark: { ...state, limit, limitAt, samples, sweptAt } },
    }));
    const positions = new ReadPositions(epoch, point);
    const reading = new Reading(context, client, { dataset, doc, open, column, judged, run, positions });
    return await (run.span ? reading.readSpan(run.span) : reading.readNew());
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What is known under this cursor. */
function stateOf(doc: CursorDoc, { id }: CursorColumn): WatermarkState {
  const known = doc.standing.state.watermark;
  return known?.column === id ? known : { column: id, samples: [] };
}

/** What the table is, for the sample; the read itself looks again, in its own snapshot. */
async function openOnce(context: SourceContext, client: pg.Client, dataset: Dataset): Promise<OpenTable> {
  await askSource(client.query('BEGIN READ ONLY'));
  const open = await openTable(context, client, dataset);
  await askSource(client.query('COMMIT'));
  return open;
}

interface ReadingParts {
  readonly dataset: Dataset;
  readonly doc: CursorDoc;
  readonly open: OpenTable;
  readonly column: CursorColumn;
  readonly judged: JudgedLimit;
  readonly run: WatermarkRun;
  readonly positions: ReadPositions;
}

/** One read, in the snapshot that its connection has open. */
class Reading {
  readonly #context: SourceContext;
  readonly #client: pg.Client;
  readonly #parts: ReadingParts;
  readonly #asOf: bigint;
  #part = 0;

  constructor(context: SourceContext, client: pg.Client, parts: ReadingParts) {
    this.#context = context;
    this.#client = client;
    this.#parts = parts;
    this.#asOf = context.clock.nowMicros();
  }

  async readNew(): Promise<Landed> {
    const behind = await this.#readBehind();
    const nulls = await this.#readNulls();
    await this.#advance((state) => ({ ...atLimit(state, this.#parts.judged.limit), nulls: nulls.digest }));
    return { rows: behind.rows + nulls.rows, batches: behind.batches + nulls.batches };
  }

  async readSpan(span: Span): Promise<Landed> {
    const { open, column, dataset } = this.#parts;
    return this.#read([spanSql(open.sql, column, span, dataset)], {});
  }

  /** Rows above the cursor; it follows them. */
  async #readBehind(): Promise<Landed> {
    const { open, column, dataset, judged } = this.#parts;
    const { cursor, nulls } = this.#state;
    // A first read is delivered whole, wherever the limit is; from then on what is read again has an end.
    const isFirst = cursor === undefined && nulls === undefined;
    const key = keysetColumns(open.plan);
    const most = watermarkOf(dataset).maxRereadRows ?? DEFAULT_REREAD_ROWS;
    let end: GroupEnd | undefined;
    let beyond = 0;
    const from = keysetSql(open.sql, column, key, cursor);
    return this.#read([from], {
      more: [beyondColumn(beyondSql(column, judged.limit))],
      look: (group) => {
        end = groupEnd(open.plan, column, key, group);
        beyond += end.beyond;
        if (beyond > most && !isFirst) throw tooMany(dataset, most, judged);
      },
      landed: () => {
        const reached = end;
        return async () => {
          if (reached) await this.#advance((state) => advanced(state, reached, judged.limit));
        };
      },
    });
  }

  /** Rows without a cursor: all of them, but not again while they are the same. */
  async #readNulls(): Promise<Landed & { readonly digest: string }> {
    const { open, column, dataset } = this.#parts;
    const from = `FROM ${open.sql} WHERE ${column.sql} IS NULL`;
    const digest = await nullsDigest(this.#client, open, from, dataset.version);
    if (digest === this.#state.nulls || digest === '') return { rows: 0, batches: 0, digest };
    return { ...(await this.#read([from], {})), digest };
  }

  get #state(): WatermarkState {
    return stateOf(this.#parts.doc, this.#parts.column);
  }

  async #advance(change: (state: WatermarkState) => WatermarkState): Promise<void> {
    const { doc } = this.#parts;
    await doc.update((state) => ({ ...state, watermark: change(this.#state) }));
  }

  async #read(
    froms: readonly string[],
    {
      landed,
      ...rest
    }: Pick<Parameters<typeof readRange>[1], 'more' | 'look'> & { readonly landed?: () => () => Promise<void> },
  ): Promise<Landed> {
    const { dataset, open, positions, run } = this.#parts;
    return readRange(this.#client, {
      dataset,
      open,
      positions,
      froms,
      signal: run.signal,
      ...rest,
      land: async (batch) => {
        const then = landed?.();
        const range = { kind: 'run' as const, run: `${run.run}:${run.attempt}`, part: (this.#part += 1) };
        const request = { dataset, groups: batch, range, origin: open.name, asOf: this.#asOf, run: run.run };
        await landBatch(this.#context, request);
        await then?.();
      },
    });
  }
}

function tooMany(dataset: Dataset, most: number, { holders }: JudgedLimit): RollcallError {
  const who = holders.length === 0 ? 'nobody that is open now' : holders.map(holderText).join('; ');
  return new RollcallError(
    'source/reread-limit',
    `${dataset.name}: more than ${most} rows (max_reread_rows) are above the safe point, which is held by ${who}`,
  );
}
