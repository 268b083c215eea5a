import { randomBytes } from 'node:crypto';
import { loadCatalog } from '@rollcall/catalog';
import { openLake } from '@rollcall/lake';
import { crashAt, openTogether, type Host, type ReadyCheck, type ServiceParts } from '@rollcall/service';
import { checkSchema } from '@rollcall/warehouse';
import { ApiModule } from './api/api.module.js';
import { prepareApi } from './api/prepare-api.js';
import type { ApiParts } from './api-parts.js';
import { AppModule } from './app.module.js';
import type { ReportingConfig } from './config.js';
import { announceRefresh, overhear } from './engine/announce-refresh.js';
import { Engine } from './engine/engine.js';
import { refreshIdAt } from './engine/refresh-id.js';
import { REFRESH_EFFECTS } from './engine/refresh-report.js';
import { readFolder } from './engine/report-folder.js';
import { watchFolder } from './engine/watch-folder.js';
import { reportingEvents, watchBook } from './events.js';
import { databaseOpenings } from './open-databases.js';

/** Opens what reporting needs and wires its parts. */
export async function startReporting(host: Host, config: ReportingConfig, crash?: string): Promise<ServiceParts> {
  const { catalog, lake, databases, ops, broker } = await openTogether({
    catalog: { setting: 'CATALOG_DIR', late: 'catalog/invalid', open: () => loadCatalog(config.CATALOG_DIR) },
    lake: { setting: 'LAKE_URL', late: 'lake/unavailable', open: () => openLake(config, 'read') },
    ...databaseOpenings(host, config),
    broker: { setting: 'NATS_URL', late: 'nats/unavailable', open: () => host.connect(config) },
  });
  const { warehouse } = databases;
  const nowMs = (): number => Date.now();
  const engine = new Engine({
    warehouse,
    readFolder: () => readFolder(warehouse, catalog, config.REPORTS_DIR),
    announce: announceRefresh(broker),
    events: reportingEvents(host.log, host.metrics),
    nowMs,
    newRefreshId: () => refreshIdAt(nowMs(), randomBytes(5)),
    ...(crash && { onEffect: crashAt(REFRESH_EFFECTS, crash, () => process.kill(process.pid, 'SIGKILL')) }),
  });
  watchBook(engine.book, host.metrics, nowMs);
  const overheard = overhear(broker, {
    refreshed: (report, refreshId) => void engine.lookAt(report, refreshId).catch((error: unknown) => host.fail(error)),
    loaded: (dataset) => engine.book.loaded(dataset),
  });
  // Before the engine reads the folder: what changes after that is told.
  const watched = config.REPORTS_WATCH
    ? await watchFolder(config.REPORTS_DIR, () => engine.folderChanged(), host.signal)
    : undefined;
  host.background('stop watching the reports', async () => watched?.ended);
  host.background('finish refreshes', () => engine.run(host.signal));
  host.finishFirst('stop listening', async () => overheard[Symbol.dispose]());
  const { log, metrics, signal } = host;
  const { readers, operators } = databases;
  const api: ApiParts = {
    config,
    book: engine.book,
    catalog,
    lake,
    readers,
    operators,
    ops,
    broker,
    log,
    metrics,
    signal,
    nowMs,
  };
  return {
    module: AppModule.of(engine, [ApiModule.of(api)]),
    prepareHttp: (app) => prepareApi(app, api),
    http: config,
    broker,
    ready: [{ name: 'warehouse-schema', check: () => checkSchema(warehouse) }, reportsRead(engine)],
  };
}

function reportsRead(engine: Engine): ReadyCheck {
  return {
    name: 'reports',
    check: async () => {
      if (!engine.ready) throw new NotRead('the folder of reports is not read yet');
    },
  };
}

/** Its name is what a probe is told. */
class NotRead extends Error {
  override readonly name = 'the reports are not read yet';
}
