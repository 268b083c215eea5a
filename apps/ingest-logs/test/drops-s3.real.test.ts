import { openStore } from '@rollcall/lake';
import { startS3Server, testFolder, until } from '@rollcall/testkit';
import { expect, it, vi } from 'vitest';
import { dropRecord } from '../src/drops/drop-record.js';
import { IngestWorld } from './ingest-under-test.js';

const ACCESS = { accessKeyId: 'test-access', secretAccessKey: 'test-secret' };
const ROWS = 60_000;

it('takes drops of a bucket into a lake of a bucket: at once, once, also when two look', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', ACCESS.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', ACCESS.secretAccessKey);
  await using folder = await testFolder();
  const keys = { accessKey: ACCESS.accessKeyId, secretKey: ACCESS.secretAccessKey };
  const s3 = await startS3Server({ dir: folder.path, buckets: ['lake', 'inbox'], ...keys });
  await using world = await IngestWorld.make();
  try {
    const settings = { s3: { endpoint: s3.url, ...ACCESS } };
    const inbox = await openStore({ url: 's3://inbox/drops', ...settings });
    const lake = await openStore({ url: 's3://lake/rollcall', ...settings });
    const lines = Array.from({ length: ROWS }, (_, i) => `u${i},e${i % 7},q1,${1_622_630_694 + i}`);
    const file = Buffer.from(['participant_id,event_id,object_id,created_at', ...lines].join('\n'));
    const env = {
      LAKE_URL: 's3://lake/rollcall',
      DROPS_URL: 's3://inbox/drops',
      AWS_ENDPOINT_URL_S3: s3.url,
      DROPS_POLL_SECONDS: '0.2',
    };
    await Promise.all([world.start(env), world.start(env)]);
    await inbox.putIfAbsent('answers/a.csv', file);
    const done = async (keys: number) => {
      for await (const { key } of lake.list('_state/drops/answers/')) {
        if (key.includes('/_seen/')) continue;
        const record = dropRecord.parse(JSON.parse(Buffer.from((await lake.get(key))?.bytes ?? []).toString()));
        if (record.status === 'done' && record.keys.length === keys) return record;
      }
      return undefined;
    };
    const record = await until(() => done(1), { what: 'the object to be read', timeoutMs: 40_000 });
    expect(record).toMatchObject({ rows: ROWS, rejected: 0, batches: 2, size: file.length });
    await inbox.putIfAbsent('answers/b.csv', file);
    await until(() => done(2), { what: 'the second name to be noted', timeoutMs: 40_000 });
    const announced = await world.announced();
    expect(announced).toHaveLength(2);
    expect(new Set(announced).size).toBe(2);
  } finally {
    vi.unstubAllEnvs();
    await world.stopAll();
    await s3.stop();
  }
});
