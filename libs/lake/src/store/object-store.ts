/** Part of an object: bytes [from, to), or its last bytes. A range past the end gives what there is. */
export type ByteRange = { readonly from: number; readonly to: number } | { readonly last: number };

/** Says which version of an object this is. Opaque; equal only for the same version of the same key in the same store. */
export type Etag = string;

export interface StoredBytes {
  readonly bytes: Uint8Array;
  readonly etag: Etag;
  /** Size of the whole object, whatever range was asked for. */
  readonly size: number;
}

export interface StoredObject {
  readonly key: string;
  readonly size: number;
  readonly etag: Etag;
  /** Milliseconds since 1970 of the last change, by the store's clock. */
  readonly modifiedMs: number;
}

/**
 * Where objects stand: a folder or a bucket. An object is there whole or not at all, and durable when a put returns.
 * Failures of the world are RollcallErrors `lake/*`; an absent object is `undefined`, never an error.
 */
export interface ObjectStore {
  /** The address it was opened with, without credentials. */
  readonly url: string;
  get(key: string, range?: ByteRange): Promise<StoredBytes | undefined>;
  head(key: string): Promise<StoredObject | undefined>;
  /** The bytes from `from` (default 0) on, in chunks, however big the object is. */
  stream(key: string, from?: number): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Puts an object where none is. `created: false`: one was there and was left alone; the etag is that one's. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<{ readonly created: boolean; readonly etag: Etag }>;
  /**
   * Compare and swap: replaces the version `etag` names, or says no and gives the etag that stands there ('' when nothing does).
   * A no can follow a swap that did happen and whose answer was lost: read again before deciding.
   */
  replace(key: string, bytes: Uint8Array, etag: Etag): Promise<{ readonly replaced: boolean; readonly etag: Etag }>;
  /** Objects whose key starts with `prefix`, in byte order of their keys, those after key `after` only. */
  list(prefix: string, options?: { readonly after?: string }): AsyncIterable<StoredObject>;
  /** Deletes; an absent object is no error. */
  delete(key: string): Promise<void>;
}
