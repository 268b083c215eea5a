import { loadCatalog } from '@rollcall/catalog';
import { CONSUMERS } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import { listBatches } from '@rollcall/lake';
import { consumerLag, type Broker } from '@rollcall/messaging';
import { openBroker } from '../edges/open-broker.js';
import { openLake } from '../edges/open-lake.js';
import { reportFreshness, type ReportFreshness } from '../edges/report-freshness.js';
import { openForReading, warehouseFacts, type WarehouseFacts } from '../edges/warehouse-facts.js';
import { withoutSecrets, type CliSettings } from '../settings/cli-settings.js';
import { askReady } from '../up/await-ready.js';
import { concernsOf } from './concerns.js';

/** Where one dataset stands. What could not be asked is absent. */
export interface DatasetStatus {
  readonly dataset: string;
  readonly lakeBatches?: number;
  /** Age of the newest object in the lake, by the store's clock. */
  readonly newestBatchAgeMs?: number;
  readonly loadedBatches?: number;
  readonly rows?: number;
  readonly lastLoadedAt?: string;
  readonly lastLoadAgeMs?: number;
  readonly quarantined?: number;
  readonly held?: number;
}

export interface ConsumerStatus {
  readonly durable: string;
  readonly stream: string;
  readonly pending: number;
  readonly ackPending: number;
  readonly redelivered: number;
}

export interface ServiceStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly why?: string;
}

export interface PlatformStatus {
  readonly datasets: readonly DatasetStatus[];
  /** What is served; empty also where the warehouse does not answer. */
  readonly reports: readonly ReportFreshness[];
  readonly consumers: readonly ConsumerStatus[];
  readonly services: readonly ServiceStatus[];
  readonly deadLetters?: number;
  /** Parts that do not answer, in sentences. */
  readonly unreachable: readonly string[];
  /** What needs an operator, in sentences. */
  readonly concerns: readonly string[];
}

/** Asks every part that is configured; a part that does not answer is named and the others are shown all the same. */
export async function readStatus(settings: CliSettings, catalogDir: string, nowMs: number): Promise<PlatformStatus> {
  const names = [...(await loadCatalog(catalogDir)).datasets.keys()];
  const unreachable: string[] = [];
  const ask = async <T>(
    part: string,
    url: string | undefined,
    act: (url: string) => Promise<T>,
  ): Promise<T | undefined> => {
    if (url === undefined) {
      unreachable.push(`${part}: not configured`);
      return undefined;
    }
    try {
      return await act(url);
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      unreachable.push(`${part} at ${withoutSecrets(url)}: ${error.message}`);
      return undefined;
    }
  };
  const [lake, warehouse, broker, services] = await Promise.all([
    ask('lake', settings.LAKE_URL, (url) => lakeFacts(url, settings)),
    ask('warehouse', settings.WAREHOUSE_URL, (url) => factsOf(url, names)),
    ask('broker', settings.NATS_URL, (url) => brokerFacts(url, settings)),
    serviceFacts(settings),
  ]);
  const datasets = names.map((dataset): DatasetStatus => {
    const inLake = lake && (lake.get(dataset) ?? { batches: 0 });
    const fact = warehouse?.datasets.find((f) => f.dataset === dataset);
    return {
      dataset,
      ...(inLake && { lakeBatches: inLake.batches }),
      ...(inLake?.newestMs !== undefined && { newestBatchAgeMs: Math.max(0, nowMs - inLake.newestMs) }),
      ...(fact && { loadedBatches: fact.batches, rows: fact.rows, quarantined: fact.quarantined, held: fact.held }),
      ...(fact?.lastLoadedAt !== undefined && {
        lastLoadedAt: fact.lastLoadedAt,
        lastLoadAgeMs: Math.max(0, nowMs - Date.parse(fact.lastLoadedAt)),
      }),
    };
  });
  const known = {
    datasets,
    reports: warehouse?.reports ?? [],
    consumers: broker?.consumers ?? [],
    services,
    unreachable,
    ...(broker && { deadLetters: broker.deadLetters }),
  };
  return { ...known, concerns: concernsOf(known) };
}

interface LakeFacts {
  readonly batches: number;
  readonly newestMs?: number;
}

/** By listing alone: no object is opened. */
async function lakeFacts(url: string, settings: CliSettings): Promise<ReadonlyMap<string, LakeFacts>> {
  const facts = new Map<string, LakeFacts>();
  for await (const { dataset, modifiedMs } of listBatches(await openLake(url, settings))) {
    const before = facts.get(dataset);
    facts.set(dataset, { batches: (before?.batches ?? 0) + 1, newestMs: Math.max(before?.newestMs ?? 0, modifiedMs) });
  }
  return facts;
}

interface AllFacts {
  readonly datasets: readonly WarehouseFacts[];
  readonly reports: readonly ReportFreshness[];
}

async function factsOf(url: string, names: readonly string[]): Promise<AllFacts> {
  await using warehouse = openForReading(url);
  return { datasets: await warehouseFacts(warehouse, names), reports: await reportFreshness(warehouse) };
}

async function brokerFacts(
  url: string,
  settings: CliSettings,
): Promise<{ readonly consumers: readonly ConsumerStatus[]; readonly deadLetters: number }> {
  await using broker: Broker = await openBroker(url, settings);
  const consumers = await Promise.all(
    CONSUMERS.map(async ({ stream, durable }) => ({
      stream,
      durable,
      ...(await consumerLag(broker, stream, durable)),
    })),
  );
  const dead = await broker.jsm.streams.info('DEAD');
  return { consumers, deadLetters: dead.state.messages };
}

/** The services whose address is known: from `rollcall up`, or from INGEST_LOGS_URL and the like. */
function serviceFacts(settings: CliSettings): Promise<readonly ServiceStatus[]> {
  const known = [
    ['cdc-extractor', settings.CDC_EXTRACTOR_URL],
    ['ingest-logs', settings.INGEST_LOGS_URL],
    ['warehouse-loader', settings.WAREHOUSE_LOADER_URL],
    ['reporting', settings.REPORTING_URL],
  ] as const;
  return Promise.all(
    known
      .flatMap(([name, url]) => (url === undefined ? [] : [[name, url] as const]))
      .map(async ([name, url]) => {
        const answer = await askReady(url.replace(/\/+$/, ''));
        return answer.ready ? { name, ready: true } : { name, ready: false, why: answer.why };
      }),
  );
}
