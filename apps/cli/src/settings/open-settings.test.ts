import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CliContext } from '../cli-context.js';
import { paint } from '../screen/paint.js';
import { newState, writeState } from '../up/state-file.js';
import { requireSettings, withoutSecrets } from './cli-settings.js';
import { openSettings } from './open-settings.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'rollcall-settings-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

function context(env: Record<string, string>): CliContext {
  const quiet = { line: () => undefined, progress: () => undefined };
  const signal = new AbortController().signal;
  return {
    env,
    cwd,
    installRoot: cwd,
    out: quiet,
    err: quiet,
    writeOut: async () => undefined,
    terminal: false,
    paintOut: paint(false),
    paintErr: paint(false),
    stop: signal,
    force: signal,
  };
}

describe('openSettings', () => {
  it('lays flag over environment over .env over the platform, and says which it was', async () => {
    await writeFile(
      join(cwd, '.env'),
      'LAKE_URL=file:///dotenv\nWAREHOUSE_URL=postgres://dotenv/d\nNATS_URL=nats://dotenv:1\n',
    );
    const settings = { NATS_URL: 'nats://up:1', LAKE_URL: 'file:///up', QUARANTINE_KEY: 'from-the-state' };
    await writeState(join(cwd, '.rollcall', 'state.json'), { ...newState(), settings });
    const opened = await openSettings(context({ LAKE_URL: 'file:///env', NATS_URL: 'nats://env:1' }), {
      natsUrl: 'nats://flag:1',
    });
    expect(opened.settings).toMatchObject({
      NATS_URL: 'nats://flag:1',
      LAKE_URL: 'file:///env',
      WAREHOUSE_URL: 'postgres://dotenv/d',
      QUARANTINE_KEY: 'from-the-state',
    });
    expect(
      (['NATS_URL', 'LAKE_URL', 'WAREHOUSE_URL', 'QUARANTINE_KEY', 'PII_KEY'] as const).map(opened.origin),
    ).toEqual(['flag', 'environment', '.env', 'rollcall up', undefined]);
    expect(opened.given['QUARANTINE_KEY']).toBeUndefined();
  });

  it("does not take the platform's ops database for another warehouse", async () => {
    const settings = { WAREHOUSE_URL: 'postgres://up/w', OPS_URL: 'postgres://up/o' };
    await writeState(join(cwd, '.rollcall', 'state.json'), { ...newState(), settings });
    expect((await openSettings(context({}), {})).settings.OPS_URL).toBe('postgres://up/o');
    expect((await openSettings(context({ WAREHOUSE_URL: 'postgres://x/y' }), {})).settings.OPS_URL).toBeUndefined();
  });

  it('reads NAME_FILE', async () => {
    await writeFile(join(cwd, 'secret'), 'postgres://u:p@h/d\n');
    const opened = await openSettings(context({ WAREHOUSE_URL_FILE: join(cwd, 'secret') }), {});
    expect(opened.settings.WAREHOUSE_URL).toBe('postgres://u:p@h/d');
  });

  it('names every fault at once and no value', async () => {
    const env = { NATS_URL: 'http://secret-host', LAKE_URL: 'secret-thing', QUARANTINE_KEY: 'sekret' };
    const error = await openSettings(context(env), {}).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'config/invalid' });
    const { message } = error as Error;
    expect(message.split('\n').map((line) => line.split(' ')[0])).toEqual(['NATS_URL', 'LAKE_URL', 'QUARANTINE_KEY']);
    expect(message).not.toMatch(/secret|sekret/);
  });

  it.each(['nats://a:4222,nats://b:4222', 'localhost:4222', 'tls://c'])('takes %s for a broker', async (NATS_URL) => {
    expect((await openSettings(context({ NATS_URL }), {})).settings.NATS_URL).toBe(NATS_URL);
  });

  it('refuses a .env line that is none, by number', async () => {
    await writeFile(join(cwd, '.env'), 'A=1\nsecret nonsense\n');
    await expect(openSettings(context({}), {})).rejects.toThrow('line 2 is not NAME=value');
  });
});

describe('requireSettings', () => {
  it('names all that are missing', () => {
    expect(() => requireSettings({ NATS_URL: 'nats://x' }, ['NATS_URL', 'LAKE_URL', 'WAREHOUSE_URL'])).toThrow(
      'LAKE_URL, WAREHOUSE_URL not set',
    );
  });
});

describe('withoutSecrets', () => {
  it.each([
    ['postgres://user:pw@host:5432/db?password=pw', 'postgres://user:***@host:5432/db'],
    ['nats://host:4222', 'nats://host:4222'],
    ['nats://a:4222,nats://user:pw@b:4222', 'nats://a:4222,nats://user:***@b:4222'],
    ['nats://token@host:4222', 'nats://***@host:4222'],
    ['postgres://user@host/db', 'postgres://user@host/db'],
    ['nonsense pw', '(not a URL)'],
  ])('%s -> %s', (url, shown) => {
    expect(withoutSecrets(url)).toBe(shown);
  });
});
