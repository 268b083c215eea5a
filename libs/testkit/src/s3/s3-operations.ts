import { getObject } from './get-object.js';
import { listObjects } from './list-objects.js';
import { copyObject, putObject } from './put-object.js';
import { xmlAnswer, type S3Answer } from './s3-answer.js';
import type { S3Body } from './s3-body.js';
import type { Bucket, S3Buckets } from './s3-buckets.js';
import { S3Error } from './s3-error.js';
import { headerOf, type S3Request } from './s3-request.js';
import { xmlTexts } from './s3-xml.js';

/** Does what a verified request asks. Synchronous: requests take effect one after the other. */
export function perform(request: S3Request, body: S3Body, buckets: S3Buckets, nowMs: number): S3Answer {
  if (request.bucket === '') return listBuckets(buckets);
  if (request.key === '') return onBucket(request, body, buckets);
  return onObject(request, body, buckets.get(request.bucket), buckets, nowMs);
}

function listBuckets(buckets: S3Buckets): S3Answer {
  return xmlAnswer('ListAllMyBucketsResult', { Buckets: { Bucket: buckets.names().map((Name) => ({ Name })) } });
}

function onBucket(request: S3Request, body: S3Body, buckets: S3Buckets): S3Answer {
  const { method, bucket, query } = request;
  switch (method) {
    case 'PUT':
      buckets.create(bucket);
      return { status: 200, headers: { location: `/${bucket}` } };
    case 'HEAD':
      buckets.get(bucket);
      return { status: 200 };
    case 'DELETE':
      buckets.delete(bucket);
      return { status: 204 };
    case 'POST':
      if (!query.has('delete')) break;
      return deleteObjects(body, buckets.get(bucket));
    case 'GET':
      if (query.has('uploads')) return buckets.get(bucket).uploads.list(request);
      if (query.has('location')) return xmlAnswer('LocationConstraint', { LocationConstraint: 'us-east-1' });
      if (query.get('list-type') === '2') return listObjects(request, buckets.get(bucket).objects);
      break;
  }
  throw new S3Error('NotImplemented', `${method} of a bucket with ${[...query.keys()].join(', ') || 'nothing'}`);
}

function onObject(request: S3Request, body: S3Body, bucket: Bucket, buckets: S3Buckets, nowMs: number): S3Answer {
  const { method, key, query } = request;
  const { objects, uploads } = bucket;
  switch (method) {
    case 'GET':
    case 'HEAD':
      return getObject(request, objects);
    case 'PUT':
      if (query.has('uploadId')) return uploads.putPart(request, body, nowMs);
      if (headerOf(request, 'x-amz-copy-source') !== undefined) return copy(request, objects, buckets, nowMs);
      return putObject(request, objects, body, nowMs);
    case 'POST':
      if (query.has('uploads')) return uploads.create(request);
      if (query.has('uploadId')) return uploads.complete(request, body, objects, nowMs);
      break;
    case 'DELETE':
      if (query.has('uploadId')) return uploads.abort(request);
      objects.delete(key);
      return { status: 204 };
  }
  throw new S3Error('MethodNotAllowed');
}

function copy(request: S3Request, objects: Bucket['objects'], buckets: S3Buckets, nowMs: number): S3Answer {
  const path = decodeURIComponent(headerOf(request, 'x-amz-copy-source') ?? '').replace(/^\//, '');
  const cut = path.indexOf('/');
  const from = buckets.get(path.slice(0, Math.max(0, cut))).objects;
  const source = from.get(path.slice(cut + 1));
  if (!source) throw new S3Error('NoSuchKey');
  return copyObject(request, source, from.read(source.key, 0, source.size), objects, nowMs);
}

function deleteObjects(body: S3Body, { objects }: Bucket): S3Answer {
  const keys = xmlTexts(body.bytes.toString('utf8'), 'Key');
  if (keys.length === 0 || keys.length > 1000) throw new S3Error('MalformedXML');
  for (const key of keys) objects.delete(key);
  return xmlAnswer('DeleteResult', { Deleted: keys.map((Key) => ({ Key })) });
}
