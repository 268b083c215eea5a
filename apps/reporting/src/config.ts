import {
  catalogSettings,
  httpSettings,
  lakeSettings,
  loadEnvConfig,
  logSettings,
  natsSettings,
  warehouseSettings,
  type Env,
} from '@rollcall/service';
import { z } from 'zod';
import { apiSettings } from './http/api-settings.js';

const flag = z
  .enum(['true', 'false'], { message: 'is not true or false' })
  .default('false')
  .transform((text) => text === 'true');

/** Settings of reporting; the keys are the names of the environment variables. */
export const reportingSettings = z.object({
  ...natsSettings,
  ...warehouseSettings,
  /** Evidence reads the objects of the lake. */
  ...lakeSettings,
  ...catalogSettings,
  ...logSettings,
  ...httpSettings(4330),
  ...apiSettings,
  REPORTS_DIR: z.string().default('reports'),
  /** `true`: the folder is watched, and what is saved there is served. For development; elsewhere a report comes with a deployment. */
  REPORTS_WATCH: flag,
  /** Where BI tools reach the warehouse; absent: at host, port and database of WAREHOUSE_URL. Shown to people, so it holds no password. */
  BI_URL: z
    .string()
    .refine(isPublicUrl, { message: 'is not of the form postgres://[user@]host[:port]/database, without a password' })
    .optional(),
  /** How long somebody who signed in with a token stays signed in. */
  SESSION_HOURS: z.coerce.number({ message: 'is not a number' }).int().min(1).max(720).default(12),
  /** Set by Kubernetes itself; a file: lake is refused there. */
  KUBERNETES_SERVICE_HOST: z.string().optional(),
});
export type ReportingConfig = Readonly<z.output<typeof reportingSettings>>;

/** Pure: throws RollcallError config/invalid with every fault, by name, never by value. */
export function loadConfig(env: Env): ReportingConfig {
  return loadEnvConfig(reportingSettings, env);
}

function isPublicUrl(text: string): boolean {
  if (!/^postgres(ql)?:/.test(text) || !URL.canParse(text)) return false;
  return new URL(text).password === '';
}
