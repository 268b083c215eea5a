import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { freePort, isPortFree } from './free-port.js';
import { startNats } from './nats-server.js';

let dir: string;
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'rollcall-nats-'))));
afterEach(() => rm(dir, { recursive: true }));

test('a server answers on loopback, keeps its port over a kill, and says how it ended', async () => {
  const first = await startNats({ dir });
  expect(first.url).toBe(`nats://127.0.0.1:${first.port}`);
  const connection = await connect({ servers: first.url });
  expect(connection.info?.version).toBe(first.version);
  await connection.close();
  await first.kill();
  expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });
  await using second = await startNats({ dir });
  expect(second.port).toBe(first.port);
});

test('a wanted port that is in use is chosen around', async () => {
  const port = await freePort();
  const other = createServer();
  await new Promise<void>((done) => other.listen(port, '127.0.0.1', done));
  await using server = await startNats({ dir, port });
  expect(server.port).not.toBe(port);
  await new Promise((done) => other.close(done));
});

test('a folder that is in use is refused, and free again after the stop', async () => {
  const server = await startNats({ dir });
  await expect(startNats({ dir })).rejects.toMatchObject({ code: 'embedded/in-use' });
  await server.stop();
  await server.stop();
  await using again = await startNats({ dir });
  expect(again.pid).not.toBe(server.pid);
  await server.stop();
  await expect(startNats({ dir })).rejects.toMatchObject({ code: 'embedded/in-use' });
});

test('a server ends by itself when its process is killed', async () => {
  const script = join(dir, 'owner.mjs');
  const library = new URL('../dist/index.js', import.meta.url).href;
  await writeFile(
    script,
    `import { startNats } from ${JSON.stringify(library)};
     const server = await startNats({ dir: ${JSON.stringify(join(dir, 'server'))} });
     console.log(server.port);
     process.kill(process.pid, 'SIGKILL');`,
  );
  const owner = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  expect(owner.signal).toBe('SIGKILL');
  const port = Number(owner.stdout);
  expect(port).toBeGreaterThan(0);
  await vi.waitUntil(() => isPortFree(port), { timeout: 10_000 });
});

test('configuration the server refuses fails with the end of its log', async () => {
  const failing = startNats({ dir, extraConfig: 'authorization: { users: 7 }' });
  await expect(failing).rejects.toMatchObject({
    code: 'embedded/not-started',
    message: expect.stringContaining('users'),
  });
});

test('further configuration reaches the server', async () => {
  await using server = await startNats({
    dir,
    maxPayloadBytes: 65_536,
    extraConfig: 'authorization: { token: "secret" }',
  });
  await expect(connect({ servers: server.url, maxReconnectAttempts: 0 })).rejects.toThrow(/authorization/i);
  const connection = await connect({ servers: server.url, token: 'secret' });
  expect(connection.info?.max_payload).toBe(65_536);
  await connection.close();
  expect(await readFile(join(dir, 'nats.conf'), 'utf8')).toContain('store_dir');
});

test('a server that is too old, and one that is missing, are named', async () => {
  const binary = join(dir, 'old-server');
  await writeFile(binary, '#!/bin/sh\necho "nats-server: v2.8.4"\n');
  await chmod(binary, 0o755);
  await expect(startNats({ dir, binary })).rejects.toMatchObject({
    code: 'nats/too-old',
    message: `${binary} is nats-server 2.8.4; 2.9 or newer is needed`,
  });
  await expect(startNats({ dir, binary: join(dir, 'none') })).rejects.toMatchObject({ code: 'embedded/no-binary' });
});
