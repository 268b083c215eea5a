import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spawnApp } from './app-process.js';
import { testFolder } from './test-folder.js';

async function script(folder: string, text: string): Promise<string> {
  const path = join(folder, 'app.mjs');
  await writeFile(path, text);
  return path;
}

const SERVER = `
import { createServer } from 'node:http';
process.once('SIGTERM', () => { console.log('bye'); process.exit(3); });
const server = createServer((request, answer) => answer.end('ok'));
server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port + ' ' + process.env.GREETING));
`;

test('an app is seen getting ready, and ends with its own code when asked', async () => {
  await using folder = await testFolder();
  await using app = spawnApp({ app: await script(folder.path, SERVER), env: { GREETING: 'hello' } });
  const line = await app.line(/^port \d+/);
  expect(line).toMatch(/ hello$/);
  await app.ready(`http://127.0.0.1:${line.split(' ')[1] ?? ''}/`);
  expect(await app.stop()).toEqual({ code: 3, signal: null });
  expect(app.lines.at(-1)).toBe('bye');
});

test('a killed app says no last word', async () => {
  await using folder = await testFolder();
  await using app = spawnApp({ app: await script(folder.path, SERVER) });
  await app.line(/^port/);
  expect(await app.kill()).toEqual({ code: null, signal: 'SIGKILL' });
  expect(app.lines).toHaveLength(1);
});

test('waiting for an app that has died fails at once and shows its last lines', async () => {
  await using folder = await testFolder();
  await using app = spawnApp({ app: await script(folder.path, "console.error('no such table'); process.exit(1)") });
  const start = performance.now();
  await expect(app.line(/ready/)).rejects.toThrow(/ended with code 1; its last lines:\nno such table/);
  await expect(app.ready('http://127.0.0.1:9/readyz')).rejects.toThrow(/no answer at .* ended with code 1/);
  expect(performance.now() - start).toBeLessThan(10_000);
});

test('an app that is not built is named with the way out', () => {
  expect(() => spawnApp({ app: 'no-such-app' })).toThrow(/no-such-app.dist.main\.js does not exist: build first/);
});
