import assert from 'node:assert/strict';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { keysOf, read, type S3Check } from './s3-trial.js';

/** Listing, keys, deleting. */
export const LISTING_CHECKS: readonly S3Check[] = [
  {
    name: 'a listing is paged, ordered by bytes, and starts after a key',
    async check({ client, bucket, key }) {
      const names = ['b', 'a', 'a/1', 'a-1', 'a.1', 'z', 'é', 'zz', '~', 'A'].map((n) => `list/${n}`);
      for (const name of names) await client.send(new PutObjectCommand({ ...key(name), Body: name }));
      const Prefix = key('list/').Key;
      const expected = names.map((n) => key(n).Key).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      assert.deepEqual(await keysOf({ client, bucket }, Prefix, 3), expected);
      const after = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, StartAfter: expected[3] }));
      assert.deepEqual(
        after.Contents?.map((o) => o.Key),
        expected.slice(4),
      );
      assert.equal(after.IsTruncated ?? false, false);
    },
  },
  {
    name: 'a delimiter gives folders',
    async check({ client, bucket, key }) {
      for (const name of ['a', 'x/1', 'x/2', 'y/z/1', 'b'])
        await client.send(new PutObjectCommand({ ...key(`tree/${name}`), Body: name }));
      const Prefix = key('tree/').Key;
      const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, Delimiter: '/' }));
      assert.deepEqual(
        page.Contents?.map((o) => o.Key),
        [`${Prefix}a`, `${Prefix}b`],
      );
      assert.deepEqual(
        page.CommonPrefixes?.map((p) => p.Prefix),
        [`${Prefix}x/`, `${Prefix}y/`],
      );
    },
  },
  {
    name: 'keys with odd characters',
    async check(trial) {
      for (const name of [
        'odd/a b',
        'odd/a+b',
        'odd/a%20b',
        "odd/a'(b)*!",
        'odd/a&b<c>"d',
        'odd/ü=ñ',
        'odd/date=2026-01-01/x.parquet',
        'odd/🎓',
      ]) {
        await trial.client.send(new PutObjectCommand({ ...trial.key(name), Body: name }));
        assert.equal((await read(trial, trial.key(name))).toString(), name);
      }
      assert.equal((await keysOf(trial, trial.key('odd/').Key)).length, 8);
    },
  },
  {
    name: 'delete one, delete many, copy',
    async check({ client, bucket, key }) {
      for (const name of ['gone/1', 'gone/2', 'gone/3'])
        await client.send(new PutObjectCommand({ ...key(name), Body: name }));
      await client.send(new CopyObjectCommand({ ...key('gone/4'), CopySource: `${bucket}/${key('gone/1').Key}` }));
      await client.send(new DeleteObjectCommand(key('gone/1')));
      const Objects = ['gone/2', 'gone/3'].map((n) => ({ Key: key(n).Key }));
      await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
      assert.deepEqual(await keysOf({ client, bucket }, key('gone/').Key), [key('gone/4').Key]);
      assert.equal((await read({ client }, key('gone/4'))).toString(), 'gone/1');
    },
  },
];
