import { RollcallError } from '@rollcall/kernel';
import { z } from 'zod';

function urlOf(schemes: readonly string[]): z.ZodType<string> {
  return z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol), {
    error: `must be a URL that starts with ${schemes.map((s) => `${s}//`).join(' or ')}`,
  });
}

/** Several servers of one cluster are separated by commas; a bare host:port is nats://. */
const brokerUrl = z
  .string()
  .refine(
    (text) => text.split(',').every((part) => ['nats:', 'tls:'].includes(URL.parse(withScheme(part))?.protocol ?? '')),
    { error: 'must be of the form nats://host:port, several separated by commas' },
  );

function withScheme(part: string): string {
  return part.includes('://') ? part.trim() : `nats://${part.trim()}`;
}

const postgresUrl = urlOf(['postgres:', 'postgresql:']);

/** Every setting the command line understands. Names are those of the services. */
export const cliSettings = z.object({
  NATS_URL: brokerUrl.optional(),
  NATS_USER: z.string().optional(),
  NATS_PASSWORD: z.string().optional(),
  NATS_TOKEN: z.string().optional(),
  WAREHOUSE_URL: postgresUrl.optional(),
  OPS_URL: postgresUrl.optional(),
  LAKE_URL: urlOf(['file:', 's3:']).optional(),
  DROPS_URL: urlOf(['file:', 's3:']).optional(),
  AWS_ENDPOINT_URL_S3: urlOf(['http:', 'https:']).optional(),
  AWS_REGION: z.string().optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  QUARANTINE_KEY: z.string().min(8, 'must have at least 8 characters').optional(),
  PII_KEY: z.string().min(8, 'must have at least 8 characters').optional(),
  CATALOG_DIR: z.string().optional(),
  REPORTS_DIR: z.string().optional(),
  CDC_EXTRACTOR_URL: urlOf(['http:', 'https:']).optional(),
  INGEST_LOGS_URL: urlOf(['http:', 'https:']).optional(),
  WAREHOUSE_LOADER_URL: urlOf(['http:', 'https:']).optional(),
  REPORTING_URL: urlOf(['http:', 'https:']).optional(),
  /** The warehouse as people's BI tools reach it; without a password. */
  BI_URL: postgresUrl.optional(),
});
export type CliSettings = z.output<typeof cliSettings>;
export type SettingName = keyof CliSettings;

/** One setting that is not as it must be. Never holds its value. */
export interface SettingFault {
  readonly name: string;
  readonly fault: string;
}

/**
 * Reads the settings out of the laid-over layers.
 * @throws RollcallError config/invalid with every fault, by name and never by value
 */
export function parseSettings(values: Readonly<Record<string, string>>): CliSettings {
  const { settings, faults } = readSettings(values);
  if (faults.length === 0) return settings;
  throw new RollcallError('config/invalid', faults.map(({ name, fault }) => `${name} ${fault}`).join('\n'));
}

/** The same for who looks at all: settings with a fault are left out, and named beside. */
export function readSettings(values: Readonly<Record<string, string>>): {
  readonly settings: CliSettings;
  readonly faults: readonly SettingFault[];
} {
  const parsed = cliSettings.safeParse(values);
  const faults = (parsed.error?.issues ?? []).map(({ path, message }) => ({ name: path.join('.'), fault: message }));
  const bad = new Set(faults.map(({ name }) => name));
  const good = Object.fromEntries(Object.entries(values).filter(([name]) => !bad.has(name)));
  return { settings: parsed.data ?? cliSettings.parse(good), faults };
}

/**
 * Makes sure that settings a command cannot do without are there.
 * @throws RollcallError config/invalid with every name that is missing
 */
export function requireSettings<N extends SettingName>(
  settings: CliSettings,
  names: readonly N[],
): CliSettings & { readonly [K in N]-?: NonNullable<CliSettings[K]> } {
  const missing = names.filter((name) => settings[name] === undefined);
  if (missing.length > 0) {
    const sentence = `${missing.join(', ')} not set: no flag, environment variable or .env line names it, and no \`rollcall up\` has run here`;
    throw new RollcallError('config/invalid', sentence);
  }
  return settings as CliSettings & { readonly [K in N]-?: NonNullable<CliSettings[K]> };
}

/** A URL, or several separated by commas, without passwords, tokens and query: fit to be printed. */
export function withoutSecrets(text: string): string {
  return text.split(',').map(shownUrl).join(',');
}

function shownUrl(text: string): string {
  const url = URL.parse(withScheme(text));
  if (!url || url.hostname.includes(' ')) return '(not a URL)';
  // nats://token@host: what stands for a user is the secret.
  if (url.password === '' && url.username !== '' && /^(nats|tls):$/.test(url.protocol)) url.username = '***';
  if (url.password !== '') url.password = '***';
  url.search = '';
  return url.toString();
}
