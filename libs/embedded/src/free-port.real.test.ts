import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { choosePort, freePort, isPortFree, rememberPort } from './free-port.js';

const HOST = '127.0.0.1';
let dir: string;
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'rollcall-ports-'))));
afterEach(() => rm(dir, { recursive: true }));

async function occupied<T>(port: number, act: () => Promise<T>): Promise<T> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(port, HOST, done));
  try {
    return await act();
  } finally {
    await new Promise((done) => server.close(done));
  }
}

test('a folder gets the wanted port, and next time the port it had', async () => {
  const wanted = await freePort();
  expect(await choosePort(dir, HOST, wanted)).toBe(wanted);
  await rememberPort(dir, wanted);
  expect(await choosePort(dir, HOST)).toBe(wanted);
});

test('a port in use is chosen around', async () => {
  const taken = await freePort();
  await rememberPort(dir, taken);
  await occupied(taken, async () => {
    expect(await isPortFree(taken)).toBe(false);
    const chosen = await choosePort(dir, HOST, taken);
    expect(chosen).not.toBe(taken);
    expect(await isPortFree(chosen)).toBe(true);
  });
});

test('a remembered port that is no number is ignored', async () => {
  await rememberPort(dir, Number.NaN);
  expect(await choosePort(dir, HOST)).toBeGreaterThan(1023);
});
