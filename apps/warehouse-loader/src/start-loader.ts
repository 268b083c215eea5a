import { loadCatalog } from '@rollcall/catalog';
import { batchLoaded } from '@rollcall/contracts';
import { openStore, proveStore, scanBatches, type ObjectStore } from '@rollcall/lake';
import { activeTraceparent } from '@rollcall/messaging';
import type { Host, ServiceParts } from '@rollcall/service';
import { checkSchema, isLoaded, loadGroup, openOps, openWarehouse, type Warehouse } from '@rollcall/warehouse';
import { AppModule } from './app.module.js';
import type { LoaderConfig } from './config.js';
import { crashAt } from './crash-at.js';
import { loaderEvents } from './events.js';
import { GapWatch } from './gap-watch.js';
import { lakeSource } from './lake-source.js';
import { scanLake } from './lake-scan.js';
import { Loader } from './loader.js';
import { runScans } from './scan-schedule.js';

/** Opens what the loader needs and wires its parts. */
export async function startLoader(host: Host, config: LoaderConfig, crash?: string): Promise<ServiceParts> {
  const catalog = await loadCatalog(config.CATALOG_DIR);
  const store = await openLake(config);
  const warehouse = openWarehouse(config.WAREHOUSE_URL.reveal(), { applicationName: host.name });
  host.closeLast('close the warehouse', () => warehouse.close());
  const ops = await openOps((config.OPS_URL ?? config.WAREHOUSE_URL).reveal());
  host.closeLast('close ops', () => ops.close());
  const broker = await host.connect(config);
  const events = loaderEvents(host.log, host.metrics);
  const nowSeconds = (): number => Date.now() / 1000;
  const gaps = new GapWatch(
    { scanAfterSeconds: config.GAP_SCAN_SECONDS, stopAfterSeconds: config.GAP_STOP_SECONDS },
    events,
    nowSeconds,
  );
  const loader = new Loader({
    catalog,
    source: lakeSource(store),
    sink: { load: (dataset, batches, options) => loadGroup(warehouse, dataset, batches, { ...tracing(), ...options }) },
    announcer: {
      announce: async (load) =>
        void (await broker.publish(batchLoaded, { ...load, batchIds: [...load.batchIds], touched: [...load.touched] })),
    },
    bounds: { maxRows: config.LOAD_MAX_ROWS, maxBatches: 64 },
    events,
    onWaiting: (dataset, waiting) => gaps.note(dataset, waiting),
    ...(crash && { onEffect: crashAt(crash, () => process.kill(process.pid, 'SIGKILL')) }),
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

async function openLake(config: LoaderConfig): Promise<ObjectStore> {
  const endpoint = config.AWS_ENDPOINT_URL_S3;
  const store = await openStore({
    url: config.LAKE_URL,
    kubernetes: config.KUBERNETES_SERVICE_HOST !== undefined,
    ...(endpoint !== undefined && { s3: { endpoint } }),
  });
  await proveStore(store);
  return store;
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
