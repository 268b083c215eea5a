import { createServer } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A TCP port on `host` that nothing listens on now. Another process may take it before you do: retry the start. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const port = await listenOnce(host, 0);
  if (port === undefined) throw new Error(`no free port on ${host}`);
  return port;
}

/** Whether `port` can be listened on now. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return (await listenOnce(host, port)) !== undefined;
}

/** The port this folder's server had before when it is still free, else `wanted` when free, else any free one. */
export async function choosePort(dir: string, host: string, wanted?: number): Promise<number> {
  const remembered = Number(await readFile(portFile(dir), 'utf8').catch(() => ''));
  for (const port of [wanted ?? 0, remembered]) {
    if (Number.isInteger(port) && port > 0 && (await isPortFree(port, host))) return port;
  }
  return freePort(host);
}

/** Remembers the port for the next start in the same folder. */
export async function rememberPort(dir: string, port: number): Promise<void> {
  await writeFile(portFile(dir), `${port}\n`);
}

function portFile(dir: string): string {
  return join(dir, 'port');
}

function listenOnce(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}
