import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { bytesOf, read, statusOf, type S3Check } from './s3-trial.js';

/** Bytes go in and come out as they were. */
export const OBJECT_CHECKS: readonly S3Check[] = [
  {
    name: 'put, head and get give back bytes, size and headers',
    async check({ client, key }) {
      const at = key('plain');
      const put = await client.send(new PutObjectCommand({ ...at, Body: bytesOf(70_000), ContentType: 'text/x-test' }));
      const head = await client.send(new HeadObjectCommand(at));
      assert.equal(head.ContentLength, 70_000);
      assert.equal(head.ContentType, 'text/x-test');
      assert.equal(head.ETag, put.ETag);
      assert.ok(
        Math.abs((head.LastModified?.getTime() ?? 0) - Date.now()) < 15 * 60_000,
        'last-modified is not about now',
      );
      const got = await client.send(new GetObjectCommand(at));
      assert.deepEqual(Buffer.from((await got.Body?.transformToByteArray()) ?? []), bytesOf(70_000));
    },
  },
  {
    name: 'an empty object is an object',
    async check(trial) {
      const at = trial.key('empty');
      await trial.client.send(new PutObjectCommand({ ...at, Body: new Uint8Array() }));
      assert.equal((await read(trial, at)).byteLength, 0);
      assert.equal(await statusOf(trial.client.send(new GetObjectCommand({ ...at, Range: 'bytes=-8' }))), 416);
    },
  },
  {
    name: 'a streamed body arrives without its framing',
    async check(trial) {
      const at = trial.key('streamed');
      const body = Readable.from([bytesOf(100_000), bytesOf(50_000)]);
      await trial.client.send(new PutObjectCommand({ ...at, Body: body, ContentLength: 150_000 }));
      assert.deepEqual(await read(trial, at), Buffer.concat([bytesOf(100_000), bytesOf(50_000)]));
    },
  },
  {
    name: 'a body that does not match its CRC32 is refused',
    async check(trial) {
      const at = trial.key('bad-crc');
      const wrong = Buffer.alloc(4);
      wrong.writeUInt32BE(crc32(bytesOf(99)));
      const put = new PutObjectCommand({ ...at, Body: bytesOf(100), ChecksumCRC32: wrong.toString('base64') });
      assert.equal(await statusOf(trial.client.send(put)), 400);
      assert.equal(await statusOf(trial.client.send(new HeadObjectCommand(at))), 404);
    },
  },
  {
    name: 'a wrong secret is refused',
    async check({ stranger, key }) {
      assert.equal(await statusOf(stranger.send(new PutObjectCommand({ ...key('stranger'), Body: 'x' }))), 403);
    },
  },
  {
    name: 'what is not there is 404',
    async check({ client, key }) {
      assert.equal(await statusOf(client.send(new GetObjectCommand(key('nothing')))), 404);
      assert.equal(await statusOf(client.send(new HeadObjectCommand(key('nothing')))), 404);
      await client.send(new DeleteObjectCommand(key('nothing')));
    },
  },
  {
    name: 'ranges: first bytes, middle, open end, suffix, past the end',
    async check(trial) {
      const at = trial.key('ranges');
      const bytes = bytesOf(1000);
      await trial.client.send(new PutObjectCommand({ ...at, Body: bytes }));
      const cases = {
        'bytes=0-9': [0, 10],
        'bytes=500-599': [500, 600],
        'bytes=990-': [990, 1000],
        'bytes=-8': [992, 1000],
        'bytes=900-5000': [900, 1000],
        'bytes=-5000': [0, 1000],
      };
      for (const [Range, [from = 0, to = 0]] of Object.entries(cases)) {
        const got = await trial.client.send(new GetObjectCommand({ ...at, Range }));
        assert.deepEqual(Buffer.from((await got.Body?.transformToByteArray()) ?? []), bytes.subarray(from, to), Range);
        assert.equal(got.ContentRange, `bytes ${from}-${to - 1}/1000`, Range);
      }
      assert.equal(await statusOf(trial.client.send(new GetObjectCommand({ ...at, Range: 'bytes=1000-' }))), 416);
    },
  },
  {
    name: 'multipart: parts in any order, ETag with the number of parts, abort leaves nothing',
    async check(trial) {
      const { client, key } = trial;
      const at = key('parts');
      const parts = [bytesOf(5 * 1024 * 1024), bytesOf(1234)];
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
      const done = [];
      for (const number of [2, 1]) {
        const { ETag } = await client.send(
          new UploadPartCommand({ ...at, UploadId, PartNumber: number, Body: parts[number - 1] ?? '' }),
        );
        done.unshift({ PartNumber: number, ETag });
      }
      const whole = await client.send(
        new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts: done } }),
      );
      assert.match(whole.ETag ?? '', /-2"?$/);
      assert.ok((await read(trial, at)).equals(Buffer.concat(parts)), 'the parts do not make the whole');
      const dropped = await client.send(new CreateMultipartUploadCommand(key('dropped')));
      await client.send(new AbortMultipartUploadCommand({ ...key('dropped'), UploadId: dropped.UploadId }));
      assert.equal(await statusOf(client.send(new HeadObjectCommand(key('dropped')))), 404);
    },
  },
];
