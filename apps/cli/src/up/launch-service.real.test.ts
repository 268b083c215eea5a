import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { testFolder, until } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { launchNode } from './launch-service.js';
import { markOf, stillRuns } from './running-process.js';
import { stopLeftovers } from './leftovers.js';

const env = { PATH: process.env['PATH'] ?? '' };

async function script(dir: string, name: string, text: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, text);
  return path;
}

describe('launchNode', () => {
  it('hands over every line of both streams and how it ended', async () => {
    await using folder = await testFolder();
    const entry = await script(
      folder.path,
      'a.mjs',
      `console.log(process.argv[2]); console.error('two'); process.exit(3);`,
    );
    const lines: string[] = [];
    const child = launchNode({
      entry,
      args: ['one'],
      env,
      cwd: folder.path,
      onLine: (line, stream) => lines.push(`${stream} ${line}`),
    });
    expect(await child.ended).toEqual({ code: 3, signal: null });
    expect(lines.toSorted()).toEqual(['err two', 'out one']);
  });

  it('does not leave the child behind when this process is killed', async () => {
    await using folder = await testFolder();
    const sleeper = await script(
      folder.path,
      'sleep.mjs',
      `console.log('pid ' + process.pid); setInterval(() => {}, 1000);`,
    );
    // A parent of its own, that launches the sleeper and is killed as by kill -9.
    const launcher = pathToFileURL(join(import.meta.dirname, '..', '..', 'dist', 'up', 'launch-service.js')).href;
    const parent = await script(
      folder.path,
      'parent.mjs',
      `const { launchNode } = await import(${JSON.stringify(launcher)});
       launchNode({ entry: ${JSON.stringify(sleeper)}, args: [], env: {}, cwd: '.', onLine: (line) => console.log(line) });`,
    );
    const running = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve) => {
      running.stdout.setEncoding('utf8').on('data', (text: string) => resolve(Number(/pid (\d+)/.exec(text)?.[1])));
    });
    const mark = await markOf(pid);
    if (!mark) throw new Error('the sleeper does not run');
    running.kill('SIGKILL');
    await until(async () => !(await stillRuns(mark)), { what: 'the end of the child' });
  });
});

describe('stopLeftovers', () => {
  it('stops what still runs and tells what that was', async () => {
    await using folder = await testFolder();
    const entry = await script(folder.path, 'sleep.mjs', `console.log('up'); setInterval(() => {}, 1000);`);
    const { promise: up, resolve } = Promise.withResolvers<void>();
    const child = launchNode({ entry, args: [], env, cwd: folder.path, onLine: () => resolve() });
    await up;
    const mark = await markOf(child.pid ?? 0);
    if (!mark) throw new Error('it does not run');
    const gone = { pid: 2 ** 22 + 1, name: 'gone' };
    expect(await stopLeftovers([gone, { ...mark, name: 'sleeper' }])).toEqual([{ ...mark, name: 'sleeper' }]);
    expect((await child.ended).signal).toBe('SIGTERM');
  });
});
