import { createHash, randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is known of an object beside its bytes. The first line of its file, as JSON. */
export interface ObjectHead {
  readonly key: string;
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly modifiedMs: number;
  readonly crc32?: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Entry extends ObjectHead {
  readonly file: string;
  readonly bodyAt: number;
}

/**
 * The objects of one bucket: a file each (a line of JSON, then the bytes), and an index in memory that is read back at start.
 * `put` and `delete` are synchronous, so a condition checked in the same turn cannot be overtaken.
 */
export class BucketObjects {
  readonly #folder: string;
  readonly #index = new Map<string, Entry>();
  #sorted: readonly Entry[] | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(folder)) {
      const path = join(folder, file);
      // A put that was cut off by a crash.
      if (file.endsWith('.new')) rmSync(path);
      else this.#add(readEntry(path));
    }
  }

  get(key: string): ObjectHead | undefined {
    return this.#index.get(key);
  }

  /** In byte order of the keys. */
  all(): readonly ObjectHead[] {
    this.#sorted ??= [...this.#index.values()].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
    return this.#sorted;
  }

  /** Synchronous, so that bytes and head are of one version. */
  read(key: string, from: number, to: number): Buffer {
    const entry = this.#index.get(key);
    if (!entry) throw new Error(`no object ${key}`);
    const bytes = Buffer.alloc(to - from);
    const descriptor = openSync(entry.file, 'r');
    try {
      const read = readSync(descriptor, bytes, 0, bytes.byteLength, entry.bodyAt + from);
      if (read !== bytes.byteLength) throw new Error(`object ${key} is shorter than its head says`);
      return bytes;
    } finally {
      closeSync(descriptor);
    }
  }

  put(head: ObjectHead, bytes: Uint8Array): void {
    const file = join(this.#folder, createHash('sha256').update(head.key).digest('hex'));
    const line = Buffer.from(`${JSON.stringify(head)}\n`);
    const scratch = `${file}.${randomUUID()}.new`;
    writeFileSync(scratch, Buffer.concat([line, bytes]));
    renameSync(scratch, file);
    this.#add({ ...head, file, bodyAt: line.byteLength });
  }

  delete(key: string): void {
    const entry = this.#index.get(key);
    if (!entry) return;
    rmSync(entry.file);
    this.#index.delete(key);
    this.#sorted = undefined;
  }

  #add(entry: Entry): void {
    this.#index.set(entry.key, entry);
    this.#sorted = undefined;
  }
}

function readEntry(file: string): Entry {
  const line = firstLine(file);
  return { ...(JSON.parse(line.toString()) as ObjectHead), file, bodyAt: line.byteLength + 1 };
}

/** Heads are small: a key of at most 1 KiB and a few headers. */
function firstLine(file: string): Buffer {
  const start = Buffer.alloc(64 * 1024);
  const descriptor = openSync(file, 'r');
  try {
    const read = start.subarray(0, readSync(descriptor, start));
    const end = read.indexOf('\n');
    if (end < 0) throw new Error(`${file} does not begin with the head of an object`);
    return read.subarray(0, end);
  } finally {
    closeSync(descriptor);
  }
}
