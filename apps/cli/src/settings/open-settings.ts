import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { RollcallError } from '@rollcall/kernel';
import type { CliContext } from '../cli-context.js';
import { readState } from '../up/state-file.js';
import {
  cliSettings,
  parseSettings,
  readSettings,
  type CliSettings,
  type SettingFault,
  type SettingName,
} from './cli-settings.js';
import { parseDotenv } from './dotenv.js';
import { layerSettings, type Layer } from './layers.js';

/** The options that every command has. */
export interface GlobalFlags {
  readonly home?: string;
  readonly envFile?: string;
  readonly catalog?: string;
  readonly reports?: string;
  readonly natsUrl?: string;
  readonly warehouseUrl?: string;
  readonly opsUrl?: string;
  readonly lakeUrl?: string;
}

export interface OpenedSettings {
  /** The folder of `rollcall up`'s state. */
  readonly home: string;
  readonly catalogDir: string;
  readonly reportsDir: string;
  readonly settings: CliSettings;
  /** Which layer decided a setting: flag, environment, .env file, or the platform that `up` runs. */
  readonly origin: (name: SettingName) => string | undefined;
  /** What the operator set, without what `up` chose: the environment over `.env`. */
  readonly given: Readonly<Record<string, string>>;
  /** How the databases that `up` runs are reached: setting -> connection. What the operator gave wins. */
  readonly sources: Readonly<Record<string, string>>;
  /** Settings that are not as they must be. Only `doctor` meets any: for other commands they are an error. */
  readonly faults: readonly SettingFault[];
}

/**
 * Reads all layers: flag > environment > `.env` > the platform of `rollcall up` in the state folder. `NAME_FILE` is read from its file.
 * @param wrong settings with a fault are an error, or are left out and named
 * @throws RollcallError config/invalid
 */
export async function openSettings(
  context: CliContext,
  flags: GlobalFlags,
  wrong: 'refuse' | 'name' = 'refuse',
): Promise<OpenedSettings> {
  const flagLayer: Layer = {
    NATS_URL: flags.natsUrl,
    WAREHOUSE_URL: flags.warehouseUrl,
    OPS_URL: flags.opsUrl,
    LAKE_URL: flags.lakeUrl,
    CATALOG_DIR: flags.catalog,
    REPORTS_DIR: flags.reports,
    ROLLCALL_HOME: flags.home,
  };
  const dotenv = await readDotenv(context, flags.envFile);
  const own = layerSettings(flagLayer, context.env, dotenv);
  const home = resolve(context.cwd, own['ROLLCALL_HOME'] ?? join(context.installRoot, '.rollcall'));
  // A broken state file is `up`'s to report and --fresh's to mend; for other commands it names nothing.
  const state = await readState(join(home, 'state.json')).catch(() => undefined);
  const platform = state?.settings ?? {};
  const given = await readFiles(own);
  const values = await readFiles(layerSettings(own, withoutStale(platform, own)));
  const { settings, faults } =
    wrong === 'name' ? readSettings(values) : { settings: parseSettings(values), faults: [] };
  const layers = [
    ['flag', flagLayer],
    ['environment', context.env],
    ['.env', dotenv],
    ['rollcall up', platform],
  ] as const;
  return {
    home,
    catalogDir: resolve(context.cwd, settings.CATALOG_DIR ?? join(context.installRoot, 'catalog')),
    reportsDir: resolve(context.cwd, settings.REPORTS_DIR ?? join(context.installRoot, 'reports')),
    settings,
    given,
    sources: state?.sources ?? {},
    faults,
    origin: (name) => layers.find(([, layer]) => says(layer, name))?.[0],
  };
}

/** Where the operator names another warehouse, the platform's ops database and BI address do not go with it; the same for a lake and its drops. */
function withoutStale(platform: Layer, own: Layer): Layer {
  const stale = new Set<string>();
  if (says(own, 'WAREHOUSE_URL')) stale.add('OPS_URL').add('BI_URL');
  if (says(own, 'LAKE_URL')) stale.add('DROPS_URL');
  return Object.fromEntries(Object.entries(platform).filter(([name]) => !stale.has(name)));
}

function says(layer: Layer, name: string): boolean {
  return [name, `${name}_FILE`].some((key) => layer[key] !== undefined && layer[key] !== '');
}

async function readDotenv(context: CliContext, named: string | undefined): Promise<Layer> {
  const path = resolve(context.cwd, named ?? '.env');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (named === undefined && cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new RollcallError('config/invalid', `${path} cannot be read`, { cause });
  });
  if (text === undefined) return {};
  const { values, badLines } = parseDotenv(text);
  if (badLines.length > 0)
    throw new RollcallError('config/invalid', `${path}: line ${badLines.join(', ')} is not NAME=value`);
  return values;
}

const KNOWN: ReadonlySet<string> = new Set(Object.keys(cliSettings.shape));

async function readFiles(values: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const read: Record<string, string> = {};
  const faults: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    const stem = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : '';
    if (!KNOWN.has(stem)) {
      read[name] = value;
      continue;
    }
    const text = await readFile(value, 'utf8').catch(() => undefined);
    if (text === undefined) faults.push(`${name}: the file it names cannot be read`);
    else read[stem] = text.replace(/\r?\n$/, '');
  }
  if (faults.length > 0) throw new RollcallError('config/invalid', faults.join('\n'));
  return read;
}
