import { xmlAnswer, type S3Answer } from './s3-answer.js';
import type { BucketObjects, ObjectHead } from './s3-objects.js';
import { S3Error } from './s3-error.js';
import type { S3Request } from './s3-request.js';

const MAX_KEYS = 1000;

/** ListObjectsV2: prefix, delimiter, start-after, paging by token, url encoding of keys. */
export function listObjects(request: S3Request, objects: BucketObjects): S3Answer {
  const asked = (name: string): string => request.query.get(name) ?? '';
  const maxKeys = Math.min(MAX_KEYS, Number(request.query.get('max-keys') ?? MAX_KEYS));
  if (!Number.isInteger(maxKeys) || maxKeys < 0) throw new S3Error('InvalidArgument', 'max-keys');
  const token = asked('continuation-token');
  const after = token ? Buffer.from(token, 'base64url').toString('utf8') : asked('start-after');
  const { contents, prefixes, last, truncated } = page(
    objects.all(),
    asked('prefix'),
    asked('delimiter'),
    after,
    maxKeys,
  );
  const shown = asked('encoding-type') === 'url' ? encodeURIComponent : (text: string): string => text;
  return xmlAnswer('ListBucketResult', {
    Name: request.bucket,
    Prefix: shown(asked('prefix')),
    ...(asked('delimiter') && { Delimiter: shown(asked('delimiter')) }),
    ...(asked('encoding-type') && { EncodingType: asked('encoding-type') }),
    MaxKeys: maxKeys,
    KeyCount: contents.length + prefixes.length,
    IsTruncated: truncated,
    ...(truncated && { NextContinuationToken: Buffer.from(last).toString('base64url') }),
    Contents: contents.map((o) => ({
      Key: shown(o.key),
      LastModified: new Date(o.modifiedMs).toISOString(),
      ETag: o.etag,
      Size: o.size,
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: prefixes.map((p) => ({ Prefix: shown(p) })),
  });
}

function page(
  all: readonly ObjectHead[],
  prefix: string,
  delimiter: string,
  after: string,
  maxKeys: number,
): { contents: ObjectHead[]; prefixes: string[]; last: string; truncated: boolean } {
  const contents: ObjectHead[] = [];
  const prefixes: string[] = [];
  let last = after;
  for (const object of all) {
    if (!object.key.startsWith(prefix) || !isAfter(object.key, after)) continue;
    const cut = delimiter ? object.key.indexOf(delimiter, prefix.length) : -1;
    const common = cut < 0 ? undefined : object.key.slice(0, cut + delimiter.length);
    // Keys of a common prefix that was given already, on this page or an earlier one.
    if (common !== undefined && (prefixes.at(-1) === common || after.startsWith(common))) {
      last = object.key;
      continue;
    }
    if (contents.length + prefixes.length >= maxKeys) return { contents, prefixes, last, truncated: maxKeys > 0 };
    if (common === undefined) contents.push(object);
    else prefixes.push(common);
    last = object.key;
  }
  return { contents, prefixes, last, truncated: false };
}

function isAfter(key: string, after: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0;
}
