import { fileURLToPath } from 'node:url';
import { randomBytes } from 'node:crypto';
import { loadCatalog } from '@rollcall/catalog';
import { sha256Hex } from '@rollcall/kernel';
import { parseReport, type Report } from '@rollcall/reports';
import { createLogger, startService, type RunningService } from '@rollcall/service';
import { testDatabase } from '@rollcall/testkit';
import { migrate, openOps, openWarehouse, type Ops, type Session, type Warehouse } from '@rollcall/warehouse';
import { ApiModule } from '../src/api/api.module.js';
import { prepareApi } from '../src/api/prepare-api.js';
import type { ApiParts } from '../src/api-parts.js';
import { loadConfig } from '../src/config.js';
import type { BookEvent, BrokenReport, ReportBook, Standing } from '../src/engine/report-book.js';

/** A column of every type, a filter of every kind, every way of being empty. */
const YAML = `
report: everything
revision: 3
title: A column of every type
question: Does every value arrive as it was?
description: Rows made by hand.
owner: tests
grain: [id]
columns:
  id: { type: text, label: Id, description: Tells rows apart }
  note: { type: text, label: Note, description: Any text }
  flag: { type: bool, label: Flag, description: A truth }
  small: { type: int4, label: Small, description: A small number }
  big: { type: int8, label: Big, unit: things, additive: sum, description: A big number }
  price: { type: 'decimal(12,2)', label: Price, additive: sum, description: Two places }
  exact: { type: numeric, label: Exact, description: As many places as there are }
  ratio: { type: float8, label: Ratio, description: A fraction }
  day: { type: date, label: Day, description: A day }
  at: { type: timestamptz, label: At, description: An instant }
filters:
  id: { column: id, op: in }
  note: { column: note, op: eq }
  words: { column: note, op: contains }
  flag: { column: flag, op: eq }
  small: { column: small, op: in }
  big: { column: big, op: between }
  price: { column: price, op: between }
  ratio: { column: ratio, op: between }
  day: { column: day, op: between }
  at: { column: at, op: between }
  least: { op: where, sql: 'coalesce(big, 0) >= :value', type: numeric, default: '-99999999999999999999', label: At least }
evidence:
  answers:
    sql: SELECT a.id, a._batch_id, a._position FROM analytics.answers a WHERE a.id = :id
freshness: { warn_after: 1h, fail_after: 1d }
show:
  - tiles:
      rows: { value: count, label: Rows }
      big: { value: sum(big), label: Sum of big, unit: things }
      price: { value: max(price), label: Highest price }
  - chart: { name: bigs, title: Big by id, kind: bars, x: big, y: id, sort: -big, limit: 3 }
  - table: { sort: [id], page: 2 }
`;

const SQL = 'SELECT id, note, flag, small, big, price, exact, ratio, day, at FROM public.everything';

const TABLE = `CREATE TABLE public.everything (id text, note text, flag bool, small int4, big int8, price numeric(12,2), exact numeric, ratio float8, day date, at timestamptz)`;

const ROWS = `INSERT INTO public.everything VALUES
  ('a', 'plain', true, 1, 9007199254740993, 12.50, 0.1000000000000000000001, 0.1, '2026-08-03', '2026-08-03 12:04:00.000001Z'),
  ('b', '', false, -2, -5, -0.01, 1e30, -1.5, '2026-08-04', '2026-08-03 23:59:59.999999Z'),
  ('c', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('d', '=HYPERLINK("http://x")', true, 2147483647, 0, 9999999999.99, 42, 'Infinity', '0001-01-01', '2026-08-04 00:00:00Z'),
  ('e', 'a "quoted", line' || E'\\r\\n' || 'ends; ''--', false, 0, 7, 7.00, -42.5, 1e300, '2026-11-22', '2026-11-22 01:02:03Z'),
  ('f', '~tilde 100% _ \\\\', NULL, 3, 8, 8.10, 0, 0, '2026-11-23', '2026-11-23 01:02:03Z')`;

export function everythingReport(): Report {
  const files = new Map([
    ['report.yaml', YAML],
    ['view.sql', SQL],
  ]);
  const { report, faults } = parseReport({ name: 'everything', dir: 'reports/everything', files });
  if (!report) throw new Error(faults.map((fault) => JSON.stringify(fault)).join('\n'));
  return report;
}

export function standingOf(report: Report, change: Partial<Standing> = {}): Standing {
  return {
    report,
    datasets: ['answers'],
    reportsUnder: [],
    refreshId: 'refresh-1',
    asOf: '2026-08-04T10:00:00.000000Z',
    computedAt: '2026-08-04T10:00:01.000000Z',
    rows: 6,
    rowsChanged: 6,
    tests: [{ name: 'grain', severity: 'hold', passed: true, failures: 0 }],
    withheld: 1,
    inputs: [{ dataset: 'answers', asOf: '2026-08-04T10:00:00.000000Z', withheld: 1 }],
    heldBack: null,
    faults: [],
    ...change,
  };
}

