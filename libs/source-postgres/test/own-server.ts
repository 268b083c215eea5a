import { execFile } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removePostgres, startPostgres } from '@rollcall/embedded';
import { testFolder, type TestFolder } from '@rollcall/testkit';

/** A server for tests of what is set for all of it. */
export interface OwnServer {
  readonly url: string;
  restart(): Promise<void>;
  /** A hot standby: a copy of this server as it stands, which waits for WAL that never comes. */
  standby(): Promise<OwnServer>;
  stop(): Promise<void>;
}

type Settings = Readonly<Record<string, string>>;

export async function serverOfItsOwn(settings: Settings = {}): Promise<OwnServer> {
  return serverIn(await testFolder(), { fsync: 'off', shared_buffers: '32MB', ...settings });
}

async function serverIn(folder: TestFolder, settings: Settings): Promise<OwnServer> {
  // Under root the server runs as another account, which must reach its data.
  await chmod(folder.path, 0o755);
  const start = () => startPostgres({ dir: folder.path, settings });
  let server = await start();
  async function restart(meanwhile?: () => Promise<void>): Promise<void> {
    await server.stop(10_000);
    await meanwhile?.();
    server = await start();
  }
  return {
    get url() {
      return server.url;
    },
    restart: () => restart(),
    async standby() {
      const copy = await testFolder();
      await restart(async () => {
        // With its owner, whom PostgreSQL insists on.
        await promisify(execFile)('cp', ['-a', `${folder.path}/.`, copy.path]);
        await writeFile(join(copy.path, 'data', 'standby.signal'), '');
      });
      return serverIn(copy, settings);
    },
    async stop() {
      await server.stop(5_000);
      await removePostgres(folder.path);
    },
  };
}
