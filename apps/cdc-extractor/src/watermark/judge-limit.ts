import type { Dataset } from '@rollcall/catalog';
import { askSource } from '@rollcall/source-postgres';
import type pg from 'pg';
import type { Holder } from '../events.js';
import type { SourceContext } from '../source-context.js';
import type { WatermarkSample, WatermarkState } from '../state/watermark-state.js';
import { cursorLiteral, watermarkOf, type CursorColumn } from './cursor-column.js';
import { decide, waitingSeconds } from './decide.js';
import { awaitReplay } from './await-replay.js';
import { holdersOf, lagLimit, sampleSource } from './sample-source.js';

/** From then on a limit that stands still is named. */
const STALLED_SECONDS = 300;

/** How far a read may move the cursor, with what is to be remembered. */
export interface JudgedLimit extends Pick<WatermarkState, 'limit' | 'limitAt' | 'samples'> {
  /** Who holds the limit back; empty: nobody. */
  readonly holders: readonly Holder[];
}

export interface LimitRequest {
  readonly dataset: Dataset;
  /** Quoted and qualified. */
  readonly table: string;
  readonly column: CursorColumn;
  readonly state: WatermarkState;
  readonly signal: AbortSignal;
}

/**
 * Takes a sample and judges those that were kept. To be asked before the reading snapshot is opened. With a horizon the primary is asked, and the
 * standby is waited for until it shows what the primary has shown.
 */
export async function judgeLimit(
  context: SourceContext,
  client: pg.Client,
  request: LimitRequest,
): Promise<JudgedLimit> {
  const { dataset, column, state, signal } = request;
  const { lagSeconds, horizonConnection: connection } = watermarkOf(dataset);
  if (lagSeconds !== undefined) {
    const { t, at } = await lagLimit(client, dataset, column);
    context.events.limitJudged(dataset, lagSeconds, 0);
    return { ...(await greatest(client, column, { t, at: at.toString() }, state)), samples: [], holders: [] };
  }
  if (connection === undefined) return judgeOn(context, client, client, request);
  const primary = await context.connect({ connection, signal });
  try {
    const judged = await judgeOn(context, primary, client, request);
    await awaitReplay(primary, client, dataset, signal);
    return judged;
  } finally {
    await primary.end().catch(() => undefined);
  }
}

async function judgeOn(
  { events }: SourceContext,
  primary: pg.Client,
  client: pg.Client,
  { dataset, table, column, state }: LimitRequest,
): Promise<JudgedLimit> {
  const sampled = await sampleSource(primary, { dataset, table, column });
  const decision = decide(state.samples, sampled.now);
  const limit = await greatest(client, column, decision.safe, state);
  const seconds = waitingSeconds(decision, sampled.now);
  const [oldest] = decision.samples;
  const holders = oldest ? holdersOf(oldest.open, sampled, seconds) : [];
  const openSeconds = Math.max(0, ...holders.map(({ ageSeconds }) => ageSeconds));
  events.limitJudged(dataset, secondsBetween(limit.limitAt, sampled.now.at), openSeconds);
  if (seconds >= STALLED_SECONDS) events.limitStalled(dataset, seconds, holders);
  return { ...limit, samples: [...decision.samples], holders };
}

function secondsBetween(since: string | undefined, at: bigint): number | undefined {
  return since === undefined ? undefined : Math.max(0, Number(at - BigInt(since)) / 1_000_000);
}

/** In the order of the source. A clock that was set back does not take back a limit. */
async function greatest(
  client: pg.Client,
  column: CursorColumn,
  next: Pick<WatermarkSample, 't' | 'at'> | undefined,
  { limit, limitAt }: WatermarkState,
): Promise<Pick<WatermarkState, 'limit' | 'limitAt'>> {
  if (next === undefined) return { limit, limitAt };
  if (limit !== undefined) {
    const sql = `SELECT ${cursorLiteral(column, next.t)} < ${cursorLiteral(column, limit)} AS behind`;
    const { rows } = await askSource(client.query<{ behind: boolean }>(sql));
    if (rows[0]?.behind) return { limit, limitAt };
  }
  return { limit: next.t, limitAt: next.at };
}
