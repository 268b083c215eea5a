import { createHash, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { Access, type Credentials } from './access.js';
import { REMEMBER_MS } from './remembered-tokens.js';
import { provesSession, readSession, signSession } from './session-value.js';
import { sameHash, tokenHash } from './token-hash.js';
import type { StoredToken, TokenStore } from './token-store.js';

let nowMs: number;
let asked: string[];
let away: boolean;
let stored: StoredToken[];

const tokens: TokenStore = {
  byHash: async (hash) => find('hash', hash),
  byId: async (id) => find('id', id),
  touch: async () => Promise.reject(new Error('read-only')),
};

function find(by: 'hash' | 'id', value: string): StoredToken | undefined {
  asked.push(by);
  if (away) throw new Error('away');
  return stored.find((token) => token[by] === value);
}

let failedTouches: number;

function access(required = true): Access {
  return new Access({
    tokens,
    required,
    https: false,
    sessionHours: 12,
    nowMs: () => nowMs,
    onTouchFailed: () => void (failedTouches += 1),
  });
}

function add(change: Partial<StoredToken> = {}): string {
  const token = `rollcall_${randomBytes(32).toString('base64url')}`;
  const hash = createHash('sha256').update(token).digest('hex');
  const id = String(stored.length + 1);
  stored.push({ id, name: `t${id}`, hash, scopes: ['reports'], expiresAtMs: undefined, revoked: false, ...change });
  return token;
}

function bearer(token: string, source = '10.0.0.1'): Credentials {
  return { authorization: `Bearer ${token}`, cookie: undefined, source };
}

function withCookie(cookie: string): Credentials {
  return { authorization: undefined, cookie: cookie.split(';')[0], source: '10.0.0.1' };
}

beforeEach(() => {
  nowMs = 1_800_000_000_000;
  asked = [];
  away = false;
  stored = [];
  failedTouches = 0;
});

describe('access', () => {
  it('asks the store once a minute for a token, and for everything that is none never', async () => {
    const guard = access();
    const token = add();
    for (let n = 0; n < 100; n += 1) await guard.require('reports', bearer(token));
    expect(asked).toEqual(['hash']);
    nowMs += REMEMBER_MS;
    await guard.require('reports', bearer(token));
    expect(asked).toEqual(['hash', 'hash']);
    await expect(guard.require('reports', bearer('rollcall_short'))).rejects.toMatchObject({ code: 'bad-token' });
    expect(asked).toHaveLength(2);
  });

  it('lets nobody in when the store does not answer, but for a minute whom it knows', async () => {
    const guard = access();
    const known = add();
    await guard.require('reports', bearer(known));
    away = true;
    await guard.require('reports', bearer(known));
    await expect(guard.require('reports', bearer(add()))).rejects.toThrow('away');
    nowMs += REMEMBER_MS;
    await expect(guard.require('reports', bearer(known))).rejects.toThrow('away');
  });

  it('ends with the token, to the millisecond, also when it is remembered', async () => {
    const guard = access();
    const token = add({ expiresAtMs: nowMs + 1_000 });
    await guard.require('reports', bearer(token));
    nowMs += 999;
    await guard.require('reports', bearer(token));
    nowMs += 1;
    await expect(guard.require('reports', bearer(token))).rejects.toMatchObject({ status: 401 });
  });

  it('is not disturbed when the use of a token cannot be noted', async () => {
    await access().require('reports', bearer(add()));
    expect(failedTouches).toBe(1);
  });

  it('counts failures by address', async () => {
    const guard = access();
    const guess = (): string => `rollcall_${randomBytes(32).toString('base64url')}`;
    for (let n = 0; n < 20; n += 1) await guard.visitor(bearer(guess()));
    await expect(guard.visitor(bearer(guess()))).rejects.toMatchObject({ status: 429 });
    expect(await guard.visitor(bearer(guess(), '10.0.0.2'))).toBeUndefined();
    nowMs += 60_000;
    expect(await guard.visitor(bearer(guess()))).toBeUndefined();
  });

  it('holds nobody up because of pages that are open with a token that has ended', async () => {
    const guard = access();
    const { cookie } = await guard.signIn(add(), '10.0.0.1');
    const [token] = stored;
    if (token) stored[0] = { ...token, revoked: true };
    nowMs += REMEMBER_MS;
    asked = [];
    for (let n = 0; n < 100; n += 1) expect(await guard.visitor(withCookie(cookie))).toBeUndefined();
    expect(asked).toEqual(['id']);
    expect(await guard.visitor(bearer(add()))).toBeDefined();
  });

  it('gives a session that any replica knows, until the token or the session ends', async () => {
    const token = add();
    const { cookie, visitor } = await access().signIn(token, '10.0.0.1');
    expect(visitor.scopes).toEqual(['reports']);
    const other = access();
    expect(await other.visitor(withCookie(cookie))).toMatchObject({ name: 't1', open: false });
    nowMs += 12 * 3_600_000 - 1;
    expect(await other.visitor(withCookie(cookie))).toBeDefined();
    nowMs += 1;
    expect(await other.visitor(withCookie(cookie))).toBeUndefined();
  });

  it('asks nobody for anything where no token is required', async () => {
    expect(await access(false).visitor({ authorization: undefined, cookie: undefined, source: 'x' })).toMatchObject({
      open: true,
      scopes: ['reports', 'records'],
    });
    expect(asked).toEqual([]);
  });
});

describe('a session value', () => {
  const token: StoredToken = {
    id: '7',
    name: 'n',
    hash: 'ab'.repeat(32),
    scopes: [],
    expiresAtMs: undefined,
    revoked: false,
  };

  it('proves itself for its own token and time only', () => {
    const session = readSession(signSession(token, 2_000));
    if (!session) throw new Error('unreadable');
    expect(provesSession(session, token, 1_999)).toBe(true);
    expect(provesSession(session, token, 2_000)).toBe(false);
    expect(provesSession(session, { ...token, hash: 'cd'.repeat(32) }, 1_000)).toBe(false);
    expect(provesSession({ ...session, endsAtMs: 9_000, claim: '1.7.6y0' }, token, 1_000)).toBe(false);
  });

  it.each(['', '1.7.1', '2.7.1.x', `1.7.1.${'A'.repeat(42)}`, `1.7 .1.${'A'.repeat(43)}`, `1.7.!.${'A'.repeat(43)}`])(
    '%j is none',
    (value) => {
      expect(readSession(value)).toBeUndefined();
    },
  );
});

it('a token is 256 bits behind its prefix, and hashes are compared whole', () => {
  expect(tokenHash(`rollcall_${'A'.repeat(43)}`)).toMatch(/^[0-9a-f]{64}$/);
  for (const text of ['', 'rollcall_', `rollcall_${'A'.repeat(44)}`, `x rollcall_${'A'.repeat(43)}`]) {
    expect(tokenHash(text)).toBeUndefined();
  }
  expect([sameHash('ab', 'ab'), sameHash('ab', 'ac'), sameHash('ab', 'abab')]).toEqual([true, false, false]);
});
