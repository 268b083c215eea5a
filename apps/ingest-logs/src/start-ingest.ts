import { loadCatalog, piiKey, type Catalog } from '@rollcall/catalog';
import { systemClock } from '@rollcall/kernel';
import { openLake, openStore, putContract, type ObjectStore } from '@rollcall/lake';
import { Effects, openTogether, RunDoor, type Host, type ServiceParts } from '@rollcall/service';
import { AppModule } from './app.module.js';
import { dropsPlace, type IngestConfig } from './config.js';
import { DropLedger } from './drops/drop-ledger.js';
import { DropReader, type DropDataset } from './drops/drop-reader.js';
import { DropWatcher } from './drops/drop-watcher.js';
import type { EffectHook, EffectName } from './effects.js';
import { BusDoor } from './events/bus-door.js';
import { eventDatasets } from './events/event-dataset.js';
import { ingestEvents } from './events.js';
import { HttpDoor } from './http/http-door.js';
import { HEADER_ROOM_BYTES } from './http/http-limits.js';
import { prepareFastify, ProblemFilter } from './http/prepare-http.js';
import { scanDrops } from './runs/scan-drops.js';
import { watchUnlanded } from './unlanded-gauge.js';

/** Opens what the service needs and wires its doors. `onEffect` is for the tests that die in effects. */
export async function startIngest(host: Host, config: IngestConfig, onEffect?: EffectHook): Promise<ServiceParts> {
  const place = dropsPlace(config);
  const { catalog, lake, drops, broker } = await openTogether({
    catalog: { setting: 'CATALOG_DIR', late: 'catalog/invalid', open: () => loadCatalog(config.CATALOG_DIR) },
    lake: { setting: 'LAKE_URL', late: 'lake/unavailable', open: () => openLake(config) },
    drops: { setting: 'DROPS_URL', late: 'lake/unavailable', open: () => open(config, place.url) },
    broker: { setting: 'NATS_URL', late: 'nats/unavailable', open: () => host.connect(config) },
  });
  const key = config.PII_KEY && piiKey(config.PII_KEY.reveal());
  const datasets = eventDatasets(catalog, key);
  for (const { dataset } of datasets.values()) await putContract(lake, dataset);

  const effects = new Effects<EffectName>(onEffect);
  const events = ingestEvents(host.log, host.metrics);
  watchUnlanded(host.metrics, broker);
  const clock = systemClock;
  const landing = { lake, broker, effects, clock, events };
  const quarantineKey = config.QUARANTINE_KEY?.reveal();
  const leaseMs = config.LEASE_SECONDS * 1000;
  const { owner, signal } = host;

  const ledger = new DropLedger({ lake, effects, clock, owner, leaseMs });
  const reader = new DropReader({ drops, ledger, landing, quarantineKey, piiKey: key, signal });
  const dropped = dropDatasets(catalog);
  const busyMs = leaseMs / 4;
  const watcher = new DropWatcher({
    drops,
    reader,
    datasets: dropped,
    pollMs: place.pollMs,
    busyMs,
    clock,
    events,
    signal,
  });
  const runs = new RunDoor({
    kind: 'logs',
    lake,
    broker,
    execute: (request) => scanDrops(watcher, dropped, request),
    effects,
    clock,
    owner,
    leaseMs,
    signal,
    events,
    onCrash: (error) => host.fail(error),
  });
  const limits = {
    bodyBytes: config.HTTP_BODY_BYTES,
    eventBytes: Math.min(config.HTTP_EVENT_BYTES, (broker.nc.info?.max_payload ?? Infinity) - HEADER_ROOM_BYTES),
    events: config.HTTP_MAX_EVENTS,
  };
  const http = new HttpDoor({ landing, broker, datasets, limits, events });
  const bus = new BusDoor({ landing, datasets, quarantineKey });

  host.background('finish dropped files', () => watcher.watch());
  host.background('finish runs', async () => {
    await runs.resumeAbandoned();
    await runs.finish();
  });
  host.finishFirst('land what requests wait for', () => http.finish());
  const preparation = {
    token: config.INGEST_TOKEN?.reveal(),
    bodyBytes: limits.bodyBytes,
    onBug: (error: unknown) => host.log.error({ err: error }, 'request failed'),
  };
  return {
    module: AppModule.of({ bus, http, runs }),
    http: config,
    broker,
    quarantineKey: config.QUARANTINE_KEY,
    bodyLimit: limits.bodyBytes,
    prepareHttp: (app) => {
      prepareFastify(app.getHttpAdapter().getInstance(), preparation);
      app.useGlobalFilters(new ProblemFilter(preparation));
    },
  };
}

function dropDatasets(catalog: Catalog): DropDataset[] {
  return [...catalog.datasets.values()].flatMap((dataset) =>
    dataset.kind === 'logs' && dataset.drop ? [{ dataset, rule: dataset.drop }] : [],
  );
}

function open(config: IngestConfig, url: string): Promise<ObjectStore> {
  const endpoint = config.AWS_ENDPOINT_URL_S3;
  const kubernetes = config.KUBERNETES_SERVICE_HOST !== undefined;
  return openStore({ url, kubernetes, ...(endpoint !== undefined && { s3: { endpoint } }) });
}
