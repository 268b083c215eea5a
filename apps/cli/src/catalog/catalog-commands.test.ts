import { execFileSync } from 'node:child_process';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, type CliWorld } from '../../test/run-cli.js';

const shipped = fileURLToPath(new URL('../../../../catalog/answers.yaml', import.meta.url));
let dir: string;
let world: CliWorld;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-catalog-'));
  await mkdir(join(dir, 'catalog'));
  await writeFile(join(dir, 'catalog', 'answers.yaml'), await readFile(shipped));
  world = { dir, env: { CATALOG_DIR: join(dir, 'catalog') } };
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function change(from: string, to: string): Promise<void> {
  const path = join(dir, 'catalog', 'answers.yaml');
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

describe('rollcall catalog check', () => {
  it('finds no fault in what is shipped', async () => {
    const run = await runCli(world, 'catalog', 'check');
    expect(run).toMatchObject({ code: 0, out: '1 files, 1 sources, 1 datasets: no fault' });
  });

  it('names every fault with its place', async () => {
    await change('zone: UTC', 'zone: Atlantis');
    await writeFile(join(dir, 'catalog', 'broken.yaml'), 'source: [\n');
    const run = await runCli(world, 'catalog', 'check');
    expect(run.code).toBe(1);
    expect(run.out).toMatch(/^answers\.yaml:\d+:\d+: error: .*Atlantis.* \[[a-z-]+\]$/m);
    expect(run.out).toMatch(/^broken\.yaml:\d+:\d+: error: /m);
    const json: unknown = JSON.parse((await runCli(world, 'catalog', 'check', '--json')).out);
    expect(json).toEqual(expect.arrayContaining([expect.objectContaining({ file: 'answers.yaml' })]));
  });

  it.each([['absent'], ['']])('says 78 for a folder that is none (%j)', async (name) => {
    const folder = join(dir, name);
    const run = await runCli(world, 'catalog', 'check', '--catalog', folder);
    expect(run.code).toBe(78);
    expect(run.err).toContain(folder);
  });
});

describe('rollcall catalog diff', () => {
  it('compares with another folder and says what a change asks for', async () => {
    await mkdir(join(dir, 'before'));
    await writeFile(join(dir, 'before', 'answers.yaml'), await readFile(shipped));
    expect(await runCli(world, 'catalog', 'diff', '--against', 'before')).toMatchObject({ code: 0, out: 'no change' });
    await change('object_id: { type: text, from: [question_id]', 'object_id: { type: int8, from: [question_id]');
    const run = await runCli(world, 'catalog', 'diff', '--against', 'before');
    expect(run.code).toBe(1);
    expect(run.out).toContain('columns.object_id.type');
  });

  it('compares with a git revision', async () => {
    const git = (...args: readonly string[]): void => {
      execFileSync('git', ['-C', dir, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { stdio: 'ignore' });
    };
    git('init');
    git('add', 'catalog');
    git('commit', '-m', 'first');
    expect((await runCli(world, 'catalog', 'diff', '--against', 'HEAD')).code).toBe(0);
    await change('trim: true,', 'trim: true, lower: true,');
    expect((await runCli(world, 'catalog', 'diff', '--against', 'HEAD')).code).toBe(1);
    const unknown = await runCli(world, 'catalog', 'diff', '--against', 'no-such-thing');
    expect(unknown.code).toBe(78);
    expect(unknown.err).toContain('neither a folder nor a git revision');
  });
});
