import { loadCatalog } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { z } from 'zod';
import { endOf } from './restart-plan.js';
import {
  DEMO_DATABASES,
  EXTRACTOR,
  SERVICES,
  SIMULATOR,
  type DemoDatabase,
  type ServiceSpec,
} from './service-specs.js';
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
  const simulator = SERVICES.find((spec) => spec.name === SIMULATOR);
  const server = run.servers.kept.find(({ name }) => name === 'source')?.first.url;
  const wantsDemo = options.demo || keeper.state.demo !== undefined;
  const own =
    wantsDemo && server !== undefined && simulator && services.isBuilt(simulator)
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
    if (!database || !simulator) continue;
    voice.progress(`making the demo's database: ${database.command}`);
    made.push(...(await setUp(run, simulator, database)));
  }
  await keeper.change({ sources: reached });
  const missing = connections.missing.filter((name) => !own.includes(name));
  if (missing.length > 0 && services.isBuilt(extractorSpec()))
    voice.say(`${EXTRACTOR} is left out: ${missing.join(', ')} not set, which the catalog names`, 'warn');
  return { made, missing };
}

function extractorSpec(): ServiceSpec {
  const found = SERVICES.find(({ name }) => name === EXTRACTOR);
  if (!found) throw new Error(`${EXTRACTOR} is no service`);
  return found;
}

/** What `simulator <command> setup` prints: whether it made the tables now, and some counts of rows. */
const printed = z.looseObject({ made: z.boolean() });

async function setUp(run: UpRun, simulator: ServiceSpec, database: DemoDatabase): Promise<readonly DemoPart[]> {
  const out: string[] = [];
  const complained: string[] = [];
  const args = [database.command, 'setup', '--seed', 'demo'];
  const child = run.services.launch(simulator, args, 0, (line, stream) =>
    (stream === 'out' ? out : complained).push(line),
  );
  const { code, signal } = await child.ended;
  if (code !== 0) {
    const said = complained.slice(-5).join('\n');
    throw new RollcallError(
      'source/unavailable',
      `the simulator, asked for ${args.join(' ')}, ${endOf(code, signal)}\n${said}`,
    );
  }
  const { made, ...counts } = printed.parse(JSON.parse(out.join('\n')));
  if (!made) return [];
  return Object.entries(database.counts).map(([count, dataset]): DemoPart => {
    const rows = z.int().nonnegative().parse(counts[count]);
    return { dataset, via: 'database', sent: rows, distinct: rows, malformed: 0 };
  });
}

function asRole(server: string, password: string): string {
  const url = new URL(server);
  url.username = EXTRACT_ROLE;
  url.password = password;
  return url.href;
}
