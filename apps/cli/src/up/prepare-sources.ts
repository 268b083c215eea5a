import { loadCatalog } from '@rollcall/catalog';
import { z } from 'zod';
import { askSimulator, type LaunchSimulator } from './demo.js';
import { DEMO_DATABASES, EXTRACTOR, SIMULATOR, specOf, type DemoDatabase, type ServiceSpec } from './service-specs.js';
import { sourceConnections } from './source-connections.js';
import type { DemoPart } from './state-file.js';
import type { UpRun } from './up.js';

/** The role that the simulator's set-up makes for the extractor. */
const EXTRACT_ROLE = 'rollcall_extract';

export interface PreparedSources {
  /** What stands in databases that were made just now. */
  readonly made: readonly DemoPart[];
  /** Connections that the catalog names and nobody gave. */
  readonly missing: readonly string[];
}

/**
 * Makes sure that the databases of the catalog can be reached: those that the operator names are taken as they are; for the demo's own, the
 * simulator sets up what is missing in the Postgres that runs here. Nothing is ever written to an address the operator gave.
 */
export async function prepareSources(run: UpRun): Promise<PreparedSources> {
  const { services, keeper, voice, options, given } = run;
  const connections = sourceConnections(await loadCatalog(run.settings.CATALOG_DIR ?? ''), given);
  const simulator = specOf(SIMULATOR);
  const server = run.servers.kept.find(({ name }) => name === 'source')?.first.url;
  const wantsDemo = options.demo || keeper.state.demo !== undefined;
  const own =
    wantsDemo && server !== undefined && services.isBuilt(simulator)
      ? connections.missing.filter((name) => name in DEMO_DATABASES)
      : [];
  const password = keeper.state.secrets.sourcePassword;
  const owners = Object.fromEntries(own.map((name) => [DEMO_DATABASES[name]?.owner ?? '', server ?? '']));
  const reached = Object.fromEntries(own.map((name) => [name, asRole(server ?? '', password)]));
  services.sources = {
    names: connections.names,
    settings: {
      [SIMULATOR]: { ...owners, EXTRACT_PASSWORD: password },
      [EXTRACTOR]: { ...connections.given, ...reached },
    },
  };
  const made: DemoPart[] = [];
  for (const name of own) {
    const database = DEMO_DATABASES[name];
    if (!database) continue;
    voice.progress(`making the demo's database: ${database.command}`);
    made.push(...(await setUp(run, simulator, database)));
  }
  await keeper.change({ sources: reached });
  const missing = connections.missing.filter((name) => !own.includes(name));
  if (missing.length > 0 && services.isBuilt(specOf(EXTRACTOR)))
    voice.say(`${EXTRACTOR} is left out: ${missing.join(', ')} not set, which the catalog names`, 'warn');
  return { made, missing };
}

/** What `simulator <command> setup` prints: whether it made the tables now, and some counts of rows. */
const ready = z.looseObject({ made: z.boolean() });

async function setUp(run: UpRun, simulator: ServiceSpec, database: DemoDatabase): Promise<readonly DemoPart[]> {
  const args = [database.command, 'setup', '--seed', 'demo'];
  const launch: LaunchSimulator = (more, onLine) => run.services.launch(simulator, more, 0, onLine);
  return askSimulator(args.join(' '), args, launch, (printed) => {
    const { made, ...counts } = ready.parse(printed);
    if (!made) return [];
    return Object.entries(database.counts).map(([count, dataset]): DemoPart => {
      const rows = z.int().nonnegative().parse(counts[count]);
      return { dataset, via: 'database', sent: rows, distinct: rows, malformed: 0 };
    });
  });
}

function asRole(server: string, password: string): string {
  const url = new URL(server);
  url.username = EXTRACT_ROLE;
  url.password = password;
  return url.href;
}
