import {
  dropsSettings,
  httpSettings,
  lakeSettings,
  loadEnvConfig,
  logSettings,
  natsSettings,
  Secret,
  secretUrlOf,
  type Env,
} from '@rollcall/service';
import { z } from 'zod';

const share = z.coerce.number({ message: 'is not a share from 0 to 1' }).min(0).max(1);
const rate = z.coerce.number({ message: 'is not a rate' }).min(0).max(1_000);
const seconds = z.coerce.number({ message: 'is not a number of seconds' }).min(0).max(86_400);

/** Settings of `serve`. */
export const configSchema = z.object({
  ...natsSettings,
  ...dropsSettings,
  /** Only to find the drops where DROPS_URL is absent. */
  LAKE_URL: lakeSettings.LAKE_URL.optional(),
  AWS_ENDPOINT_URL_S3: lakeSettings.AWS_ENDPOINT_URL_S3,
  ...logSettings,
  ...httpSettings(4390),
  /** Set by Kubernetes itself; a file: place for drops is refused there. */
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  /** Events per second; 0 sends none. */
  EVENT_RATE: z.coerce.number({ message: 'is not a rate' }).min(0).max(50_000).default(10),
  DUPLICATE_SHARE: share.default(0.01),
  DIRTY_SHARE: share.default(0.001),
  /** How often an answers log is dropped; 0: never. */
  ANSWERS_EVERY_SECONDS: seconds.default(300),
  /** About so many rows in each. */
  ANSWERS_ROWS: z.coerce.number({ message: 'is not a count' }).int().min(1).max(100_000).default(500),
  /**
   * The shop's database, as who owns its tables; absent: no shop. The simulator writes there: never the SHOP_URL of the catalog, which may
   * name a real one.
   */
  SHOP_OWNER_URL: secretUrlOf('postgres', 'postgresql').optional(),
  /** Transactions per second in the shop; 0: it is made, and rests. */
  SHOP_RATE: rate.default(0.5),
  /** The registration desk's database, as who owns its tables; absent: no desk. */
  REGISTRATION_OWNER_URL: secretUrlOf('postgres', 'postgresql').optional(),
  /** Things that happen at the desk, per second; 0: it is made, and rests. */
  REGISTRATION_RATE: rate.default(0.1),
  /** Given to the role rollcall_extract in both; absent: the role gets no password. */
  EXTRACT_PASSWORD: z
    .string()
    .regex(/^[\x20-\x7e]+$/, 'is not printable ASCII')
    .transform((value) => new Secret(value))
    .optional(),
  /** Absent: a random one, logged. */
  SEED: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'is not 1 to 64 letters, digits, . _ or -')
    .optional(),
});
export type SimulatorConfig = Readonly<z.output<typeof configSchema>>;

/** Throws RollcallError config/invalid naming every fault. */
export function loadConfig(env: Env): SimulatorConfig {
  return loadEnvConfig(configSchema, env);
}

/** Where people put files: DROPS_URL, else `_drops` of the lake; undefined when neither is set. */
export function dropsUrlOf(config: Pick<SimulatorConfig, 'DROPS_URL' | 'LAKE_URL'>): string | undefined {
  if (config.DROPS_URL !== undefined) return config.DROPS_URL;
  return config.LAKE_URL === undefined ? undefined : `${config.LAKE_URL.replace(/\/+$/, '')}/_drops`;
}
