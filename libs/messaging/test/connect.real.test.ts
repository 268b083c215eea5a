import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { testNats } from '@rollcall/testkit';
import { expect, test } from 'vitest';
import { connectBroker } from '../src/index.js';

const AUTH = 'authorization { user: "loader", password: "hunter2" }';

test('says where nobody answers', async () => {
  const nats = await testNats();
  await nats[Symbol.asyncDispose]();
  const place = nats.url.replace('nats://', '');
  await expect(connectBroker({ url: `nats://me:hunter2@${place}`, name: 't' })).rejects.toMatchObject({
    code: 'nats/unavailable',
    message: expect.stringContaining(place),
  });
  await expect(connectBroker({ url: `nats://me:hunter2@${place}`, name: 't' })).rejects.not.toThrow(/hunter2/);
});

test('says that credentials are refused, without showing them', async () => {
  await using nats = await testNats({ extraConfig: AUTH.replace('hunter2', 'other') });
  const connecting = connectBroker({ url: nats.url, name: 't', user: 'loader', password: 'hunter2' });
  const error: unknown = await connecting.catch((cause: unknown) => cause);
  expect(error).toMatchObject({
    code: 'nats/unavailable',
    message: expect.stringContaining('credentials were refused'),
  });
  expect(String(error)).not.toContain('hunter2');
});

test('takes credentials from the URL, and settings before the URL', async () => {
  await using nats = await testNats({ extraConfig: AUTH });
  const withUrl = nats.url.replace('nats://', 'nats://loader:hunter2@');
  const withOther = nats.url.replace('nats://', 'nats://loader:wrong@');
  await using one = await connectBroker({ url: withUrl, name: 't' });
  await using two = await connectBroker({ url: withOther, name: 't', password: 'hunter2' });
  expect([one.connected, two.connected]).toEqual([true, true]);
  expect(one.place).not.toContain('hunter2');
});

test('refuses a server older than 2.9', async () => {
  await using server = await fakeServer({ version: '2.8.4', jetstream: true });
  await expect(connectBroker({ url: server.url, name: 't' })).rejects.toMatchObject({
    code: 'nats/too-old',
    message: expect.stringContaining('2.8.4'),
  });
});

test('refuses a server without JetStream', async () => {
  await using server = await fakeServer({ version: '2.10.27' });
  await expect(connectBroker({ url: server.url, name: 't' })).rejects.toMatchObject({
    code: 'nats/too-old',
    message: expect.stringContaining('without JetStream'),
  });
});

test('a cluster that refuses the credentials is not gone round for ever', async () => {
  // Each greeting names other servers, as every member of a cluster does; all of them are this one.
  const server = createServer((socket) => {
    const { port } = addressOf(server);
    const others = ['127.0.0.1', 'localhost', '127.0.0.2'].map((host) => `${host}:${port}`);
    socket.on('error', () => undefined);
    socket.write(`INFO ${JSON.stringify({ version: '2.10.27', auth_required: true, connect_urls: others })}\r\n`);
    socket.once('data', () => socket.end("-ERR 'Authorization Violation'\r\n"));
  }).listen(0);
  await once(server, 'listening');
  const { port } = addressOf(server);
  const url = `nats://me:hunter2@127.0.0.1:${port},127.0.0.2:${port}`;
  await expect(connectBroker({ url, name: 't' })).rejects.toMatchObject({
    code: 'nats/unavailable',
    message: expect.stringContaining('credentials were refused'),
  });
  server.close();
}, 10_000);

test('says that something else listens there, whether it speaks first or not', async () => {
  for (const [greeting, said] of [
    ['SSH-2.0-OpenSSH_9.2\r\n', 'unexpected response'],
    ['', 'no greeting in 200 ms'],
  ]) {
    const server = createServer(
      (socket) =>
        void socket
          .on('error', () => undefined)
          .resume()
          .write(greeting ?? ''),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `nats://127.0.0.1:${addressOf(server).port}`;
    await expect(connectBroker({ url, name: 't', connectTimeoutMs: 200 })).rejects.toMatchObject({
      code: 'nats/unavailable',
      message: expect.stringContaining(said ?? ''),
    });
    server.close();
  }
});

function addressOf(server: Server): { readonly port: number } {
  const address = server.address();
  return typeof address === 'object' && address ? address : { port: 0 };
}

/** As much of a nats-server as a client needs to connect and to hear that nobody serves its request. */
async function fakeServer(info: {
  readonly version: string;
  readonly jetstream?: boolean;
}): Promise<AsyncDisposable & { url: string }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const greeting = { server_id: 'fake', proto: 1, headers: true, max_payload: 1_048_576, ...info };
    socket.write(`INFO ${JSON.stringify(greeting)}\r\n`);
    let inboxSid = '';
    socket.on('data', (chunk) => {
      for (const line of chunk.toString('latin1').split('\r\n')) {
        const [verb = '', subject = '', third = ''] = line.split(' ');
        if (verb === 'PING') socket.write('PONG\r\n');
        if (verb === 'SUB') inboxSid = third;
        if (verb === 'PUB' && subject.startsWith('$JS.API')) {
          socket.write(`HMSG ${third} ${inboxSid} 16 16\r\nNATS/1.0 503\r\n\r\n\r\n`);
        }
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `nats://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
