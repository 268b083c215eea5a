import { startNats } from '@rollcall/embedded';
import { testFolder, until } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { KeptServer } from './kept-server.js';

const never = new AbortController().signal;

describe('KeptServer', () => {
  it('starts a killed server again on its port, and stays stopped once it is stopped', async () => {
    await using folder = await testFolder();
    const said: string[] = [];
    const kept = await KeptServer.start('nats', undefined, {
      open: (port) => startNats({ dir: folder.path, ...(port !== undefined && { port }) }),
      say: (sentence) => said.push(sentence),
    });
    await kept.first.kill();
    await until(() => said.includes('nats runs again'), { what: 'the restart' });
    expect(said[0]).toBe('nats was killed by SIGKILL');
    await kept.stop(never);
    await expect(fetch(`http://127.0.0.1:${kept.first.port}`)).rejects.toThrow();
    expect(said).toHaveLength(2);
  });

  it('throws when the first start fails', async () => {
    const open = (): Promise<never> => Promise.reject(new Error('no disk'));
    await expect(KeptServer.start('nats', undefined, { open, say: () => undefined })).rejects.toThrow('no disk');
  });
});
