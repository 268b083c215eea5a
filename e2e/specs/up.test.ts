import { spawn } from 'node:child_process';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnApp, testFolder } from '@rollcall/testkit';
import pg from 'pg';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly lines: readonly Record<string, unknown>[];
}

/** Runs `rollcall` to its end, with nothing of this machine's settings. */
async function rollcall(home: string, ...args: readonly string[]): Promise<Ended> {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [join(root, 'apps/cli/dist/main.js'), ...args, '--home', home], {
    cwd: root,
    env: { PATH, HOME, TMPDIR, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (out += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = out.split('\n').filter((line) => line.startsWith('{'));
  return { code, out, lines: lines.map((line): Record<string, unknown> => JSON.parse(line)) };
}

describe('rollcall up', () => {
  it('goes from nothing to a platform with its demo in the warehouse, and starts again warm with the data kept', async () => {
    await using folder = await testFolder();
    const home = join(folder.path, 'home');
    const first = await rollcall(home, 'up', '--fresh', '--exit-after-demo', '--json');
    expect(first.code, first.out).toBe(0);

    const table = first.lines.find((line) => 'arrivals' in line);
    expect(table?.['faults']).toEqual([]);
    const arrivals = table?.['arrivals'] as {
      dataset: string;
      warehouseRows: number;
      lakeRows: number;
      sessions?: number;
      halfDaySessions?: number;
      quarantined: number;
    }[];
    const demo = table?.['demo'] as {
      dataset: string;
      sent: number;
      distinct: number;
      malformed: number;
      sessions?: number;
    }[];
    for (const part of demo) {
      const arrival = arrivals.find((a) => a.dataset === part.dataset);
      expect(arrival).toMatchObject({ warehouseRows: part.distinct, quarantined: part.malformed });
      if (part.sessions !== undefined) expect(arrival?.sessions).toBe(part.sessions);
    }
    expect(demo.find((part) => part.dataset === 'answers')?.sent).toBeGreaterThan(35_000);
    expect(demo.find((part) => part.dataset === 'app_events')?.sent).toBe(5_000);
    expect(demo.find((part) => part.dataset === 'transactions')?.sent).toBe(100_000);
    expect(demo.find((part) => part.dataset === 'registration_registrant')?.sent).toBe(2_000);

    const served = first.lines.find((line) => 'broken' in line);
    expect(served).toMatchObject({ broken: [], faults: [] });
    const reports = served?.['reports'] as { report: string; rows: number; health: string }[];
    expect(reports.map(({ health }) => health)).toEqual(['healthy', 'healthy', 'healthy', 'healthy']);
    const answered = arrivals.find((a) => a.dataset === 'answers');
    expect(reports.find(({ report }) => report === 'answers_per_session')?.rows).toBe(
      (answered?.sessions ?? 0) + (answered?.halfDaySessions ?? 0),
    );
    expect(first.lines.find((line) => 'dashboard' in line)?.['dashboard']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);

    for (const secret of ['state.json', 'warehouse.url', 'bi-reader.url'])
      expect((await stat(join(home, secret))).mode & 0o777).toBe(0o600);
    const passwords = await Promise.all(
      ['warehouse.url', 'bi-reader.url'].map(
        async (file) => new URL((await readFile(join(home, file), 'utf8')).trim()).password,
      ),
    );
    for (const password of passwords) {
      expect(password).not.toBe('');
      expect(first.out).not.toContain(password);
    }

    const second = await rollcall(home, 'up', '--exit-after-demo');
    expect(second.code, second.out).toBe(0);
    expect(second.out).toContain('the demo was loaded by an earlier run');
    for (const password of passwords) expect(second.out).not.toContain(password);
    expect(second.out).toMatch(/answers_per_session +\d+ .* healthy/);
    const lines = second.out.split('\n');
    expect(lines.find((line) => line.startsWith('answers '))?.split(/ {2,}/)[4]).toBe(
      arrivals.find((a) => a.dataset === 'answers')?.warehouseRows.toLocaleString('en'),
    );
    expect((await readdir(home)).filter((name) => name.includes('lock'))).toEqual([]);
  });

  it('takes over the folder of a run that was killed, and stops at once in order when told', async () => {
    await using folder = await testFolder();
    const home = join(folder.path, 'home');
    await using killed = spawnApp({ app: 'cli', args: ['up', '--no-demo', '--home', home] });
    await killed.line(/ready after/, 120_000);
    await killed.kill();
    await using next = spawnApp({ app: 'cli', args: ['up', '--no-demo', '--home', home] });
    await next.line(/its state folder is taken over/);
    await next.line(/ready after/, 120_000);
    const { code } = await next.stop(30_000);
    expect(code).toBe(0);
    expect(next.lines.at(-1)).toContain('stopped');
    expect((await readdir(home)).filter((name) => name.includes('lock'))).toEqual([]);
  });

  it('lets BI tools in as a reader of the reports and of nothing else', async () => {
    await using folder = await testFolder();
    const home = join(folder.path, 'home');
    await using up = spawnApp({ app: 'cli', args: ['up', '--no-demo', '--home', home] });
    await up.line(/dashboard/, 120_000);
    const client = new pg.Client((await readFile(join(home, 'bi-reader.url'), 'utf8')).trim());
    await client.connect();
    try {
      expect((await client.query('SELECT report FROM freshness ORDER BY 1')).rows).toHaveLength(4);
      for (const forbidden of ['analytics.answers', 'ops.token', 'raw.answers'])
        await expect(client.query(`SELECT * FROM ${forbidden}`)).rejects.toThrow(/denied|does not exist/);
      await expect(client.query('CREATE TABLE report.mine (x int)')).rejects.toThrow(/read-only|denied/);
    } finally {
      await client.end();
    }
  });
});
