import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort, SERVICE_NODE_FLAGS } from '@rollcall/embedded';
import { spawnApp, type AppProcess } from './app-process.js';

export interface PlatformOptions {
  readonly natsUrl: string;
  readonly warehouseUrl: string;
  /** A folder of the test's own: lake and drops stand in it. */
  readonly dir: string;
  readonly catalogDir?: string;
  readonly reportsDir?: string;
  /** Settings on top, for every service. */
  readonly env?: Readonly<Record<string, string>>;
}

export type ServiceName = 'cdc-extractor' | 'ingest-logs' | 'warehouse-loader' | 'reporting';

/** The built services as child processes over real ones: what `rollcall up` runs, for tests and benchmarks that kill and measure them. */
export interface Platform extends AsyncDisposable {
  readonly lakeUrl: string;
  /** Put files into `<dropsDir>/<prefix>/`. */
  readonly dropsDir: string;
  /** The HTTP door of ingest-logs. */
  readonly httpUrl: string;
  /** The web app and the API of reporting. */
  readonly reportingUrl: string;
  /** The environment of the services: for one-shot commands on the same platform. */
  readonly env: Readonly<Record<string, string>>;
  /** The newest process of a service. */
  service(name: ServiceName): AppProcess;
  /** Starts a service (again) and waits until it is ready; `env` on top for this process alone. */
  start(name: ServiceName, env?: Readonly<Record<string, string>>): Promise<AppProcess>;
  /** Another process of the same service, on a port of its own. The caller owns it. */
  startSecond(name: ServiceName): Promise<AppProcess>;
  /** Runs `rollcall <args>` to its end; rejects with its output when it fails. */
  rollcall(...args: readonly string[]): Promise<readonly string[]>;
}

/** Migrates broker and warehouse. Starts no service: say which. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const dropsDir = join(options.dir, 'drops');
  const lakeDir = join(options.dir, 'lake');
  await Promise.all([mkdir(dropsDir, { recursive: true }), mkdir(lakeDir, { recursive: true })]);
  const env = {
    NATS_URL: options.natsUrl,
    WAREHOUSE_URL: options.warehouseUrl,
    LAKE_URL: pathToFileURL(lakeDir).href,
    DROPS_URL: pathToFileURL(dropsDir).href,
    CATALOG_DIR: options.catalogDir ?? 'catalog',
    REPORTS_DIR: options.reportsDir ?? 'reports',
    QUARANTINE_KEY: 'a key for tests',
    LOG_LEVEL: 'info',
    ...options.env,
  };
  const ports: Readonly<Record<ServiceName, number>> = {
    'cdc-extractor': await freePort(),
    'ingest-logs': await freePort(),
    'warehouse-loader': await freePort(),
    reporting: await freePort(),
  };
  const running = new Map<ServiceName, AppProcess>();

  async function run(name: ServiceName, port: number, extra: Readonly<Record<string, string>>): Promise<AppProcess> {
    const app = spawnApp({
      app: name,
      env: { ...env, ...extra, PORT: String(port) },
      execArgv: SERVICE_NODE_FLAGS,
    });
    await app.ready(`http://127.0.0.1:${port}/readyz`);
    return app;
  }

  async function rollcall(...args: readonly string[]): Promise<readonly string[]> {
    await using app = spawnApp({ app: 'cli', args, env });
    const { code } = await app.exited;
    if (code !== 0) throw new Error(`rollcall ${args.join(' ')} ended with ${String(code)}:\n${app.lines.join('\n')}`);
    return [...app.lines];
  }

  await rollcall('migrate');
  return {
    lakeUrl: env.LAKE_URL,
    dropsDir,
    httpUrl: `http://127.0.0.1:${ports['ingest-logs']}`,
    reportingUrl: `http://127.0.0.1:${ports.reporting}`,
    env,
    service(name) {
      const app = running.get(name);
      if (!app) throw new Error(`${name} was not started`);
      return app;
    },
    async start(name, extra = {}) {
      const app = await run(name, ports[name], extra);
      running.set(name, app);
      return app;
    },
    startSecond: async (name) => run(name, await freePort(), {}),
    rollcall,
    async [Symbol.asyncDispose]() {
      await Promise.all([...running.values()].map((app) => app[Symbol.asyncDispose]()));
    },
  };
}
