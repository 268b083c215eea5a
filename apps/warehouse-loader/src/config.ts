import {
  catalogSettings,
  httpSettings,
  keySettings,
  lakeSettings,
  loadEnvConfig,
  logSettings,
  natsSettings,
  warehouseSettings,
  type Env,
} from '@rollcall/service';
import { z } from 'zod';

const positive = z.coerce.number().int().positive();

/** The loader's settings; the keys are the names of the environment variables. */
export const loaderSettings = z.object({
  ...natsSettings,
  ...warehouseSettings,
  ...lakeSettings,
  ...catalogSettings,
  ...logSettings,
  QUARANTINE_KEY: keySettings.QUARANTINE_KEY,
  ...httpSettings(4320),
  /** Set by Kubernetes itself; a file: lake is refused there. */
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  /**
   * Rows of one transaction where sessions or versions are computed of them: small enough that the next one is staged meanwhile, large enough
   * that they are not computed for every few rows. Ten times as many where nothing is.
   */
  LOAD_MAX_ROWS: positive.default(200_000),
  /** Bytes of the objects of one transaction. */
  LOAD_MAX_BYTES: positive.default(128 * 1024 * 1024),
  /** Days that the scans at start and every hour look back; the daily scan looks at all. */
  SCAN_RECENT_DAYS: positive.default(3),
  SCAN_RECENT_EVERY_SECONDS: positive.default(3_600),
  SCAN_ALL_EVERY_SECONDS: positive.default(86_400),
  /** Age of a chain's gap at which the lake is scanned for it, and at which the dataset counts as stopped. */
  GAP_SCAN_SECONDS: positive.default(30),
  GAP_STOP_SECONDS: positive.default(300),
});
export type LoaderConfig = Readonly<z.output<typeof loaderSettings>>;

/** Pure: throws RollcallError config/invalid with every fault, by name, never by value. */
export function loadConfig(env: Env): LoaderConfig {
  return loadEnvConfig(loaderSettings, env);
}
