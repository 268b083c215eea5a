import { createHash, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32Base64, type S3Body } from './s3-body.js';
import { S3Error } from './s3-error.js';
import { xmlAnswer, type S3Answer } from './s3-answer.js';
import { checkConditions, keptHeaders } from './put-object.js';
import { BucketObjects } from './s3-objects.js';
import type { S3Request } from './s3-request.js';
import { xmlBlocks, xmlTexts } from './s3-xml.js';

const MIN_PART_BYTES = 5 * 1024 * 1024;

interface Upload {
  readonly key: string;
  readonly folder: string;
  readonly parts: BucketObjects;
  readonly headers: Record<string, string>;
}

/** Multipart uploads of one bucket. Finished objects are kept; uploads that are under way end with the process. */
export class MultipartUploads {
  readonly #folder: string;
  readonly #uploads = new Map<string, Upload>();

  constructor(folder: string) {
    this.#folder = folder;
    rmSync(folder, { recursive: true, force: true });
  }

  create(request: S3Request): S3Answer {
    const id = randomUUID();
    const folder = join(this.#folder, id);
    this.#uploads.set(id, {
      key: request.key,
      folder,
      parts: new BucketObjects(folder),
      headers: keptHeaders(request),
    });
    return xmlAnswer('InitiateMultipartUploadResult', { Bucket: request.bucket, Key: request.key, UploadId: id });
  }

  putPart(request: S3Request, body: S3Body, nowMs: number): S3Answer {
    const { upload } = this.#of(request);
    const number = Number(request.query.get('partNumber'));
    if (!Number.isInteger(number) || number < 1 || number > 10_000) throw new S3Error('InvalidArgument', 'partNumber');
    const etag = `"${createHash('md5').update(body.bytes).digest('hex')}"`;
    upload.parts.put(
      { key: String(number), size: body.bytes.byteLength, etag, modifiedMs: nowMs, headers: {} },
      body.bytes,
    );
    return { status: 200, headers: { etag, 'x-amz-checksum-crc32': body.crc32 } };
  }

  complete(request: S3Request, body: S3Body, objects: BucketObjects, nowMs: number): S3Answer {
    const { id, upload } = this.#of(request);
    const named = xmlBlocks(body.bytes.toString('utf8'), 'Part').map((part) => ({
      number: Number(xmlTexts(part, 'PartNumber')[0]),
      etag: xmlTexts(part, 'ETag')[0] ?? '',
    }));
    if (named.length === 0) throw new S3Error('MalformedXML');
    const parts = named.map(({ number, etag }, i) => {
      const part = upload.parts.get(String(number));
      if (!part || part.etag.replaceAll('"', '') !== etag.replaceAll('"', ''))
        throw new S3Error('InvalidPart', `part ${number}`);
      if (number <= (named[i - 1]?.number ?? 0)) throw new S3Error('InvalidPartOrder');
      if (i < named.length - 1 && part.size < MIN_PART_BYTES)
        throw new S3Error('InvalidPart', `part ${number} is under 5 MiB`);
      return { part, bytes: upload.parts.read(part.key, 0, part.size) };
    });
    const bytes = Buffer.concat(parts.map((p) => p.bytes));
    const md5s = Buffer.concat(parts.map(({ part }) => Buffer.from(part.etag.replaceAll('"', ''), 'hex')));
    const etag = `"${createHash('md5').update(md5s).digest('hex')}-${parts.length}"`;
    checkConditions(request, objects);
    const head = {
      key: upload.key,
      size: bytes.byteLength,
      etag,
      modifiedMs: nowMs,
      crc32: crc32Base64(bytes),
      headers: upload.headers,
    };
    objects.put(head, bytes);
    this.#drop(id, upload);
    return xmlAnswer('CompleteMultipartUploadResult', { Bucket: request.bucket, Key: upload.key, ETag: etag });
  }

  abort(request: S3Request): S3Answer {
    const { id, upload } = this.#of(request);
    this.#drop(id, upload);
    return { status: 204 };
  }

  list(request: S3Request): S3Answer {
    const uploads = [...this.#uploads].map(([id, { key }]) => ({ Key: key, UploadId: id }));
    return xmlAnswer('ListMultipartUploadsResult', { Bucket: request.bucket, IsTruncated: false, Upload: uploads });
  }

  #of(request: S3Request): { id: string; upload: Upload } {
    const id = request.query.get('uploadId') ?? '';
    const upload = this.#uploads.get(id);
    if (upload?.key !== request.key) throw new S3Error('NoSuchUpload');
    return { id, upload };
  }

  #drop(id: string, upload: Upload): void {
    this.#uploads.delete(id);
    rmSync(upload.folder, { recursive: true, force: true });
  }
}
