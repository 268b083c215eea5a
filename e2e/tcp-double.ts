import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** Something that listens and is not what was expected. */
export interface TcpDouble extends AsyncDisposable {
  /** `127.0.0.1:port`. */
  readonly place: string;
  /** Resolves when somebody has connected. */
  readonly reached: Promise<void>;
}

/** Takes connections, sends `greeting` if there is one, answers PING with PONG, and says nothing else. */
export async function tcpDouble(greeting?: string): Promise<TcpDouble> {
  const open = new Set<Socket>();
  const reached = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    open.add(socket);
    reached.resolve();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    if (greeting !== undefined) socket.write(`${greeting}\r\n`);
    socket.on('data', (data) => {
      if (greeting !== undefined && data.includes('PING')) socket.write('PONG\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    place: `127.0.0.1:${port}`,
    reached: reached.promise,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
