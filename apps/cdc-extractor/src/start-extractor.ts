import { columnsThatNeedKey, loadCatalog, piiKey, type Catalog, type PiiKey, type Source } from '@rollcall/catalog';
import { RollcallError, systemClock } from '@rollcall/kernel';
import { openLake, putContract } from '@rollcall/lake';
import { Effects, openTogether, RunDoor, type Env, type Host, type Secret, type ServiceParts } from '@rollcall/service';
import { connectSource } from '@rollcall/source-postgres';
import { AppModule } from './app.module.js';
import { sourceUrls, type ExtractConfig } from './config.js';
import type { EffectHook, ExtractEffect } from './effects.js';
import { extractEvents } from './events.js';
import { LogCapture } from './log/log-capture.js';
import { SourceRuns } from './runs/source-runs.js';
import { requestTicks } from './schedule/request-ticks.js';
import { APPLICATION_NAME, type SourceContext } from './source-context.js';
import { SourceWatch } from './sources/source-watch.js';

/**
 * Opens what the extractor needs and wires its parts. `env` holds the addresses of the sources, under the names that the catalog gives; `onEffect`
 * is for the tests that die in effects.
 */
export async function startExtractor(
  host: Host,
  config: ExtractConfig,
  env: Env,
  onEffect?: EffectHook,
): Promise<ServiceParts> {
  const { catalog, lake, broker } = await openTogether({
    catalog: { setting: 'CATALOG_DIR', late: 'catalog/invalid', open: () => loadCatalog(config.CATALOG_DIR) },
    lake: { setting: 'LAKE_URL', late: 'lake/unavailable', open: () => openLake(config) },
    broker: { setting: 'NATS_URL', late: 'nats/unavailable', open: () => host.connect(config) },
  });
  const urls = sourceUrls(catalog, env);
  const { signal } = host;
  const shared = {
    lake,
    broker,
    signal,
    effects: new Effects<ExtractEffect>(onEffect),
    clock: systemClock,
    owner: host.owner,
    leaseMs: config.LEASE_SECONDS * 1000,
    readConnections: config.READ_CONNECTIONS,
    events: extractEvents(host.log, host.metrics),
    piiKey: config.PII_KEY && piiKey(config.PII_KEY.reveal()),
  };
  const databases = databasesOf(catalog, shared.piiKey);
  for (const dataset of databases.flatMap(({ datasets }) => datasets)) await putContract(lake, dataset);
  const sources = databases.map((source) => {
    const context: SourceContext = { ...shared, source, ...connections(source, urls, signal) };
    const watch = new SourceWatch(context, config.EXAMINE_SECONDS * 1000);
    const demand = (datasets: readonly string[]): Promise<void> => watch.demand(datasets);
    return { context, watch, demand, log: new LogCapture(context, { warnBytes: config.LOG_LAG_WARN_BYTES }) };
  });
  const executed = new SourceRuns(sources);
  const runs = new RunDoor({
    ...shared,
    kind: 'postgres',
    execute: (request, attempt) => executed.execute(request, attempt),
    onCrash: (error) => host.fail(error),
  });
  for (const { context, watch, log } of sources) {
    const { source } = context.source;
    host.background(`stop looking at ${source}`, () => watch.run());
    host.background(`stop the schedule of ${source}`, () => requestTicks(context));
    if (hasLog(context)) host.background(`finish the log of ${source}`, () => log.run());
  }
  host.background('finish runs', async () => {
    await runs.resumeAbandoned();
    await runs.finish();
  });
  return {
    module: AppModule.of(runs),
    http: config,
    broker,
    ready: sources.flatMap(({ context, watch, log }) => [
      watch.readyCheck,
      ...(hasLog(context) ? [log.readyCheck] : []),
    ]),
  };
}

function hasLog({ source }: SourceContext): boolean {
  return source.datasets.some(({ capture }) => capture.mode === 'log');
}

/** Throws config/invalid, naming every column, when PII_KEY is needed and not given. */
function databasesOf(catalog: Catalog, key: PiiKey | undefined): readonly Source[] {
  const databases = catalog.sources.filter(({ kind }) => kind === 'postgres');
  const needing = databases.flatMap(({ datasets }) =>
    datasets.flatMap((dataset) => columnsThatNeedKey(dataset).map((column) => `${dataset.name}.${column}`)),
  );
  if (!key && needing.length > 0)
    throw new RollcallError('config/invalid', `PII_KEY is not set, and is needed for ${needing.join(', ')}`);
  return databases;
}

function connections(
  { source, connection: own = '' }: Source,
  urls: ReadonlyMap<string, Secret>,
  signal: AbortSignal,
): Pick<SourceContext, 'url' | 'connect'> {
  const url = (name = own): Secret => {
    const found = urls.get(name);
    // All that the catalog names were there at the start.
    if (!found) throw new Error(`${source} has no connection ${name}`);
    return found;
  };
  return {
    url,
    connect: ({ connection, replication, signal: until = signal } = {}) =>
      connectSource(url(connection).reveal(), {
        applicationName: APPLICATION_NAME,
        signal: until,
        ...(replication && { replication }),
      }),
  };
}
