import { loadCatalog } from '@rollcall/catalog';
import { humanDuration } from '../screen/text-table.js';
import { arrivalFaults, arrivalTable } from './arrival-table.js';
import { readArrivals } from './read-arrivals.js';
import type { DemoLoaded } from './load-demo.js';
import { INGEST, SERVICES } from './service-specs.js';
import type { UpRun } from './up.js';
import { whereToLook, whereToLookText } from './where-to-look.js';

/**
 * Prints what arrived, per dataset and stage, and where to look.
 * @returns how many counts do not agree with what the demo sent
 */
export async function reportArrival(run: UpRun, demo: DemoLoaded | undefined, startedMs: number): Promise<number> {
  const { voice, settings, layout, services, options, context } = run;
  const { paintOut } = context;
  const catalog = await loadCatalog(settings.CATALOG_DIR ?? '');
  const arrivals = await readArrivals(settings, catalog);
  const parts = demo?.parts ?? [];
  const faults = [
    ...arrivalFaults(arrivals, parts, demo?.exact ?? false),
    ...(options.demo && demo === undefined ? ['the demo was not loaded'] : []),
  ];
  voice.report(`\n${arrivalTable(arrivals, parts)}\n`, { arrivals, demo: parts, faults });
  for (const fault of faults) voice.say(`the counts differ: ${fault}`, 'error');
  const look = whereToLook({
    settings,
    ownWarehouse: run.servers.ownWarehouse,
    warehouseUrlFile: layout.warehouseUrl,
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
  return faults.length;
}
