import { parseBrokerUrl } from '@rollcall/messaging';
import { z } from 'zod';
import { Secret } from './secret.js';

/** Shapes that several apps spread into their own `z.object({...})`. The keys are the names of the environment variables. */

const secret = z.string().transform((value) => new Secret(value));

function urlOf(...schemes: readonly string[]): z.ZodString {
  const allowed = schemes.map((scheme) => `${scheme}://`).join(' or ');
  return z.string().refine((text) => schemes.some((scheme) => text.startsWith(`${scheme}:`)) && URL.canParse(text), {
    message: `is not a URL of the form ${allowed}`,
  });
}

/** A URL that may hold credentials is a secret as a whole. */
export function secretUrlOf(...schemes: readonly string[]): z.ZodType<Secret, string> {
  return urlOf(...schemes).transform((value) => new Secret(value));
}

function isBrokerUrl(text: string): boolean {
  try {
    return parseBrokerUrl(text).servers.length > 0;
  } catch {
    return false;
  }
}

export const natsSettings = {
  NATS_URL: z
    .string()
    .default('nats://127.0.0.1:4222')
    .refine(isBrokerUrl, { message: 'is not of the form nats://host:port' })
    .transform((value) => new Secret(value)),
  NATS_USER: z.string().optional(),
  NATS_PASSWORD: secret.optional(),
  NATS_TOKEN: secret.optional(),
};

export const warehouseSettings = {
  WAREHOUSE_URL: secretUrlOf('postgres', 'postgresql'),
  /** Where `ops` lives; absent: in the warehouse. */
  OPS_URL: secretUrlOf('postgres', 'postgresql').optional(),
};

export const lakeSettings = {
  LAKE_URL: urlOf('file', 's3'),
  AWS_ENDPOINT_URL_S3: urlOf('http', 'https').optional(),
};

export const dropsSettings = {
  /** Where people put files; absent: `<LAKE_URL>/_drops`. */
  DROPS_URL: urlOf('file', 's3').optional(),
};

export const keySettings = {
  /** Seals rejected records and dead letters; without it their bytes are not kept. */
  QUARANTINE_KEY: secret.optional(),
  /** Keys the hashing of personal data. */
  PII_KEY: secret.optional(),
};

export const catalogSettings = {
  CATALOG_DIR: z.string().default('catalog'),
};

export const logSettings = {
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
};

/** Where the service's own HTTP server listens. Loopback unless told otherwise. Port 0: any free one. */
export function httpSettings(defaultPort: number): {
  readonly HOST: z.ZodDefault<z.ZodString>;
  readonly PORT: z.ZodType<number>;
} {
  const port = z.coerce.number({ message: 'is not a port number' }).int('is not a port number').min(0).max(65_535);
  return { HOST: z.string().default('127.0.0.1'), PORT: port.default(defaultPort) };
}

/** The token that callers of an HTTP door must show. Without one the door must be on loopback: see `isLoopback`. */
export const ingestTokenSettings = {
  INGEST_TOKEN: secret.optional(),
};

/** Whether an address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
