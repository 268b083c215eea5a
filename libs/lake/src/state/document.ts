import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, RollcallError } from '@rollcall/kernel';
import type { z } from 'zod';
import type { Etag, ObjectStore } from '../store/object-store.js';

/** A small JSON object of the lake's state, with the version it was read at. */
export interface Document<T> {
  readonly value: T;
  readonly etag: Etag;
}

const MAX_SWAPS = 12;

/** Reads a document; undefined when there is none. Code `lake/corrupt` when it is not of its schema. */
export async function readDocument<S extends z.ZodType>(
  store: ObjectStore,
  key: string,
  schema: S,
): Promise<Document<z.output<S>> | undefined> {
  const found = await store.get(key);
  if (!found) return undefined;
  const parsed = schema.safeParse(parseJson(found.bytes));
  if (!parsed.success)
    throw new RollcallError('lake/corrupt', `document ${key} in ${store.url} is not of its form`, {
      cause: parsed.error,
    });
  return { value: parsed.data, etag: found.etag };
}

/** Creates a document where there is none; false when there is one. */
export async function createDocument(
  store: ObjectStore,
  key: string,
  value: unknown,
): Promise<Document<unknown> | undefined> {
  const { created, etag } = await store.putIfAbsent(key, jsonBytes(value));
  return created ? { value, etag } : undefined;
}

/** Replaces the version `etag` of a document. Code `lake/conflict` when somebody else was first. Gives the new etag. */
export async function writeDocument(store: ObjectStore, key: string, value: unknown, etag: Etag): Promise<Etag> {
  const swap = await store.replace(key, jsonBytes(value), etag);
  if (!swap.replaced) throw new RollcallError('lake/conflict', `document ${key} was changed by somebody else`);
  return swap.etag;
}

/**
 * Read, change, swap - again and again until no one came in between. `change` is pure and may be called several times; undefined = leave as it is.
 * Code `lake/conflict` after 12 tries.
 */
export async function updateDocument<S extends z.ZodType>(
  store: ObjectStore,
  key: string,
  schema: S,
  change: (current: z.output<S> | undefined) => z.output<S> | undefined,
): Promise<Document<z.output<S>> | undefined> {
  for (let tries = 1; tries <= MAX_SWAPS; tries += 1) {
    const current = await readDocument(store, key, schema);
    const value = change(current?.value);
    if (value === undefined) return current;
    const bytes = jsonBytes(value);
    if (current) {
      const { replaced, etag } = await store.replace(key, bytes, current.etag);
      if (replaced) return { value, etag };
    } else {
      const { created, etag } = await store.putIfAbsent(key, bytes);
      if (created) return { value, etag };
    }
    await sleep(backoffMs(tries, Math.random()) / 25);
  }
  throw new RollcallError('lake/conflict', `document ${key} is being changed by too many at once`);
}

function jsonBytes(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    // No JSON is not of any schema: the caller names the document.
    return undefined;
  }
}
