import type { BigIntStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from './durable-file.js';
import { RESERVED_SEGMENT } from './object-key.js';

export interface ListedFile {
  readonly key: string;
  readonly stats: BigIntStats;
}

/**
 * Files below `root` whose key starts with `prefix` and comes after `after`, in byte order of their keys (as S3 lists).
 * Lazy: a directory is read when the walk comes to it, and not at all when none of its keys can be wanted.
 */
export async function* listFiles(root: string, prefix: string, after = ''): AsyncIterable<ListedFile> {
  yield* walk(root, '', Buffer.from(prefix), Buffer.from(after));
}

async function* walk(root: string, folder: string, prefix: Buffer, after: Buffer): AsyncIterable<ListedFile> {
  for (const { key, isFolder } of await entriesOf(root, folder)) {
    const bytes = Buffer.from(key);
    if (isFolder) {
      const mayHoldPrefix = startsWith(bytes, prefix) || startsWith(prefix, bytes);
      const mayComeAfter = bytes.compare(after) > 0 || startsWith(after, bytes);
      if (mayHoldPrefix && mayComeAfter) yield* walk(root, key, prefix, after);
    } else if (startsWith(bytes, prefix) && bytes.compare(after) > 0) {
      const stats = await statOf(join(root, key));
      if (stats?.isFile()) yield { key, stats };
    }
  }
}

/** Entries as keys, folders with their slash, in byte order: so `a.b` comes before `a/b`. */
async function entriesOf(root: string, folder: string): Promise<{ key: string; isFolder: boolean }[]> {
  try {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    return entries
      .filter((e) => e.name !== RESERVED_SEGMENT && (e.isDirectory() || e.isFile()))
      .map((e) => ({ key: folder + e.name + (e.isDirectory() ? '/' : ''), isFolder: e.isDirectory() }))
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

async function statOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.subarray(0, prefix.byteLength).equals(prefix);
}
