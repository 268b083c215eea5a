import { cliSettings, type CliSettings } from '../settings/cli-settings.js';
import type { ServiceSpec } from './service-specs.js';

const KNOWN = Object.keys(cliSettings.shape);

/** How a platform runs. */
export interface RunMode {
  /** Nothing may be sent by itself: the platform starts empty. */
  readonly idle: boolean;
  /** Somebody works on reports and pages: what they change is seen at once. */
  readonly dev: boolean;
}

/** How the databases of the catalog are reached. */
export interface SourceSettings {
  /** Settings that name a database. */
  readonly names: readonly string[];
  /** Service -> what it gets of them. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const NO_SOURCES: SourceSettings = { names: [], settings: {} };

/**
 * The environment of a service: what the operator's shell and `.env` say, with the platform's settings in place of theirs, and without
 * those that are none of the service's business (an ingest service never learns where the warehouse is).
 * @param port undefined: the program listens on none
 * @param sources the databases of the catalog: the names of their settings, and which service gets which
 */
export function serviceEnv(
  spec: ServiceSpec,
  given: Readonly<Record<string, string>>,
  platform: CliSettings,
  port: number | undefined,
  { idle, dev }: RunMode,
  sources: SourceSettings = NO_SOURCES,
): Record<string, string> {
  const env: Record<string, string> = { ...(idle ? spec.idle : spec.busy), ...(dev ? spec.dev : {}), ...given };
  for (const name of [...KNOWN, ...sources.names]) {
    delete env[name];
    delete env[`${name}_FILE`];
  }
  for (const name of spec.needs) {
    const value = platform[name];
    if (value !== undefined) env[name] = value;
  }
  Object.assign(env, sources.settings[spec.name]);
  return port === undefined ? env : { ...env, HOST: '127.0.0.1', PORT: String(port) };
}
