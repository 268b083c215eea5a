import { loadCatalog } from '@rollcall/catalog';
import type { CliContext } from '../cli-context.js';
import type { UpOptions } from '../commands/platform-commands.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { migratePlatform } from '../migrate/migrate-platform.js';
import { parseSettings, type CliSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { removeWhatUpMade } from './fresh.js';
import { lockHome } from './home-lock.js';
import { homeLayout, type HomeLayout } from './home-layout.js';
import { stopLeftovers } from './leftovers.js';
import { letReadersIn } from './let-readers-in.js';
import { openBrowser } from './open-browser.js';
import { readerUrl } from './reader-url.js';
import { reportArrival } from './report-arrival.js';
import { markOf } from './running-process.js';
import { loadDemo } from './load-demo.js';
import { prepareSources } from './prepare-sources.js';
import { PortBook, SERVER_PORTS, startServers, type Servers } from './servers.js';
import { REPORTING, SERVICES } from './service-specs.js';
import { Services } from './services.js';
import { StateKeeper } from './state-keeper.js';
import { writePrivate } from './state-file.js';
import { createVoice, type UpVoice } from './up-voice.js';

const READY_MS = 60_000;

/** What the steps of `up` share. */
export interface UpRun {
  readonly layout: HomeLayout;
  readonly options: UpOptions;
  readonly context: CliContext;
  readonly voice: UpVoice;
  readonly keeper: StateKeeper;
  readonly servers: Servers;
  readonly services: Services;
  readonly settings: CliSettings;
  /** What the operator set, without what this run chose. */
  readonly given: Readonly<Record<string, string>>;
}

/** `rollcall up`: the whole platform here, until Ctrl-C. Everything that was started is stopped again, whatever happens. */
export async function runUp(opened: OpenedSettings, options: UpOptions, context: CliContext): Promise<ExitCode> {
  const names = [...Object.keys(SERVER_PORTS), ...SERVICES.map((spec) => spec.name)];
  const listening = [...Object.keys(SERVER_PORTS), ...SERVICES.flatMap((s) => (s.port === undefined ? [] : [s.name]))];
  const unknown = Object.keys(options.port).filter((name) => !listening.includes(name));
  if (unknown.length > 0) {
    context.err.line(`error: --port: ${unknown.join(', ')} is none of ${listening.join(', ')}`);
    return EXIT.usage;
  }
  const voice = createVoice(context, names, options.json);
  const layout = homeLayout(opened.home);
  // A fault in the catalog stops every service: it is said once, here, before anything is started.
  await loadCatalog(opened.catalogDir);
  const lock = await lockHome(layout.lock, process.pid, Date.now);
  try {
    if (lock.takenOver) voice.say('the last run was killed: its state folder is taken over', 'warn');
    return await runLocked(opened, options, context, voice, layout);
  } finally {
    voice.progress(undefined);
    await lock.release();
  }
}

async function runLocked(
  opened: OpenedSettings,
  options: UpOptions,
  context: CliContext,
  voice: UpVoice,
  layout: HomeLayout,
): Promise<ExitCode> {
  const keeper = await StateKeeper.open(layout.state).catch((error: unknown) => {
    if (options.fresh) return undefined;
    throw error;
  });
  const left = await stopLeftovers(keeper?.state.running ?? []);
  if (left.length > 0)
    voice.say(`stopped what a killed run had left: ${left.map((mark) => mark.name).join(', ')}`, 'warn');
  if (options.fresh) {
    await removeWhatUpMade(layout);
    voice.say(`removed what earlier runs made in ${layout.home}`);
  }
  const state = options.fresh || !keeper ? await StateKeeper.open(layout.state) : keeper;
  return runStarted(opened, options, context, voice, layout, state);
}

async function runStarted(
  opened: OpenedSettings,
  options: UpOptions,
  context: CliContext,
  voice: UpVoice,
  layout: HomeLayout,
  keeper: StateKeeper,
): Promise<ExitCode> {
  const startedMs = performance.now();
  const ports = new PortBook(options.port, keeper.state.ports, voice);
  const { quarantineKey, piiKey } = keeper.state.secrets;
  const external = parseSettings(opened.given);
  voice.progress('starting nats-server and PostgreSQL');
  const servers = await startServers(layout, external, ports, voice);
  const settings: CliSettings = {
    QUARANTINE_KEY: quarantineKey,
    PII_KEY: piiKey,
    // The operator's own, where given: other machines reach the warehouse by another name.
    ...(servers.ownWarehouse && { BI_URL: readerUrl(servers.settings.WAREHOUSE_URL ?? '') }),
    ...servers.settings,
    CATALOG_DIR: opened.catalogDir,
    REPORTS_DIR: opened.reportsDir,
  };
  const serverMarks = await Promise.all(
    servers.kept.map(async ({ name, first }) => ({ name, ...((await markOf(first.pid)) ?? { pid: first.pid }) })),
  );
  const services = new Services({
    installRoot: context.installRoot,
    logs: layout.logs,
    given: opened.given,
    settings,
    mode: { idle: !options.demo, dev: options.dev },
    ports,
    voice,
    onMarks: (marks) => void keeper.change({ running: [...serverMarks, ...marks] }),
  });
  try {
    await keeper.change({ ports: ports.given, settings: ownSettings(settings), running: serverMarks });
    if (servers.ownWarehouse) await writeAddresses(layout, settings.WAREHOUSE_URL ?? '', keeper);
    const run = { layout, options, context, voice, keeper, servers, services, settings, given: opened.given };
    return await serve(run, ports, startedMs);
  } finally {
    await shutDown(services, servers, keeper, voice, context);
  }
}

async function serve(run: UpRun, ports: PortBook, startedMs: number): Promise<ExitCode> {
  const { context, voice, options, services, keeper } = run;
  const { stop } = context;
  if (stop.aborted) return EXIT.ok;
  voice.progress('migrating');
  await migratePlatform(run.settings, ({ part, done, notes }) => {
    voice.say(`migrate: ${part}: ${done}`);
    for (const note of notes) voice.say(`migrate: ${part}: ${note}`, 'warn');
  });
  if (run.servers.ownWarehouse) await letReadersIn(run.settings.WAREHOUSE_URL ?? '', keeper.state.secrets.biPassword);
  const databases = await prepareSources(run);
  const built = SERVICES.filter((spec) => options.dev || spec.devOnly !== true)
    .filter((spec) => services.isBuilt(spec) || voice.say(`${spec.name} is not built and left out`, 'warn'))
    .filter((spec) => spec.readsSources !== true || databases.missing.length === 0);
  for (const spec of built.filter((s) => !s.afterDemo)) await services.start(spec);
  await keeper.change({ ports: ports.given, settings: { ...ownSettings(run.settings), ...addresses(services) } });
  voice.progress('waiting for the services');
  for (const { name, why } of await services.awaitReady(READY_MS, stop))
    voice.say(`${name} is not ready: it ${why}`, 'error');
  const loaded = options.demo && !stop.aborted ? await loadDemo(run, databases.made) : undefined;
  if (stop.aborted) return options.exitAfterDemo ? EXIT.findings : EXIT.ok;
  const faults = await reportArrival(run, loaded, startedMs);
  if (options.exitAfterDemo) return faults === 0 ? EXIT.ok : EXIT.findings;
  const dashboard = services.addressOf(REPORTING);
  if (dashboard !== undefined && options.open) {
    await openBrowser(dashboard, { env: context.env, platform: process.platform, terminal: context.terminal });
  }
  for (const spec of built.filter((s) => s.afterDemo)) await services.start(spec);
  await keeper.change({ ports: ports.given });
  await untilAborted(stop);
  return EXIT.ok;
}

/** The addresses of the warehouse here, with their passwords, for other programs. */
async function writeAddresses(layout: HomeLayout, warehouseUrl: string, keeper: StateKeeper): Promise<void> {
  await writePrivate(layout.warehouseUrl, `${warehouseUrl}\n`);
  await writePrivate(layout.biReaderUrl, `${readerUrl(warehouseUrl, keeper.state.secrets.biPassword)}\n`);
}

/** Services first, the last started first; then the servers. A second Ctrl-C ends everything at once. */
async function shutDown(
  services: Services,
  servers: Servers,
  keeper: StateKeeper,
  voice: UpVoice,
  context: CliContext,
): Promise<void> {
  voice.progress(undefined);
  voice.say('stopping the services (Ctrl-C again: at once)');
  await services.stop(context.force);
  voice.say('stopping PostgreSQL and nats-server');
  await Promise.all(servers.kept.map((server) => server.stop(context.force)));
  await keeper.change({ running: [] });
  voice.say('stopped');
}

/** What other commands read from the state when nothing stronger names it. */
function ownSettings(settings: CliSettings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function addresses(services: Services): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name } of SERVICES) {
    const address = services.addressOf(name);
    if (address !== undefined) found[`${name.toUpperCase().replaceAll('-', '_')}_URL`] = address;
  }
  return found;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
