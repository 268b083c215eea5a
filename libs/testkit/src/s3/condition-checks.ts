import assert from 'node:assert/strict';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { read, statusOf, type S3Check } from './s3-trial.js';

/** What put-if-absent and compare-and-swap rest on. */
export const CONDITION_CHECKS: readonly S3Check[] = [
  {
    name: 'If-None-Match: * creates and never overwrites',
    async check(trial) {
      const at = trial.key('create');
      await trial.client.send(new PutObjectCommand({ ...at, Body: 'one', IfNoneMatch: '*' }));
      assert.equal(
        await statusOf(trial.client.send(new PutObjectCommand({ ...at, Body: 'two', IfNoneMatch: '*' }))),
        412,
      );
      assert.equal((await read(trial, at)).toString(), 'one');
    },
  },
  {
    name: 'of many that create one key, one does',
    async check(trial) {
      const at = trial.key('race');
      const tries = Array.from({ length: 20 }, (_, i) =>
        statusOf(trial.client.send(new PutObjectCommand({ ...at, Body: `writer ${i}`, IfNoneMatch: '*' }))),
      );
      const statuses = await Promise.all(tries);
      assert.equal(statuses.filter((s) => s === 200).length, 1, statuses.join(' '));
      const winner = statuses.indexOf(200);
      assert.equal((await read(trial, at)).toString(), `writer ${winner}`);
    },
  },
  {
    name: 'If-Match swaps the version it names and no other',
    async check(trial) {
      const at = trial.key('swap');
      assert.equal(
        await statusOf(
          trial.client.send(new PutObjectCommand({ ...at, Body: 'x', IfMatch: '"0123456789abcdef0123456789abcdef"' })),
        ),
        404,
      );
      const one = await trial.client.send(new PutObjectCommand({ ...at, Body: 'one' }));
      const two = await trial.client.send(new PutObjectCommand({ ...at, Body: 'two', IfMatch: one.ETag }));
      assert.notEqual(two.ETag, one.ETag);
      assert.equal(
        await statusOf(trial.client.send(new PutObjectCommand({ ...at, Body: 'three', IfMatch: one.ETag }))),
        412,
      );
      assert.equal((await read(trial, at)).toString(), 'two');
    },
  },
];
