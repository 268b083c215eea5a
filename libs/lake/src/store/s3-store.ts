import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  type GetObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { RollcallError } from '@rollcall/kernel';
import { classified, classifyLakeError } from './classify-lake-error.js';
import { checkKey, checkPrefix } from './object-key.js';
import type { ByteRange, Etag, ObjectStore, StoredBytes, StoredObject } from './object-store.js';

export interface S3Settings {
  /** AWS_ENDPOINT_URL_S3: any S3 that is not AWS. Buckets are then addressed by path. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
}

/** The AWS client. It retries by itself (5 tries, with backoff); sockets that say nothing for 30 s are given up. */
export function s3Client(settings: S3Settings): S3Client {
  const { endpoint, accessKeyId, secretAccessKey, sessionToken } = settings;
  return new S3Client({
    maxAttempts: 5,
    requestHandler: {
      connectionTimeout: 5_000,
      socketTimeout: 30_000,
      httpsAgent: { maxSockets: 32 },
      httpAgent: { maxSockets: 32 },
    },
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true, region: 'us-east-1' }),
    ...(settings.region !== undefined && { region: settings.region }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && {
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
      }),
  });
}

/** A lake in a bucket. Atomic by conditional PUT; every body travels with a CRC32 both ways. */
export class S3Store implements ObjectStore {
  readonly url: string;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  /** @param prefix '' or a prefix that ends with a slash */
  constructor(url: string, client: S3Client, bucket: string, prefix: string) {
    this.url = url;
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  async get(key: string, range?: ByteRange): Promise<StoredBytes | undefined> {
    const at = this.#at(key);
    if (range && spanIsEmpty(range)) return this.#nothingOf(key);
    return classified(`read ${key}`, async () => {
      try {
        const answer = await this.#client.send(
          new GetObjectCommand({ ...at, ...(range && { Range: rangeHeader(range) }) }),
        );
        const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
        return { bytes, etag: etagIn(answer, key), size: sizeIn(answer, bytes.byteLength) };
      } catch (error) {
        if (statusOf(error) === 416) return this.#nothingOf(key);
        return absent(error);
      }
    });
  }

  async head(key: string): Promise<StoredObject | undefined> {
    const at = this.#at(key);
    return classified(`look at ${key}`, async () => {
      try {
        const answer = await this.#client.send(new HeadObjectCommand(at));
        return {
          key,
          size: answer.ContentLength ?? 0,
          etag: etagIn(answer, key),
          modifiedMs: answer.LastModified?.getTime() ?? 0,
        };
      } catch (error) {
        return absent(error);
      }
    });
  }

  async stream(key: string, from = 0): Promise<AsyncIterable<Uint8Array> | undefined> {
    const at = this.#at(key);
    const body = await classified(`read ${key}`, async () => {
      try {
        return (await this.#client.send(new GetObjectCommand({ ...at, ...(from > 0 && { Range: `bytes=${from}-` }) })))
          .Body;
      } catch (error) {
        return statusOf(error) === 416 ? NO_BYTES : absent(error);
      }
    });
    return body && chunksOf(key, body);
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<{ created: boolean; etag: Etag }> {
    const put = await this.#put(key, bytes, { IfNoneMatch: '*' });
    if (put !== undefined) return { created: true, etag: put };
    const standing = await this.head(key);
    // Refused, and gone by the time we look: it is absent now.
    return standing ? { created: false, etag: standing.etag } : this.putIfAbsent(key, bytes);
  }

  async replace(key: string, bytes: Uint8Array, etag: Etag): Promise<{ replaced: boolean; etag: Etag }> {
    const put = etag === '' ? undefined : await this.#put(key, bytes, { IfMatch: etag });
    if (put !== undefined) return { replaced: true, etag: put };
    return { replaced: false, etag: (await this.head(key))?.etag ?? '' };
  }

  async *list(prefix: string, options: { readonly after?: string } = {}): AsyncIterable<StoredObject> {
    checkPrefix(prefix);
    const start = {
      Bucket: this.#bucket,
      Prefix: this.#prefix + prefix,
      ...(options.after && { StartAfter: this.#prefix + options.after }),
    };
    let token: string | undefined;
    do {
      const page = await classified(`list ${prefix}`, () =>
        this.#client.send(
          new ListObjectsV2Command({ ...start, ...(token !== undefined && { ContinuationToken: token }) }),
        ),
      );
      for (const { Key, Size, ETag, LastModified } of page.Contents ?? []) {
        // Keys with a trailing slash are what consoles make of "folders".
        if (Key === undefined || Key.endsWith('/')) continue;
        yield {
          key: Key.slice(this.#prefix.length),
          size: Size ?? 0,
          etag: ETag ?? '',
          modifiedMs: LastModified?.getTime() ?? 0,
        };
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  async delete(key: string): Promise<void> {
    const at = this.#at(key);
    await classified(`delete ${key}`, () => this.#client.send(new DeleteObjectCommand(at)));
  }

  /** The new etag, or undefined when the condition does not hold. */
  async #put(
    key: string,
    bytes: Uint8Array,
    condition: { IfNoneMatch: '*' } | { IfMatch: Etag },
  ): Promise<Etag | undefined> {
    const at = this.#at(key);
    return classified(`put ${key}`, async () => {
      try {
        const put = new PutObjectCommand({
          ...at,
          ...condition,
          Body: bytes,
          ContentLength: bytes.byteLength,
          ChecksumAlgorithm: 'CRC32',
        });
        return etagIn(await this.#client.send(put), key);
      } catch (error) {
        // 412: the condition does not hold. 404: If-Match on a key that is not there.
        if (statusOf(error) === 412 || (statusOf(error) === 404 && isNamed(error, 'NoSuchKey'))) return undefined;
        throw error;
      }
    });
  }

  async #nothingOf(key: string): Promise<StoredBytes | undefined> {
    const found = await this.head(key);
    return found && { bytes: new Uint8Array(), etag: found.etag, size: found.size };
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: this.#prefix + checkKey(key) };
  }
}

const NO_BYTES: AsyncIterable<Uint8Array> = {
  async *[Symbol.asyncIterator]() {
    // Nothing stands behind the offset asked for.
  },
};

async function* chunksOf(key: string, body: unknown): AsyncIterable<Uint8Array> {
  try {
    if (!isChunked(body)) throw new TypeError('the S3 client gave no readable body');
    for await (const chunk of body) yield chunk;
  } catch (error) {
    throw classifyLakeError(error, `read ${key}`);
  }
}

function isChunked(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

function rangeHeader(range: ByteRange): string {
  return 'last' in range ? `bytes=-${range.last}` : `bytes=${range.from}-${range.to - 1}`;
}

function spanIsEmpty(range: ByteRange): boolean {
  return 'last' in range ? range.last <= 0 : range.to <= range.from;
}

function sizeIn(answer: GetObjectCommandOutput, read: number): number {
  const total = /\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1];
  return total === undefined ? read : Number(total);
}

function etagIn(answer: { readonly ETag?: string | undefined }, key: string): Etag {
  if (!answer.ETag) throw new RollcallError('lake/no-conditional-put', `the store gives no ETag for ${key}`);
  return answer.ETag;
}

function absent(error: unknown): undefined {
  if (statusOf(error) === 404 && !isNamed(error, 'NoSuchBucket')) return undefined;
  throw error;
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
