import type { SettingName } from '../settings/cli-settings.js';

/** A program that `rollcall up` runs as a process of its own. A new service is one more entry. */
export interface ServiceSpec {
  readonly name: string;
  /** Its program, below the installation's folder. */
  readonly entry: string;
  readonly args: readonly string[];
  /** The port it usually has; absent: it listens on none, and is never asked whether it is ready. */
  readonly port?: number;
  /** The settings it gets; all others that the command line knows are kept from it. */
  readonly needs: readonly SettingName[];
  /** It reads databases: left out while one that the catalog names is not to be reached. */
  readonly readsSources?: boolean;
  /** Started once the demo has arrived, because it keeps sending data of its own. */
  readonly afterDemo: boolean;
  /** Only under `--dev`. */
  readonly devOnly?: boolean;
  /** Settings it gets on top where the platform is to stay empty; the operator's own win. */
  readonly idle?: Readonly<Record<string, string>>;
  /** Settings it gets on top where it may send by itself; the operator's own win. */
  readonly busy?: Readonly<Record<string, string>>;
  /** Settings it gets on top under `--dev`; the operator's own win. */
  readonly dev?: Readonly<Record<string, string>>;
  /** Where it answers people, below its address. */
  readonly doors: readonly { readonly path: string; readonly what: string }[];
}

const S3: readonly SettingName[] = [
  'AWS_ENDPOINT_URL_S3',
  'AWS_REGION',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
];
const LAKE: readonly SettingName[] = ['LAKE_URL', ...S3];
const BROKER: readonly SettingName[] = ['NATS_URL', 'NATS_USER', 'NATS_PASSWORD', 'NATS_TOKEN'];

export const SIMULATOR = 'simulator';
export const EXTRACTOR = 'cdc-extractor';
export const INGEST = 'ingest-logs';
export const REPORTING = 'reporting';

/** A database that the demo makes. */
export interface DemoDatabase {
  /** Of the simulator. */
  readonly command: string;
  /** The simulator's setting for it: as who owns the tables. */
  readonly owner: string;
  /** What the command's `setup` prints -> the dataset that must come of it. */
  readonly counts: Readonly<Record<string, string>>;
}

/** By the setting that the shipped catalog names for each. */
export const DEMO_DATABASES: Readonly<Record<string, DemoDatabase>> = {
  SHOP_URL: {
    command: 'shop',
    owner: 'SHOP_OWNER_URL',
    counts: { users: 'users', transactions: 'transactions' },
  },
  REGISTRATION_URL: {
    command: 'registration',
    owner: 'REGISTRATION_OWNER_URL',
    counts: { registrants: 'registration_registrant' },
  },
};

/** In the order they are started; stopped the other way round. The loader comes first: what arrives later finds it there. */
export const SERVICES: readonly ServiceSpec[] = [
  {
    name: 'web',
    entry: 'node_modules/vite/bin/vite.js',
    args: ['build', '--watch', '--config', 'apps/reporting/web/vite.config.ts'],
    afterDemo: false,
    devOnly: true,
    needs: [],
    doors: [],
  },
  {
    name: 'warehouse-loader',
    entry: 'apps/warehouse-loader/dist/main.js',
    args: [],
    port: 4320,
    afterDemo: false,
    needs: [...BROKER, ...LAKE, 'WAREHOUSE_URL', 'OPS_URL', 'CATALOG_DIR', 'QUARANTINE_KEY'],
    doors: [{ path: '/metrics', what: 'metrics of the loader' }],
  },
  {
    name: INGEST,
    entry: 'apps/ingest-logs/dist/main.js',
    args: [],
    port: 4310,
    afterDemo: false,
    needs: [...BROKER, ...LAKE, 'DROPS_URL', 'CATALOG_DIR', 'QUARANTINE_KEY', 'PII_KEY'],
    doors: [{ path: '/metrics', what: 'metrics of the doors' }],
  },
  {
    name: EXTRACTOR,
    entry: 'apps/cdc-extractor/dist/main.js',
    args: [],
    port: 4340,
    afterDemo: false,
    readsSources: true,
    needs: [...BROKER, ...LAKE, 'CATALOG_DIR', 'PII_KEY'],
    doors: [{ path: '/metrics', what: 'metrics of the extractor' }],
  },
  {
    name: REPORTING,
    entry: 'apps/reporting/dist/main.js',
    args: [],
    port: 4330,
    afterDemo: false,
    dev: { REPORTS_WATCH: 'true' },
    needs: [...BROKER, ...LAKE, 'WAREHOUSE_URL', 'OPS_URL', 'CATALOG_DIR', 'REPORTS_DIR', 'BI_URL'],
    doors: [{ path: '/metrics', what: 'metrics of the reports' }],
  },
  {
    name: SIMULATOR,
    entry: 'apps/simulator/dist/main.js',
    args: ['serve'],
    port: 4390,
    afterDemo: true,
    // Enough to see the platform live; each flush of a second is an object, and a laptop may run for days.
    busy: { EVENT_RATE: '0.2', ANSWERS_EVERY_SECONDS: '600' },
    idle: { EVENT_RATE: '0', ANSWERS_EVERY_SECONDS: '0' },
    needs: [...BROKER, ...S3, 'DROPS_URL', 'CATALOG_DIR'],
    doors: [],
  },
];

/** Throws an Error for a name that is none of them: a bug. */
export function specOf(name: string): ServiceSpec {
  const found = SERVICES.find((spec) => spec.name === name);
  if (!found) throw new Error(`${name} is no service`);
  return found;
}
