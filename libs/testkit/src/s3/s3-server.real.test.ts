import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runS3Conformance, S3_CHECKS } from './s3-conformance.js';
import { startS3Server, type S3Server } from './s3-server.js';
import { s3Client, type S3Target } from './s3-trial.js';

const KEYS = { accessKey: 'test-key', secretKey: 'test-secret' };

function targetOf(endpoint: string): S3Target {
  return {
    endpoint,
    region: 'eu-central-1',
    accessKeyId: KEYS.accessKey,
    secretAccessKey: KEYS.secretKey,
    bucket: 'lake',
    prefix: 'try/',
  };
}

describe('the S3 server', () => {
  let dir: string;
  let server: S3Server;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'rollcall-s3-'));
    server = await startS3Server({ dir, ...KEYS });
  });
  afterAll(async () => {
    await server.stop();
    await rm(dir, { recursive: true });
  });

  it('passes the conformance script', async () => {
    const results = await runS3Conformance(targetOf(server.url));
    expect(results.filter((r) => r.failure !== undefined)).toEqual([]);
    expect(results).toHaveLength(S3_CHECKS.length);
  });

  it('has its objects after a restart', async () => {
    const at = { Bucket: 'lake', Key: 'kept/ü b' };
    const client = s3Client(targetOf(server.url));
    const put = await client.send(new PutObjectCommand({ ...at, Body: 'kept', Metadata: { note: 'x' } }));
    await server.stop();
    server = await startS3Server({ dir, ...KEYS });
    const again = s3Client(targetOf(server.url));
    const got = await again.send(new GetObjectCommand(at));
    expect(await got.Body?.transformToString()).toBe('kept');
    expect(got.ETag).toBe(put.ETag);
    expect(got.Metadata).toEqual({ note: 'x' });
  });

  it('refuses what it is told to refuse, before anything is done', async () => {
    const slow = await startS3Server({
      dir: join(dir, 'slow'),
      ...KEYS,
      refuse: ({ method }) => (method === 'PUT' ? 'SlowDown' : undefined),
    });
    const client = s3Client(targetOf(slow.url));
    const at = { Bucket: 'lake', Key: 'refused' };
    await expect(client.send(new PutObjectCommand({ ...at, Body: 'x' }))).rejects.toMatchObject({ name: 'SlowDown' });
    await expect(client.send(new HeadObjectCommand(at))).rejects.toMatchObject({ name: 'NotFound' });
    await slow.stop();
  });
});

describe('the conformance script', () => {
  it('sees a store that ignores conditions', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'rollcall-s3-'));
    const server = await startS3Server({ dir, ...KEYS, conditionalPut: false });
    const results = await runS3Conformance(targetOf(server.url));
    await server.stop();
    await rm(dir, { recursive: true });
    expect(results.filter((r) => r.failure !== undefined).map((r) => r.name)).toEqual([
      'If-None-Match: * creates and never overwrites',
      'of many that create one key, one does',
      'If-Match swaps the version it names and no other',
    ]);
  });
});

/** Any S3: set S3_TEST_URL (s3://bucket/prefix), S3_TEST_ACCESS_KEY, S3_TEST_SECRET_KEY, and S3_TEST_ENDPOINT, S3_TEST_REGION where needed. */
function targetOfEnvironment(): S3Target[] {
  const { S3_TEST_URL, S3_TEST_ENDPOINT, S3_TEST_REGION, S3_TEST_ACCESS_KEY, S3_TEST_SECRET_KEY } = process.env;
  if (S3_TEST_URL === undefined) return [];
  const { host, pathname } = new URL(S3_TEST_URL);
  return [
    {
      ...(S3_TEST_ENDPOINT !== undefined && { endpoint: S3_TEST_ENDPOINT }),
      region: S3_TEST_REGION ?? 'us-east-1',
      accessKeyId: S3_TEST_ACCESS_KEY ?? '',
      secretAccessKey: S3_TEST_SECRET_KEY ?? '',
      bucket: host,
      prefix: `${pathname.slice(1)}/conformance/`.replace(/^\/+/, ''),
    },
  ];
}

for (const target of targetOfEnvironment()) {
  it(`the S3 of the environment passes the conformance script`, async () => {
    const results = await runS3Conformance(target);
    expect(results.filter((r) => r.failure !== undefined)).toEqual([]);
  });
}
