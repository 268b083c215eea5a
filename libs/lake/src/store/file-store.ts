import type { BigIntStats } from 'node:fs';
import { link, open, stat, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RollcallError } from '@rollcall/kernel';
import { classified, classifyLakeError } from './classify-lake-error.js';
import { isErrno, makeDirectory, removeOld, syncDirectory, writeScratchFile } from './durable-file.js';
import { FileSwap } from './file-swap.js';
import { listFiles } from './list-files.js';
import { RESERVED_SEGMENT, checkKey, checkPrefix } from './object-key.js';
import type { ByteRange, Etag, ObjectStore, StoredBytes, StoredObject } from './object-store.js';

const CHUNK_BYTES = 256 * 1024;
/** Scratch files live for milliseconds, or until a disk answers. */
const LEFTOVER_MS = 24 * 3600 * 1000;

/**
 * A lake in a folder. A key is the path of a file; everything the store keeps for itself stands in `.rollcall/`.
 * Put-if-absent is a hard link to a synced scratch file, so an object is whole from its first moment. Safe for many processes of one machine.
 */
export class FileStore implements ObjectStore {
  readonly url: string;
  readonly #root: string;
  readonly #own: string;
  readonly #swap: FileSwap;
  #swept: Promise<void> | undefined;

  /** @param root an absolute path; made when it is not there and something is put */
  constructor(url: string, root: string) {
    this.url = url;
    this.#root = root;
    this.#own = join(root, RESERVED_SEGMENT);
    this.#swap = new FileSwap(this.#own);
  }

  async get(key: string, range?: ByteRange): Promise<StoredBytes | undefined> {
    return this.#opened(key, async (handle, before) => {
      const size = Number(before.size);
      const { from, to } = spanOf(range, size);
      const bytes = await readSpan(handle, from, to);
      const after = await handle.stat({ bigint: true });
      if (bytes.byteLength < to - from || etagOf(after) !== etagOf(before)) {
        throw new RollcallError('lake/conflict', `${key} was changed in place while it was read`);
      }
      return { bytes, etag: etagOf(before), size };
    });
  }

  async head(key: string): Promise<StoredObject | undefined> {
    const path = this.#path(key);
    return classified(`look at ${key}`, () =>
      absentAsUndefined(async () => {
        const stats = await stat(path, { bigint: true });
        return stats.isFile() ? storedObject(key, stats) : undefined;
      }),
    );
  }

  async stream(key: string, from = 0): Promise<AsyncIterable<Uint8Array> | undefined> {
    return (await this.head(key)) && chunksOf(key, this.#path(key), from);
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<{ created: boolean; etag: Etag }> {
    const path = this.#path(key);
    return classified(`put ${key}`, async () => {
      await (this.#swept ??= this.#sweep());
      const scratch = await writeScratchFile(join(this.#own, 'scratch'), bytes);
      try {
        const created = await linkNew(scratch, path);
        // Also when it was there: whoever put it may not have synced the directory yet, and we are about to rely on it.
        await syncDirectory(dirname(path));
        return { created, etag: etagOf(await stat(path, { bigint: true })) };
      } finally {
        await unlink(scratch);
      }
    });
  }

  async replace(key: string, bytes: Uint8Array, etag: Etag): Promise<{ replaced: boolean; etag: Etag }> {
    const path = this.#path(key);
    const current = async (): Promise<Etag> => (await this.head(key))?.etag ?? '';
    return classified(`replace ${key}`, async () => {
      // A version that is gone stays gone: no need for the lock to say no.
      const replaced =
        etag !== '' &&
        (await current()) === etag &&
        (await this.#swap.swap(path, bytes, async () => (await current()) === etag));
      return { replaced, etag: await current() };
    });
  }

  async *list(prefix: string, options: { readonly after?: string } = {}): AsyncIterable<StoredObject> {
    checkPrefix(prefix);
    try {
      for await (const { key, stats } of listFiles(this.#root, prefix, options.after)) yield storedObject(key, stats);
    } catch (error) {
      throw classifyLakeError(error, `list ${prefix}`);
    }
  }

  async delete(key: string): Promise<void> {
    const path = this.#path(key);
    await classified(`delete ${key}`, () =>
      absentAsUndefined(async () => {
        await unlink(path);
        await syncDirectory(dirname(path));
      }),
    );
  }

  /** What writers that were killed left behind. */
  async #sweep(): Promise<void> {
    for (const folder of ['scratch', 'locks']) await removeOld(join(this.#own, folder), LEFTOVER_MS);
  }

  #path(key: string): string {
    return join(this.#root, checkKey(key));
  }

  async #opened<T>(key: string, read: (handle: FileHandle, stats: BigIntStats) => Promise<T>): Promise<T | undefined> {
    const path = this.#path(key);
    return classified(`read ${key}`, async () => {
      const handle = await absentAsUndefined(() => openFile(path));
      if (!handle) return undefined;
      try {
        return await read(handle, await handle.stat({ bigint: true }));
      } finally {
        await handle.close();
      }
    });
  }
}

/** Inode, size and time of change: versions put by this store differ in the time, files changed in place by others in time or size. */
function etagOf(stats: BigIntStats): Etag {
  return `${stats.mtimeNs.toString(36)}-${stats.size.toString(36)}-${stats.ino.toString(36)}`;
}

function storedObject(key: string, stats: BigIntStats): StoredObject {
  return { key, size: Number(stats.size), etag: etagOf(stats), modifiedMs: Number(stats.mtimeMs) };
}

async function linkNew(scratch: string, path: string): Promise<boolean> {
  for (let madeDirectory = false; ; madeDirectory = true) {
    try {
      await link(scratch, path);
      return true;
    } catch (error) {
      if (isErrno(error, 'EEXIST')) return false;
      if (!isErrno(error, 'ENOENT') || madeDirectory) throw error;
      await makeDirectory(dirname(path));
    }
  }
}

/** A directory opens like a file: it is no object. */
async function openFile(path: string): Promise<FileHandle | undefined> {
  const handle = await open(path, 'r');
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  return undefined;
}

async function absentAsUndefined<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

function spanOf(range: ByteRange | undefined, size: number): { from: number; to: number } {
  if (!range) return { from: 0, to: size };
  const from = 'last' in range ? Math.max(0, size - range.last) : Math.min(range.from, size);
  return { from, to: 'last' in range ? size : Math.max(from, Math.min(range.to, size)) };
}

async function readSpan(handle: FileHandle, from: number, to: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(to - from);
  let filled = 0;
  while (filled < bytes.byteLength) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.byteLength - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** Opened when it is read: nothing is left open by who never does. */
async function* chunksOf(key: string, path: string, from: number): AsyncIterable<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    for (let at = from; ;) {
      const chunk = await readSpan(handle, at, at + CHUNK_BYTES);
      if (chunk.byteLength > 0) yield chunk;
      if (chunk.byteLength < CHUNK_BYTES) return;
      at += chunk.byteLength;
    }
  } catch (error) {
    if (isErrno(error, 'ENOENT')) throw new RollcallError('lake/not-found', `${key} is gone`, { cause: error });
    throw classifyLakeError(error, `read ${key}`);
  } finally {
    await handle?.close();
  }
}
