import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Makes what a directory says of its entries survive a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a directory and its parents, each durable in its own parent. */
export async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; ; made = dirname(made)) {
    await syncDirectory(dirname(made));
    if (made === first) return;
  }
}

/** Writes a new file under a name nobody has, content synced, and returns its path. */
export async function writeScratchFile(directory: string, bytes: Uint8Array): Promise<string> {
  const path = join(directory, randomName());
  let handle: FileHandle;
  try {
    handle = await open(path, 'wx', 0o644);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    await makeDirectory(directory);
    handle = await open(path, 'wx', 0o644);
  }
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return path;
}

/** Removes the entries of a directory that nobody touched for so long; a directory that is not there has none. */
export async function removeOld(directory: string, olderThanMs: number): Promise<void> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
  for (const name of names) {
    const path = join(directory, name);
    try {
      if (Date.now() - (await stat(path)).ctimeMs > olderThanMs) await rm(path, { recursive: true, force: true });
    } catch (error) {
      // Somebody else's, or gone by now: leftovers are no reason not to write.
      if (!isErrno(error, 'EACCES', 'EPERM', 'ENOENT', 'ENOTEMPTY')) throw error;
    }
  }
}

export function randomName(): string {
  return randomBytes(9).toString('hex');
}

export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
