import { S3Error } from './s3-error.js';
import type { S3Answer } from './s3-answer.js';
import type { BucketObjects, ObjectHead } from './s3-objects.js';
import { headerOf, type S3Request } from './s3-request.js';

/** GET and HEAD of an object: conditions, one range (also a suffix), checksums when asked for. */
export function getObject(request: S3Request, objects: BucketObjects): S3Answer {
  const object = objects.get(request.key);
  if (!object) throw new S3Error('NoSuchKey');
  const match = headerOf(request, 'if-match');
  if (match !== undefined && match !== '*' && match !== object.etag) throw new S3Error('PreconditionFailed');
  const noneMatch = headerOf(request, 'if-none-match');
  if (noneMatch !== undefined && (noneMatch === '*' || noneMatch === object.etag))
    return { status: 304, headers: { etag: object.etag } };
  const span = parseRange(headerOf(request, 'range'), object.size);
  const { from, to } = span ?? { from: 0, to: object.size };
  const wantsChecksum = headerOf(request, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  return {
    status: span ? 206 : 200,
    headers: {
      ...headersOf(object),
      'content-length': String(to - from),
      ...(span && { 'content-range': `bytes ${from}-${to - 1}/${object.size}` }),
      ...(wantsChecksum && !span && object.crc32 !== undefined && { 'x-amz-checksum-crc32': object.crc32 }),
    },
    ...(request.method === 'GET' && { body: objects.read(object.key, from, to) }),
  };
}

function headersOf(object: ObjectHead): Record<string, string> {
  return {
    'content-type': 'binary/octet-stream',
    ...object.headers,
    etag: object.etag,
    'last-modified': new Date(object.modifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
  };
}

/** [from, to); undefined for no range, or one that is not understood and so is ignored, as HTTP has it. */
function parseRange(header: string | undefined, size: number): { from: number; to: number } | undefined {
  const parts = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!parts) return undefined;
  const [, first = '', last = ''] = parts;
  if (first === '' && last === '') return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (from >= size || to <= from) throw new S3Error('InvalidRange');
  return { from, to };
}
