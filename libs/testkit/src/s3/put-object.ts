import { createHash } from 'node:crypto';
import { S3Error } from './s3-error.js';
import { xmlAnswer, type S3Answer } from './s3-answer.js';
import type { S3Body } from './s3-body.js';
import type { BucketObjects, ObjectHead } from './s3-objects.js';
import { headerOf, type S3Request } from './s3-request.js';

const KEPT = ['content-type', 'content-encoding', 'content-disposition', 'cache-control'];

/** PUT of an object. The condition is checked and the object put in one turn: of many that race, one wins. */
export function putObject(request: S3Request, objects: BucketObjects, body: S3Body, nowMs: number): S3Answer {
  const etag = `"${createHash('md5').update(body.bytes).digest('hex')}"`;
  const head: ObjectHead = {
    key: request.key,
    size: body.bytes.byteLength,
    etag,
    modifiedMs: nowMs,
    crc32: body.crc32,
    headers: keptHeaders(request),
  };
  checkConditions(request, objects);
  objects.put(head, body.bytes);
  return { status: 200, headers: { etag, 'x-amz-checksum-crc32': body.crc32 } };
}

/** PUT with x-amz-copy-source, inside this server. */
export function copyObject(
  request: S3Request,
  source: ObjectHead,
  bytes: Uint8Array,
  objects: BucketObjects,
  nowMs: number,
): S3Answer {
  checkConditions(request, objects);
  objects.put({ ...source, key: request.key, modifiedMs: nowMs }, bytes);
  return xmlAnswer('CopyObjectResult', { ETag: source.etag, LastModified: new Date(nowMs).toISOString() });
}

/** If-None-Match: * and If-Match, as of October 2024. */
export function checkConditions(request: S3Request, objects: BucketObjects): void {
  const standing = objects.get(request.key);
  const noneMatch = headerOf(request, 'if-none-match');
  if (noneMatch !== undefined && noneMatch !== '*') throw new S3Error('NotImplemented', 'If-None-Match takes * only');
  if (noneMatch === '*' && standing) throw new S3Error('PreconditionFailed');
  const match = headerOf(request, 'if-match');
  if (match === undefined) return;
  if (!standing) throw new S3Error('NoSuchKey');
  if (match !== standing.etag && match !== standing.etag.replaceAll('"', '')) throw new S3Error('PreconditionFailed');
}

export function keptHeaders(request: S3Request): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of Object.keys(request.headers)) {
    if (!KEPT.includes(name) && !name.startsWith('x-amz-meta-')) continue;
    // aws-chunked is how it travelled, not what it is.
    const value = (headerOf(request, name) ?? '').replace(/^aws-chunked,?/, '');
    if (value !== '') kept[name] = value;
  }
  return kept;
}