/** A book that a test writes. */
export class TestBook implements ReportBook {
  readonly #standings = new Map<string, Standing>();
  readonly #listeners = new Set<(event: BookEvent) => void>();
  readonly faulty: BrokenReport[] = [];

  list = (): readonly Standing[] => [...this.#standings.values()];
  get = (name: string): Standing | undefined => this.#standings.get(name);
  broken = (): readonly BrokenReport[] => this.faulty;

  on(listener: (event: BookEvent) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  put(standing: Standing): void {
    this.#standings.set(standing.report.name, standing);
  }

  tell(event: BookEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Another refresh of a report, told to whoever listens. */
  refresh(name: string, refreshId: string, rowsChanged = 1): void {
    const standing = this.#standings.get(name);
    if (!standing) throw new Error(`no ${name}`);
    this.put({ ...standing, refreshId, rowsChanged });
    this.tell({ kind: 'refreshed', report: name, refreshId, rowsChanged, asOf: standing.asOf });
  }
}

export interface ApiBed extends AsyncDisposable {
  readonly service: RunningService;
  readonly book: TestBook;
  readonly ops: Ops;
  /** As the owner of everything. */
  readonly owner: Warehouse;
  /** Statements that readers ran, in order. */
  readonly statements: string[];
  /** Lines of the log. */
  readonly logged: string[];
  /** Routes of the HTTP server: `GET /api/v1/reports`. */
  readonly routes: readonly string[];
  /** The clock that the service reads. */
  readonly clock: { nowMs: number };
  /** A token that `ops.token` knows. */
  token(scopes: readonly string[], expiresAt?: string): Promise<{ readonly id: string; readonly token: string }>;
}

export interface BedOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of the readers' pool. */
  readonly readers?: (readers: Warehouse) => Warehouse;
}

export async function apiBed({ env = {}, readers: wrap = (one) => one }: BedOptions = {}): Promise<ApiBed> {
  const database = await testDatabase({ template: { name: 'reporting-api', build: fill } });
  const config = loadConfig({
    WAREHOUSE_URL: database.url,
    LAKE_URL: 'file:///nowhere',
    PORT: '0',
    WEB_DIR: '/nowhere/web',
    ...env,
  });
  const owner = openWarehouse(database.url, { maxConnections: 2 });
  const reading = openWarehouse(database.url, {
    maxConnections: 12,
    readOnly: true,
    role: 'bi_reader',
    statementTimeoutMs: 30_000,
  });
  const ops = await openOps(database.url);
  const book = new TestBook();
  book.put(standingOf(everythingReport()));
  const statements: string[] = [];
  const logged: string[] = [];
  const routes: string[] = [];
  const clock = { nowMs: Date.parse('2026-08-04T12:00:00Z') };
  const counted: Warehouse = {
    ...reading,
    query: (text, values) => {
      statements.push(text);
      return reading.query(text, values);
    },
    session: <T>(act: (session: Session) => Promise<T>) => reading.session(act),
  };
  const catalog = await loadCatalog(fileURLToPath(new URL('../../../catalog', import.meta.url)));
  const log = createLogger({
    name: 'reporting',
    level: 'debug',
    destination: { write: (line) => void logged.push(line) },
  });
  const service = await startService({
    name: 'reporting',
    log,
    start: async (host) => {
      const parts: ApiParts = {
        config,
        book,
        catalog,
        // What no test of this bed reaches.
        lake: {} as ApiParts['lake'],
        broker: { connected: false } as ApiParts['broker'],
        operators: owner,
        readers: wrap(counted),
        ops,
        log: host.log,
        metrics: host.metrics,
        signal: host.signal,
        nowMs: () => clock.nowMs,
      };
      return {
        module: ApiModule.of(parts),
        http: config,
        prepareHttp: (app) => {
          app
            .getHttpAdapter()
            .getInstance()
            .addHook('onRoute', ({ method, url }) => {
              for (const one of [method].flat()) routes.push(`${one} ${url}`);
            });
          prepareApi(app, parts);
        },
      };
    },
  });
  return {
    service,
    book,
    ops,
    owner,
    statements,
    logged,
    routes,
    clock,
    async token(scopes, expiresAt) {
      const token = `rollcall_${randomBytes(32).toString('base64url')}`;
      const kept = { name: `test ${scopes.join(' ')}`, hash: sha256Hex(token), scopes, createdBy: 'test', expiresAt };
      return { id: (await ops.createToken(kept)).id, token };
    },
    async [Symbol.asyncDispose]() {
      await service.stop();
      await Promise.all([owner.close(), reading.close(), ops.close()]);
      await database.drop();
    },
  };
}

async function fill(url: string): Promise<void> {
  await migrate({ warehouseUrl: url });
  await using warehouse = openWarehouse(url, { maxConnections: 1 });
  await warehouse.session(async (session) => {
    await session.run(TABLE);
    await session.run(ROWS);
    await session.run(`CREATE VIEW report.everything AS ${SQL}`);
  });
}
