import {
  catalogSettings,
  dropsSettings,
  httpSettings,
  ingestTokenSettings,
  isLoopback,
  keySettings,
  lakeSettings,
  loadEnvConfig,
  logSettings,
  natsSettings,
  type Env,
} from '@rollcall/service';
import { z } from 'zod';

const MIB = 1024 * 1024;
const positive = z.coerce.number().int().positive();

/** The settings of ingest-logs; the keys are the names of the environment variables. */
export const ingestSettings = z
  .object({
    ...natsSettings,
    ...lakeSettings,
    ...dropsSettings,
    ...catalogSettings,
    ...keySettings,
    ...logSettings,
    ...ingestTokenSettings,
    ...httpSettings(4310),
    /** Set by Kubernetes itself; file: addresses are refused there. */
    KUBERNETES_SERVICE_HOST: z.string().optional(),
    /** Between two looks at the drops; absent: 2 in a folder, 15 in a bucket. */
    DROPS_POLL_SECONDS: z.coerce.number().positive().optional(),
    /** After this time a dropped file or run whose process died is taken over. */
    LEASE_SECONDS: positive.default(60),
    /** Bytes of a request's body, as sent and after decompression. */
    HTTP_BODY_BYTES: positive.default(16 * MIB),
    /** Bytes of one event. The broker's messages hold at most 1 MiB, headers included. */
    HTTP_EVENT_BYTES: positive.max(1_000_000).default(1_000_000),
    /** Events of one request. */
    HTTP_MAX_EVENTS: positive.default(50_000),
  })
  .refine(({ HOST, INGEST_TOKEN }) => isLoopback(HOST) || INGEST_TOKEN !== undefined, {
    path: ['HOST'],
    message: 'is not loopback, so INGEST_TOKEN is required: without it anybody could write events',
    // Also told when other settings are wrong: all faults on one screen.
    when: ({ issues, value }) => typeof hostOf(value) === 'string' && issues.every(({ path }) => path?.[0] !== 'HOST'),
  });

function hostOf(settings: unknown): unknown {
  return typeof settings === 'object' && settings !== null && 'HOST' in settings ? settings.HOST : undefined;
}

export type IngestConfig = Readonly<z.output<typeof ingestSettings>>;

/** Pure: throws RollcallError config/invalid with every fault, by name, never by value. */
export function loadConfig(env: Env): IngestConfig {
  return loadEnvConfig(ingestSettings, env);
}

/** Where people put files, and how often to look. */
export function dropsPlace(config: IngestConfig): { readonly url: string; readonly pollMs: number } {
  const url = config.DROPS_URL ?? `${config.LAKE_URL.replace(/\/+$/, '')}/_drops`;
  const seconds = config.DROPS_POLL_SECONDS ?? (url.startsWith('file:') ? 1 : 15);
  return { url, pollMs: seconds * 1000 };
}
