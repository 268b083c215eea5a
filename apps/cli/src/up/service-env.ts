import { cliSettings, type CliSettings } from '../settings/cli-settings.js';
import type { ServiceSpec } from './service-specs.js';

const KNOWN = Object.keys(cliSettings.shape);

/**
 * The environment of a service: what the operator's shell and `.env` say, with the platform's settings in place of theirs, and without
 * those that are none of the service's business (an ingest service never learns where the warehouse is).
 * @param idle nothing may be sent by itself: the platform starts empty
 */
export function serviceEnv(
  spec: ServiceSpec,
  given: Readonly<Record<string, string>>,
  platform: CliSettings,
  port: number,
  idle = false,
): Record<string, string> {
  const env: Record<string, string> = { ...(idle ? spec.idle : spec.busy), ...given };
  for (const name of KNOWN) {
    delete env[name];
    delete env[`${name}_FILE`];
  }
  for (const name of spec.needs) {
    const value = platform[name];
    if (value !== undefined) env[name] = value;
  }
  return { ...env, HOST: '127.0.0.1', PORT: String(port) };
}
