import { loadCatalog } from '@rollcall/catalog';
import { batchLoaded } from '@rollcall/contracts';
import { openLake, scanBatches, type ObjectStore } from '@rollcall/lake';
import { activeTraceparent } from '@rollcall/messaging';
import { crashAt, openTogether, type Host, type Opening, type ServiceParts } from '@rollcall/service';
import {
  begunDatasets,
  checkSchema,
  isLoaded,
  loadGroup,
  openOps,
  openWarehouse,
  type Ops,
  type Warehouse,
} from '@rollcall/warehouse';
import { AppModule } from './app.module.js';
import type { LoaderConfig } from './config.js';
import { loaderEvents } from './events.js';
import { GapWatch } from './gap-watch.js';
import { lakeSource } from './lake-source.js';
import { scanLake } from './lake-scan.js';
import { Loader, LOADER_EFFECTS, type LoaderOptions } from './loader.js';
import { LOAD_ROUND } from './loader-tokens.js';
import { runScans } from './scan-schedule.js';

/** Opens what the loader needs and wires its parts. */
export async function startLoader(host: Host, config: LoaderConfig, crash?: string): Promise<ServiceParts> {
  const { catalog, store, warehouse, ops, broker } = await openTogether({
    catalog: { setting: 'CATALOG_DIR', late: 'catalog/invalid', open: () => loadCatalog(config.CATALOG_DIR) },
    store: { setting: 'LAKE_URL', late: 'lake/unavailable', open: () => openLake(config) },
    ...openDatabases(host, config),
    broker: { setting: 'NATS_URL', late: 'nats/unavailable', open: () => host.connect(config) },
  });
  const events = loaderEvents(host.log, host.metrics);
  const nowSeconds = (): number => Date.now() / 1000;
  const gaps = new GapWatch(
    { scanAfterSeconds: config.GAP_SCAN_SECONDS, stopAfterSeconds: config.GAP_STOP_SECONDS },
    events,
    nowSeconds,
  );
  const loader = new Loader({
    catalog,
    source: lakeSource(store, { maxBytes: OBJECTS_IN_MEMORY }),
    sink: {
      load: (dataset, batches, options) => loadGroup(warehouse, dataset, batches, { ...tracing(), ...options }),
      begun: (datasets) => begunDatasets(warehouse, datasets),
    },
    announcer: {
      announce: async (load) =>
        void (await broker.publish(batchLoaded, { ...load, batchIds: [...load.batchIds], touched: [...load.touched] })),
    },
    boundsOf: boundsOf(config),
    maxLoads: MAX_LOADS,
    events,
    onWaiting: (dataset, waiting) => gaps.note(dataset, waiting),
    ...(crash && { onEffect: crashAt(LOADER_EFFECTS, crash, () => process.kill(process.pid, 'SIGKILL')) }),
  });
  const scanning = startScans(host, config, { store, warehouse, loader, gaps, events, nowSeconds });
  host.finishFirst('finish the scan', () => scanning);
  return {
    module: AppModule.of(loader, { record: (finished) => ops.recordRun(finished) }),
    http: config,
    broker,
    quarantineKey: config.QUARANTINE_KEY,
    ready: [{ name: 'warehouse-schema', check: () => checkSchema(warehouse) }],
  };
}

/** Each has a connection of the pool, and up to two row groups in memory. */
const MAX_LOADS = 4;
const OBJECTS_IN_MEMORY = 96 * 1024 * 1024;
/** What a dataset begins with goes straight into its table, of which the key is built after: the more at once the better. */
const FIRST_ROWS_FACTOR = 10;

/** Rows that sessions or versions are computed of never go in large transactions. While one load is merged the next is staged. */
function boundsOf({ LOAD_MAX_ROWS, LOAD_MAX_BYTES }: LoaderConfig): LoaderOptions['boundsOf'] {
  return (dataset, hasBegun) => {
    const isPlain = dataset?.derive.length === 0 && dataset.history === 'none';
    const maxRows = isPlain && !hasBegun ? LOAD_MAX_ROWS * FIRST_ROWS_FACTOR : LOAD_MAX_ROWS;
    return { maxRows, maxBytes: LOAD_MAX_BYTES, maxBatches: LOAD_ROUND.batch?.max ?? 1 };
  };
}

interface Databases {
  readonly warehouse: Opening<Warehouse>;
  readonly ops: Opening<Ops>;
}

/** Each is asked under the setting that names it. */
function openDatabases(host: Host, config: LoaderConfig): Databases {
  const warehouseUrl = config.WAREHOUSE_URL.reveal();
  const opsUrl = config.OPS_URL?.reveal();
  const late = 'warehouse/unavailable';
  async function warehouse(): Promise<Warehouse> {
    const opened = openWarehouse(warehouseUrl, { applicationName: host.name });
    host.closeLast('close the warehouse', () => opened.close());
    // Without OPS_URL it is the same database, and opening `ops` asks it: one fault is said once.
    if (opsUrl !== undefined) await opened.query('SELECT 1');
    return opened;
  }
  async function ops(): Promise<Ops> {
    const opened = await openOps(opsUrl ?? warehouseUrl);
    host.closeLast('close ops', () => opened.close());
    return opened;
  }
  return {
    warehouse: { setting: 'WAREHOUSE_URL', late, place: placeOf(warehouseUrl), open: warehouse },
    ops: { setting: opsUrl ? 'OPS_URL' : 'WAREHOUSE_URL', late, place: placeOf(opsUrl ?? warehouseUrl), open: ops },
  };
}

/** Host, port and database of a URL: what may be shown. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname;
}

function tracing(): { readonly trace?: string } {
  const trace = activeTraceparent();
  return trace === undefined ? {} : { trace };
}

interface ScanParts {
  readonly store: ObjectStore;
  readonly warehouse: Warehouse;
  readonly loader: Loader;
  readonly gaps: GapWatch;
  readonly events: ReturnType<typeof loaderEvents>;
  readonly nowSeconds: () => number;
}

/** Begins once the warehouse has its tables; a failure that Rollcall does not know ends the service. */
async function startScans(host: Host, config: LoaderConfig, parts: ScanParts): Promise<void> {
  const { store, warehouse, loader, events } = parts;
  try {
    await runScans({
      ...parts,
      scan: async (range) => {
        await checkSchema(warehouse);
        const unknown = (): ReturnType<typeof scanBatches> =>
          scanBatches(store, { ...range, isKnown: (batchId) => isLoaded(warehouse, batchId) });
        return scanLake({ unknown, loader, events, chunk: 64 }, range, host.signal);
      },
      recentDays: config.SCAN_RECENT_DAYS,
      recentEverySeconds: config.SCAN_RECENT_EVERY_SECONDS,
      allEverySeconds: config.SCAN_ALL_EVERY_SECONDS,
      signal: host.signal,
    });
  } catch (error) {
    host.fail(error);
  }
}
