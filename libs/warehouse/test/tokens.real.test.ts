import { randomBytes } from 'node:crypto';
import { sha256Hex } from '@rollcall/kernel';
import { describe, expect, it } from 'vitest';
import { openOps, type Ops } from '../src/index.js';
import { testWarehouse, type TestWarehouse } from './test-warehouse.js';

async function opened(): Promise<TestWarehouse & { readonly ops: Ops }> {
  const test = await testWarehouse();
  const ops = await openOps(test.url);
  return {
    ...test,
    ops,
    async [Symbol.asyncDispose]() {
      await ops.close();
      await test[Symbol.asyncDispose]();
    },
  };
}

const hashOf = (): string => sha256Hex(randomBytes(32));

describe('tokens', () => {
  it('are found by their hash, with what they open', async () => {
    await using test = await opened();
    const hash = hashOf();
    const made = await test.ops.createToken({
      name: 'tableau',
      hash,
      scopes: ['reports', 'records'],
      createdBy: 'ann',
      expiresAt: '2027-01-02T03:04:05.000006Z',
    });
    expect(made).toMatchObject({ name: 'tableau', hash, scopes: ['reports', 'records'], createdBy: 'ann' });
    expect(made).toMatchObject({ expiresAt: '2027-01-02T03:04:05.000006Z', lastUsedAt: null, revokedAt: null });
    expect(await test.ops.tokenByHash(hash)).toEqual(made);
    expect(await test.ops.tokenByHash(hashOf())).toBeUndefined();
    expect(await test.ops.tokenById(made.id)).toEqual(made);
    expect(await test.ops.tokenById('no number')).toBeUndefined();
  });

  it('are listed newest first and revoked once', async () => {
    await using test = await opened();
    const first = await test.ops.createToken({ name: 'a', hash: hashOf(), scopes: ['reports'], createdBy: 'ann' });
    const second = await test.ops.createToken({ name: 'b', hash: hashOf(), scopes: ['reports'], createdBy: 'ann' });
    expect((await test.ops.listTokens()).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(await test.ops.revokeToken(first.id)).toBe(true);
    expect(await test.ops.revokeToken(first.id)).toBe(false);
    expect(await test.ops.revokeToken('no number')).toBe(false);
    expect((await test.ops.tokenByHash(first.hash))?.revokedAt).toMatch(/^\d{4}-.*Z$/);
    expect((await test.ops.tokenByHash(second.hash))?.revokedAt).toBeNull();
  });

  it('note their use once a minute', async () => {
    await using test = await opened();
    const { id, hash } = await test.ops.createToken({ name: 'a', hash: hashOf(), scopes: [], createdBy: 'ann' });
    const used = async () => (await test.ops.tokenByHash(hash))?.lastUsedAt;
    await test.ops.touchToken(id);
    const first = await used();
    expect(first).toMatch(/Z$/);
    await test.ops.touchToken(id);
    expect(await used()).toBe(first);
    await test.warehouse.query(`UPDATE ops.token SET last_used_at = last_used_at - interval '2 minutes'`);
    await test.ops.touchToken(id);
    expect(await used()).not.toBe(first);
  });

  it('never have a hash that is no sha256', async () => {
    await using test = await opened();
    await expect(
      test.ops.createToken({ name: 'a', hash: 'the token itself', scopes: [], createdBy: 'ann' }),
    ).rejects.toThrow(/token_hash_check/);
  });
});
