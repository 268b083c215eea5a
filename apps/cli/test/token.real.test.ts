import { sha256Hex } from '@rollcall/kernel';
import { testDatabase, testFolder, type TestDatabase, type TestFolder } from '@rollcall/testkit';
import { migrate, openOps, type Ops } from '@rollcall/warehouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, runCli, type CliRun, type CliWorld } from './run-cli.js';

let database: TestDatabase;
let folder: TestFolder;
let ops: Ops;
let world: CliWorld;

beforeAll(async () => {
  [database, folder] = await Promise.all([
    testDatabase({
      template: { name: 'cli-migrated', build: async (url) => void (await migrate({ warehouseUrl: url })) },
    }),
    testFolder(),
  ]);
  ops = await openOps(database.url);
  world = { dir: folder.path, env: { WAREHOUSE_URL: database.url } };
});
afterAll(async () => {
  await ops.close();
  await Promise.all([database.drop(), folder.remove()]);
});

async function listed(...args: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  return jsonLines(await runCli(world, 'token', 'list', '--json', ...args));
}

async function created(...args: readonly string[]): Promise<CliRun> {
  const run = await runCli(world, 'token', 'create', ...args);
  expect(run.code, run.err).toBe(0);
  return run;
}

describe('rollcall token', () => {
  it('prints a new token alone on standard output, and keeps its hash alone', async () => {
    const run = await created('anna');
    expect(run.out).toMatch(/^rollcall_[\w-]{43}$/);
    expect(run.err).not.toContain(run.out);
    const kept = await ops.tokenByHash(sha256Hex(run.out));
    expect(kept).toMatchObject({ name: 'anna', scopes: ['reports'], expiresAt: null, revokedAt: null });
    expect(JSON.stringify(await ops.listTokens())).not.toContain(run.out.slice('rollcall_'.length));
    const [audited] = await ops.recentAudit(1);
    expect(audited).toMatchObject({ action: 'token.create', subject: 'anna', details: { id: kept?.id } });
    expect(JSON.stringify(audited)).not.toContain(sha256Hex(run.out));
  });

  it('makes every token another one, with the scopes and the end that were asked for', async () => {
    const before = Date.now();
    const args = [
      'bert',
      '--scope',
      'records',
      '--scope',
      'reports',
      '--scope',
      'records',
      '--expires',
      '90d',
      '--json',
    ];
    const [one, two] = (await Promise.all([created(...args), created(...args)])).map((run) => jsonLines(run)[0]);
    expect(one?.['token']).not.toBe(two?.['token']);
    expect(one?.['scopes']).toEqual(['records', 'reports']);
    const days = (Date.parse(String(one?.['expiresAt'])) - before) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(90);
    expect(days).toBeLessThan(90.01);
  });

  it('lists what is known of each, and no hash', async () => {
    const tokens = await listed();
    expect(tokens.map(({ name }) => name)).toEqual(['bert', 'bert', 'anna']);
    expect(Object.keys(tokens[0] ?? {})).not.toContain('hash');
    const table = await runCli(world, 'token', 'list');
    expect(table.out).toMatch(/anna +reports +usable .* never +never/);
  });

  it('revokes one token of a name, or all of them, and says it in the audit', async () => {
    const [newest] = await listed();
    const one = await runCli(world, 'token', 'revoke', 'bert', '--id', String(newest?.['id']));
    expect([one.code, one.out]).toEqual([0, `revoked token ${String(newest?.['id'])} of bert`]);
    expect((await listed()).map(({ name }) => name)).toEqual(['bert', 'anna']);
    await created('bert');
    const rest = await runCli(world, 'token', 'revoke', 'bert');
    expect(rest.out.split('\n')).toHaveLength(2);
    expect((await listed()).map(({ name }) => name)).toEqual(['anna']);
    expect((await ops.recentAudit(1))[0]).toMatchObject({ action: 'token.revoke', subject: 'bert' });
  });

  it('shows what was revoked or has expired only when asked for all', async () => {
    await ops.createToken({
      name: 'old',
      hash: sha256Hex('old'),
      scopes: ['reports'],
      createdBy: 'test',
      expiresAt: '2026-01-02T03:04:05.678901Z',
    });
    expect((await listed()).map(({ name }) => name)).not.toContain('old');
    const states = new Map((await listed('--all')).map((token) => [token['name'], token['state']]));
    expect(states).toEqual(
      new Map([
        ['old', 'expired'],
        ['bert', 'revoked'],
        ['anna', 'usable'],
      ]),
    );
  });

  it('exits 1 when there is nothing to revoke', async () => {
    for (const args of [['bert'], ['nobody'], ['anna', '--id', '999']]) {
      const run = await runCli(world, 'token', 'revoke', ...args);
      expect(run.code).toBe(1);
      expect(run.err).toContain(`no token of ${args[0] ?? ''}`);
    }
  });
});
