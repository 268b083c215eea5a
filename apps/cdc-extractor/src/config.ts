import type { Catalog } from '@rollcall/catalog';
import {
  catalogSettings,
  httpSettings,
  keySettings,
  lakeSettings,
  loadEnvConfig,
  logSettings,
  natsSettings,
  secretUrlOf,
  type Env,
  type Secret,
} from '@rollcall/service';
import { z } from 'zod';

const positive = z.coerce.number().int().positive();

/** The settings of the extractor; the keys are the names of the environment variables. The catalog names those of the sources. */
export const extractSettings = z.object({
  ...natsSettings,
  ...lakeSettings,
  ...catalogSettings,
  ...keySettings,
  ...logSettings,
  ...httpSettings(4340),
  /** Set by Kubernetes itself; file: addresses are refused there. */
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  /** After this time a run or a log whose process died is taken over. */
  LEASE_SECONDS: positive.default(60),
  /** Connections that read one table side by side. */
  READ_CONNECTIONS: positive.max(16).default(2),
  /** A replication slot that is further behind the log of its source is warned of. */
  LOG_LAG_WARN_BYTES: positive.default(2 ** 30),
  /** Between two looks at what stands in the way of a source. */
  EXAMINE_SECONDS: z.coerce.number().positive().default(15),
});

export type ExtractConfig = Readonly<z.output<typeof extractSettings>>;

/** Pure but for files named by NAME_FILE: throws RollcallError config/invalid with every fault, by name, never by value. */
export function loadConfig(env: Env): ExtractConfig {
  return loadEnvConfig(extractSettings, env);
}

/** The addresses of the databases that the catalog names, by the names of their variables. Throws config/invalid naming all that are missing. */
export function sourceUrls(catalog: Catalog, env: Env): ReadonlyMap<string, Secret> {
  const url = secretUrlOf('postgres', 'postgresql');
  const names = connectionNames(catalog);
  const found = loadEnvConfig(z.object(Object.fromEntries(names.map((name) => [name, url]))), env);
  return new Map(names.flatMap((name) => (found[name] ? [[name, found[name]] as const] : [])));
}

/** The variables that hold the addresses of the databases in the catalog. */
export function connectionNames(catalog: Catalog): readonly string[] {
  const databases = catalog.sources.filter(({ kind }) => kind === 'postgres');
  const named = databases.flatMap(({ connection, datasets }) => [
    connection,
    ...datasets.map(({ capture }) => (capture.mode === 'watermark' ? capture.horizonConnection : undefined)),
  ]);
  return [...new Set(named.flatMap((name) => name ?? []))];
}
