import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RollcallError } from '@rollcall/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadEnvConfig, type Env } from './env-config.js';
import { Secret } from './secret.js';
import { httpSettings, keySettings, lakeSettings, natsSettings, warehouseSettings } from './settings.js';

const schema = z.object({
  ...natsSettings,
  ...httpSettings(8080),
  ...warehouseSettings,
  ...lakeSettings,
  ...keySettings,
});
const GOOD = { WAREHOUSE_URL: 'postgres://me:hunter2@h/db', LAKE_URL: 'file:///lake' };

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'env-config-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

function faultsOf(env: Env): readonly string[] {
  try {
    loadEnvConfig(schema, env);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(RollcallError);
    expect(error).toMatchObject({ code: 'config/invalid' });
    expect(String(error)).not.toContain('hunter2');
    return error instanceof Error ? error.message.split('\n') : [];
  }
}

describe('loadEnvConfig', () => {
  it('reads settings and defaults, and freezes them', () => {
    const config = loadEnvConfig(schema, { ...GOOD, PORT: '9000', UNKNOWN: 'ignored' });
    expect(config).toMatchObject({ HOST: '127.0.0.1', PORT: 9000, LAKE_URL: 'file:///lake' });
    expect(config.NATS_URL.reveal()).toBe('nats://127.0.0.1:4222');
    expect(config.WAREHOUSE_URL).toBeInstanceOf(Secret);
    expect(Object.isFrozen(config)).toBe(true);
    expect(JSON.stringify(config)).not.toContain('hunter2');
  });

  it('names all faults together, never a value', () => {
    const faults = faultsOf({ WAREHOUSE_URL: 'mysql://me:hunter2@h', PORT: 'hunter2', HOST: '' });
    expect(faults).toHaveLength(3);
    expect(faults.join('\n')).toContain('WAREHOUSE_URL: is not a URL of the form postgres:// or postgresql://');
    expect(faults.join('\n')).toContain('PORT: is not a port number');
    expect(faults.join('\n')).toContain('LAKE_URL: is missing');
  });

  it('tells the message of a rule between settings, also on a name that is not set', () => {
    const rule = schema.refine(() => false, { path: ['QUARANTINE_KEY'], message: 'is required on Sundays' });
    expect(() => loadEnvConfig(rule, GOOD)).toThrow('QUARANTINE_KEY: is required on Sundays');
  });

  it('takes an empty variable for an absent one', () => {
    expect(loadEnvConfig(schema, { ...GOOD, QUARANTINE_KEY: '', PORT: '' })).toMatchObject({ PORT: 8080 });
    expect(faultsOf({ ...GOOD, LAKE_URL: '' })).toEqual(['LAKE_URL: is missing']);
  });

  it('reads NAME_FILE, without the line end a file has', () => {
    const file = join(dir, 'key');
    writeFileSync(file, 'hunter2\n');
    expect(loadEnvConfig(schema, { ...GOOD, QUARANTINE_KEY_FILE: file }).QUARANTINE_KEY?.reveal()).toBe('hunter2');
  });

  it('names a file that cannot be read, is empty, or stands beside the variable', () => {
    const empty = join(dir, 'empty');
    writeFileSync(empty, '\n');
    const absent = join(dir, 'absent');
    expect(faultsOf({ ...GOOD, PII_KEY_FILE: absent })).toEqual(['PII_KEY: the file of PII_KEY_FILE cannot be read']);
    expect(faultsOf({ ...GOOD, PII_KEY_FILE: empty })).toEqual(['PII_KEY: the file of PII_KEY_FILE is empty']);
    expect(faultsOf({ ...GOOD, LAKE_URL_FILE: absent })).toEqual(['LAKE_URL: is set twice, also by LAKE_URL_FILE']);
  });

  it.each(['0', '65535'])('takes port %s', (PORT) => {
    expect(loadEnvConfig(schema, { ...GOOD, PORT }).PORT).toBe(Number(PORT));
  });

  it.each(['-1', '65536', '80.5', 'x'])('refuses port %s', (PORT) => {
    expect(faultsOf({ ...GOOD, PORT })).toEqual([expect.stringMatching(/^PORT: /)]);
  });
});
