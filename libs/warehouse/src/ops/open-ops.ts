import type { RunFinished } from '@rollcall/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import { classifyWarehouseError } from '../classify-warehouse-error.js';
import { RunsAndAudit1795000000001 } from '../migrations/1795000000001-runs-and-audit.js';
import { Tokens1796000000001 } from '../migrations/1796000000001-tokens.js';
import { AuditEntity, type AuditEntry } from './audit.entity.js';
import { RunEntity, type Run } from './run.entity.js';
import { TokenEntity, type Token } from './token.entity.js';
import { createToken, listTokens, revokeToken, tokenByHash, tokenById, touchToken, type NewToken } from './tokens.js';

/** The application's own tables in schema `ops`, on OPS_URL. */
export interface Ops extends AsyncDisposable {
  /** Writes a finished run; once per run id, later ones change nothing. */
  recordRun(finished: RunFinished): Promise<void>;
  /** Newest first. */
  recentRuns(limit: number): Promise<readonly Run[]>;
  findRun(runId: string): Promise<Run | undefined>;
  audit(entry: Pick<AuditEntry, 'actor' | 'action' | 'subject' | 'details'>): Promise<void>;
  /** Newest first. */
  recentAudit(limit: number): Promise<readonly AuditEntry[]>;
  /** Keeps the hash of a new token. A hash that is there already is a bug of the caller: tokens are random. */
  createToken(token: NewToken): Promise<Token>;
  /** Also one that is revoked or has expired: that is for the caller to judge. */
  tokenByHash(hash: string): Promise<Token | undefined>;
  tokenById(id: string): Promise<Token | undefined>;
  /** Newest first, revoked ones too. */
  listTokens(): Promise<readonly Token[]>;
  /** From now on it opens nothing. False: there is none of that id, or it was revoked before. */
  revokeToken(id: string): Promise<boolean>;
  /** Notes that a token was used now. */
  touchToken(id: string): Promise<void>;
  close(): Promise<void>;
}

/** Connects. Throws RollcallError `warehouse/*`. */
export async function openOps(url: string): Promise<Ops> {
  const source = sourceOf(url);
  await named(source.initialize());
  async function close(): Promise<void> {
    if (source.isInitialized) await source.destroy();
  }
  return {
    recordRun: (finished) => named(recordRun(source.manager, finished)),
    recentRuns: (limit) => named(source.query<readonly Run[]>(RECENT_RUNS, [limit])),
    findRun: async (runId) => (await named(source.query<readonly Run[]>(RUN, [runId])))[0],
    async audit({ actor, action, subject, details }) {
      await named(
        source.query('INSERT INTO ops.audit (actor, action, subject, details) VALUES ($1, $2, $3, $4)', [
          actor,
          action,
          subject,
          JSON.stringify(details),
        ]),
      );
    },
    recentAudit: (limit) => named(source.query<readonly AuditEntry[]>(RECENT_AUDIT, [limit])),
    createToken: (token) => named(createToken(source, token)),
    tokenByHash: (hash) => named(tokenByHash(source, hash)),
    tokenById: (id) => named(tokenById(source, id)),
    listTokens: () => named(listTokens(source)),
    revokeToken: (id) => named(revokeToken(source, id)),
    touchToken: (id) => named(touchToken(source, id)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Runs the TypeORM migrations that are missing; returns their names. The caller holds the lock. */
export async function migrateOps(url: string): Promise<readonly string[]> {
  const source = sourceOf(url);
  await named(source.initialize());
  try {
    await named(source.query('CREATE SCHEMA IF NOT EXISTS ops'));
    const applied = await named(source.runMigrations({ transaction: 'each' }));
    return applied.map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}

function sourceOf(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    schema: 'ops',
    applicationName: 'rollcall ops',
    entities: [RunEntity, AuditEntity, TokenEntity],
    migrations: [RunsAndAudit1795000000001, Tokens1796000000001],
    migrationsTableName: 'typeorm_migration',
    synchronize: false,
    migrationsRun: false,
    logging: false,
    extra: { max: 3, options: '-c TimeZone=UTC', statement_timeout: 60_000, lock_timeout: 30_000 },
  });
}

// TypeORM carries instants as Date, which would cut the microseconds: they are read as text, and written as parameters of a cast.
const INSTANT = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const RUNS = `
SELECT run_id AS "runId", kind, source, dataset, read, batches, rejected, verdict, code, requested_by AS "requestedBy",
       ${INSTANT('started_at')} AS "startedAt", ${INSTANT('finished_at')} AS "finishedAt", trace
FROM ops.run`;
const RECENT_RUNS = `${RUNS} ORDER BY ops.run.finished_at DESC, run_id LIMIT $1`;
const RUN = `${RUNS} WHERE run_id = $1`;

const RECENT_AUDIT = `
SELECT id, ${INSTANT('at')} AS at, actor, action, subject, details FROM ops.audit ORDER BY ops.audit.at DESC, id DESC LIMIT $1`;

async function recordRun(manager: EntityManager, finished: RunFinished): Promise<void> {
  await manager
    .createQueryBuilder()
    .insert()
    .into(RunEntity)
    .values({
      ...finished,
      dataset: finished.dataset ?? null,
      read: String(finished.read),
      batches: String(finished.batches),
      rejected: String(finished.rejected),
      code: finished.code ?? null,
      startedAt: () => ':startedAt::timestamptz',
      finishedAt: () => ':finishedAt::timestamptz',
      trace: finished.trace ?? null,
    })
    .setParameters({ startedAt: finished.startedAt, finishedAt: finished.finishedAt })
    .orIgnore()
    .execute();
}

async function named<T>(act: Promise<T>): Promise<T> {
  try {
    return await act;
  } catch (error) {
    throw classifyWarehouseError(error);
  }
}
