import { setTimeout as delay } from 'node:timers/promises';
import { loadCatalog, type Catalog } from '@rollcall/catalog';
import { humanDuration } from '../screen/text-table.js';
import { arrivalFaults, arrivalTable, type Arrival } from './arrival-table.js';
import { fetchReports } from './fetch-reports.js';
import { readArrivals } from './read-arrivals.js';
import type { DemoLoaded } from './load-demo.js';
import { reportTable } from './report-table.js';
import { reportsBehind } from './reports-behind.js';
import { INGEST, REPORTING, SERVICES } from './service-specs.js';
import type { UpRun } from './up.js';
import { reportFaults, watchReports } from './watch-reports.js';
import { whereToLook, whereToLookText } from './where-to-look.js';

/**
 * Prints what arrived, per dataset and stage, what the reports show of it, and where to look; the dashboard's address comes last.
 * @returns how many counts do not agree with what the demo sent, and how many reports are not filled and well
 */
export async function reportArrival(run: UpRun, demo: DemoLoaded | undefined, startedMs: number): Promise<number> {
  const { voice, settings, layout, services, options, context } = run;
  const { paintOut } = context;
  const catalog = await loadCatalog(settings.CATALOG_DIR ?? '');
  const arrivals = await settledArrivals(run, catalog);
  const parts = demo?.parts ?? [];
  const faults = [
    ...arrivalFaults(arrivals, parts, demo?.exact ?? false),
    ...(options.demo && demo === undefined ? ['the demo was not loaded'] : []),
  ];
  voice.report(`\n${arrivalTable(arrivals, parts)}\n`, { arrivals, demo: parts, faults });
  const ofReports = await reportReports(run, demo !== undefined);
  for (const fault of faults) voice.say(`the counts differ: ${fault}`, 'error');
  for (const fault of ofReports) voice.say(fault, 'error');
  const look = whereToLook({
    settings,
    ownWarehouse: run.servers.ownWarehouse,
    warehouseUrlFile: layout.warehouseUrl,
    biReaderUrlFile: layout.biReaderUrl,
    logs: layout.logs,
    home: layout.home,
    showSecrets: options.showSecrets,
    ingestAddress: services.addressOf(INGEST),
    needsToken: run.given['INGEST_TOKEN'] !== undefined || run.given['INGEST_TOKEN_FILE'] !== undefined,
    doors: SERVICES.flatMap(({ name, doors }) => {
      const address = services.addressOf(name);
      return address === undefined ? [] : doors.map(({ path, what }) => ({ url: address + path, what }));
    }),
  });
  voice.report(`${whereToLookText(look, paintOut)}\n`, { look });
  if (!options.exitAfterDemo)
    voice.say(
      `ready after ${humanDuration(performance.now() - startedMs)}; Ctrl-C stops everything and keeps the data`,
    );
  const dashboard = services.addressOf(REPORTING);
  if (dashboard !== undefined)
    voice.report(`\n  ${paintOut.bold(paintOut.green('dashboard'))}  ${paintOut.bold(dashboard)}\n`, { dashboard });
  return faults.length + ofReports.length;
}

const REPORTS_PATIENCE_MS = 60_000;

/** Waits until the reports show what arrived, and prints them; gives what is wrong with them. */
async function reportReports(run: UpRun, filled: boolean): Promise<readonly string[]> {
  const { voice, context, services } = run;
  const address = services.addressOf(REPORTING);
  if (address === undefined) return ['there is no dashboard: reporting is not built'];
  const list = await watchReports({
    look: async () => ({ list: await fetchReports(address), behind: await reportsBehind(run.settings) }),
    filled,
    progress: (text) => voice.progress(text),
    patienceMs: REPORTS_PATIENCE_MS,
    stop: context.stop,
    nowMs: () => performance.now(),
    wait: (ms) => delay(ms, undefined, { signal: context.stop }).catch(() => undefined),
  });
  voice.progress(undefined);
  const faults = reportFaults(list, filled);
  if (list !== undefined)
    voice.report(`${reportTable(list)}\n`, { reports: list.reports, broken: list.broken, faults });
  return faults;
}

const CATCH_UP_MS = 30_000;

/** The arrivals once the loader has caught up with what an earlier run left in the lake, or after half a minute. */
async function settledArrivals(run: UpRun, catalog: Catalog): Promise<readonly Arrival[]> {
  const until = performance.now() + CATCH_UP_MS;
  for (;;) {
    const arrivals = await readArrivals(run.settings, catalog);
    const waiting = arrivals.reduce((sum, arrival) => sum + arrival.notLoaded, 0);
    if (waiting === 0 || performance.now() > until || run.context.stop.aborted) {
      run.voice.progress(undefined);
      return arrivals;
    }
    run.voice.progress(`${waiting} batches of the lake are being loaded`);
    await delay(500, undefined, { signal: run.context.stop }).catch(() => undefined);
  }
}
