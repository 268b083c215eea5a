import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { RollcallError } from '@rollcall/kernel';

/** Where an export goes. */
export interface WriteTarget {
  write(bytes: Uint8Array): Promise<void>;
  /** The export is whole: from now on it can be seen. */
  finish(): Promise<void>;
  /** It is not, and nothing of it stays. */
  abandon(): Promise<void>;
}

/** Standard output: what was written was written. */
export function streamTarget(write: (bytes: Uint8Array) => Promise<void>): WriteTarget {
  return { write, finish: async () => undefined, abandon: async () => undefined };
}

/**
 * A file that appears whole or not at all: written beside its place, synced, renamed.
 * @throws RollcallError config/invalid when the folder cannot be written to
 */
export async function fileTarget(path: string): Promise<WriteTarget> {
  const draft = `${path}.${randomBytes(4).toString('hex')}.partial`;
  const file = await open(draft, 'wx').catch((cause: unknown) => {
    throw new RollcallError('config/invalid', `${path} cannot be written`, { cause });
  });
  return {
    async write(bytes) {
      await file.writeFile(bytes);
    },
    async finish() {
      await file.sync();
      await file.close();
      await rename(draft, path);
    },
    async abandon() {
      await file.close();
      await rm(draft, { force: true });
    },
  };
}
