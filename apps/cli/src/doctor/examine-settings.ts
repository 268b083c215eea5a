import { withoutSecrets, type SettingName } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import type { Finding } from './finding.js';

const NEEDED: readonly SettingName[] = ['NATS_URL', 'WAREHOUSE_URL', 'LAKE_URL'];
const KEYS = {
  QUARANTINE_KEY: 'rejected records and dead letters are kept without their bytes',
  PII_KEY: 'columns with pii: hash or pbkdf2 cannot be read',
} as const;

/** Which settings there are and where they come from. Keys are only said to be there. */
export async function examineSettings({ settings, origin, faults }: OpenedSettings): Promise<readonly Finding[]> {
  const wrong = faults.map(({ name, fault }): Finding => ({
    part: 'settings',
    check: name,
    ok: false,
    found: fault,
    code: 'config/invalid',
    wayOut: `Mend ${name}.`,
  }));
  const faulty = new Set(faults.map(({ name }) => name));
  const addresses = NEEDED.filter((name) => !faulty.has(name)).map((name): Finding => {
    const value = settings[name];
    return value === undefined
      ? {
          part: 'settings',
          check: name,
          ok: false,
          found: 'is not set',
          code: 'config/invalid',
          wayOut: `Set ${name}, or run \`rollcall up\`.`,
        }
      : { part: 'settings', check: name, ok: true, found: `${withoutSecrets(value)} (${origin(name) ?? 'default'})` };
  });
  const keys = (Object.keys(KEYS) as (keyof typeof KEYS)[])
    .filter((name) => !faulty.has(name))
    .map((name): Finding => {
      const found = settings[name] === undefined ? `not set: ${KEYS[name]}` : `set (${origin(name) ?? 'default'})`;
      return { part: 'settings', check: name, ok: true, found };
    });
  return [...wrong, ...addresses, ...keys];
}
