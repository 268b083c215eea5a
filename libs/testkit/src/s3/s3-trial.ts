import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

/** A bucket to try. Only keys below `prefix` are touched, and removed at the end. */
export interface S3Target {
  /** Left out: AWS. */
  readonly endpoint?: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly bucket: string;
  /** Ends with a slash. */
  readonly prefix: string;
}

/** What a check works with. */
export interface S3Trial {
  readonly client: S3Client;
  /** The same access key with a wrong secret. */
  readonly stranger: S3Client;
  readonly bucket: string;
  /** A key of this trial. */
  key(name: string): { readonly Bucket: string; readonly Key: string };
  /** Removes all that the trial made. */
  end(): Promise<void>;
}

/** One thing that Rollcall needs of an S3. `check` throws when the store does otherwise. */
export interface S3Check {
  readonly name: string;
  check(trial: S3Trial): Promise<void>;
}

export function s3Client({ endpoint, region, accessKeyId, secretAccessKey }: S3Target): S3Client {
  return new S3Client({
    region,
    credentials: { accessKeyId, secretAccessKey },
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
  });
}

export function s3Trial(target: S3Target): S3Trial {
  const client = s3Client(target);
  const stranger = s3Client({ ...target, secretAccessKey: 'not-the-secret' });
  const { bucket, prefix } = target;
  return {
    client,
    stranger,
    bucket,
    key: (name) => ({ Bucket: bucket, Key: prefix + name }),
    async end() {
      for (const Key of await keysOf({ client, bucket }, prefix)) {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
      }
      client.destroy();
      stranger.destroy();
    },
  };
}

/** All keys with a prefix, over all pages. */
export async function keysOf(
  { client, bucket }: Pick<S3Trial, 'client' | 'bucket'>,
  Prefix: string,
  MaxKeys?: number,
): Promise<string[]> {
  const keys: string[] = [];
  for (let ContinuationToken: string | undefined; ;) {
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, ContinuationToken, MaxKeys }));
    keys.push(...(page.Contents ?? []).flatMap((o) => o.Key ?? []));
    if (!page.IsTruncated) return keys;
    ContinuationToken = page.NextContinuationToken;
  }
}

/** An object's bytes. */
export async function read({ client }: Pick<S3Trial, 'client'>, at: { Bucket: string; Key: string }): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand(at));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** 200 when it went well, else the status of the refusal. */
export async function statusOf(call: Promise<unknown>): Promise<number | undefined> {
  try {
    await call;
    return 200;
  } catch (error) {
    if (error instanceof S3ServiceException) return error.$metadata.httpStatusCode;
    throw error;
  }
}

/** Bytes that are the same in every run and do not compress away. */
export function bytesOf(length: number): Buffer {
  const out = Buffer.alloc(length);
  for (let i = 0, state = length | 1; i < length; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    out[i] = state >>> 24;
  }
  return out;
}
