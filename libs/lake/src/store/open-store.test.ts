import { describe, expect, it } from 'vitest';
import { openStore } from './open-store.js';

describe('openStore', () => {
  it.each([
    ['nonsense', {}, /not a URL/],
    ['/var/lake', {}, /not a URL/],
    ['http://host/lake', {}, /http: is no kind of store/],
    ['file://host/lake', {}, /absolute path/],
    ['file:///lake', { kubernetes: true }, /refused inside Kubernetes/],
    ['s3://key:secret@bucket/lake', {}, /credentials do not belong/],
  ])('refuses %s', async (url, more, reason) => {
    await expect(openStore({ url, ...more })).rejects.toMatchObject({
      code: 'config/invalid',
      message: expect.stringMatching(reason) as unknown,
    });
    await expect(openStore({ url, ...more })).rejects.not.toThrow(/secret/);
  });

  it.each([
    ['file:///var/lib/a%20lake', 'file:///var/lib/a%20lake'],
    ['s3://bucket', 's3://bucket'],
    ['s3://bucket/', 's3://bucket'],
    ['s3://bucket/some/prefix/', 's3://bucket/some/prefix'],
  ])('opens %s', async (url, shown) => {
    expect((await openStore({ url })).url).toBe(shown);
  });
});
