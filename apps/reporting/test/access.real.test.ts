import { isApi } from '../src/http/security-headers.js';
import { requirementOf } from '../src/access/route-scopes.js';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiBed, type ApiBed } from './api-bed.js';

const LIST = '/api/v1/reports';
const EVIDENCE = '/api/v1/reports/everything/evidence?id=a';

let bed: ApiBed;
beforeAll(async () => {
  bed = await apiBed({ env: { REQUIRE_TOKEN: 'true' } });
});
afterAll(async () => {
  await bed[Symbol.asyncDispose]();
});

function get(path: string, token?: string): supertest.Test {
  const asked = supertest(bed.service.url).get(path);
  return token === undefined ? asked : asked.set('authorization', `Bearer ${token}`);
}

/** The address of a route with its parameters filled in. */
function addressOf(route: string): string {
  return route
    .replace(':report', 'everything')
    .replace(':chart', 'bigs')
    .replace(':dataset', 'answers')
    .replace(':batch', 'b')
    .replace(':position', 'p')
    .replace('*', 'some/page');
}

describe('the guard', () => {
  it('stands before every route but those that say why not', async () => {
    const open = bed.routes.filter((route) => requirementOf(route.split(' ')[1], '/') === 'nothing');
    expect([...new Set(open.map((route) => route.split(' ')[1]))].sort()).toEqual([
      '/*',
      '/api/v1/session',
      '/healthz',
      '/metrics',
      '/readyz',
    ]);
    const guarded = bed.routes.filter((route) => !open.includes(route) && !route.startsWith('OPTIONS'));
    expect(guarded.length).toBeGreaterThan(15);
    for (const route of guarded) {
      const [method = 'GET', pattern = ''] = route.split(' ');
      const answer = await fetch(bed.service.url + addressOf(pattern), { method });
      expect(answer.status, route).toBe(401);
      expect(answer.headers.get('www-authenticate'), route).toMatch(/^Bearer/);
    }
  });

  it('says how to get in', async () => {
    const { body } = await get(LIST).expect(401);
    expect(body).toMatchObject({ code: 'not-signed-in', status: 401 });
    expect(body.detail).toContain('rollcall token create');
    await get('/api/v1/nothing-here').expect(401);
    await get('/api').expect(401);
    await get('/healthz').expect(200);
    await get('/metrics').expect(200);
  });

  it('cannot be walked around by the spelling of an address', async () => {
    for (const path of [
      '/api/v1//reports',
      '/API/V1/reports',
      '/api/v1/reports/',
      '/%61pi/v1/reports',
      '/./api/v1/reports',
    ]) {
      const answer = await fetch(bed.service.url + path, { headers: { accept: 'application/json' } });
      expect([401, 404], path).toContain(answer.status);
    }
  });

  it('lets a token do what its scopes say', async () => {
    const { token: reports } = await bed.token(['reports']);
    const { token: records } = await bed.token(['records']);
    await get(LIST, reports).expect(200);
    const refused = await get(EVIDENCE, reports).expect(403);
    expect(refused.body).toMatchObject({ code: 'not-allowed', detail: expect.stringContaining('records') });
    await get('/api/v1/quarantine', reports).expect(403);
    await get('/api/v1/runs', reports).expect(403);
    await get('/api/v1/records/answers/b/p', reports).expect(403);
    await get(LIST, records).expect(403);
    await get('/api/v1/quarantine', records).expect(200);
    const { token: newer } = await bed.token(['everything']);
    await get(LIST, newer).expect(403);
  });

  it('refuses tokens that are wrong, expired or no tokens at all', async () => {
    const { token: expired } = await bed.token(['reports'], '2026-08-04T11:59:59Z');
    const { token } = await bed.token(['reports']);
    const wrong = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    for (const one of [expired, wrong, 'rollcall_', '', `${token}x`, 'Basic abc']) {
      const { body } = await get(LIST, one).expect(401);
      expect(['bad-token', 'not-signed-in']).toContain(body.code);
    }
    await get(`${LIST}?token=${token}`).expect(401);
    await get(LIST, token).expect(200);
  });

  it('notices within a minute that a token was revoked', async () => {
    const { id, token } = await bed.token(['reports']);
    await get(LIST, token).expect(200);
    await bed.ops.revokeToken(id);
    bed.clock.nowMs += 60_000;
    const { body } = await get(LIST, token).expect(401);
    expect(body.code).toBe('bad-token');
    expect((await bed.ops.tokenByHash((await bed.ops.listTokens())[0]?.hash ?? ''))?.lastUsedAt).not.toBeNull();
  });

  it('holds up an address that guesses, and lets known tokens pass', async () => {
    await using own = await apiBed({ env: { REQUIRE_TOKEN: 'true' } });
    const { token } = await own.token(['reports']);
    const ask = (one: string) => supertest(own.service.url).get(LIST).set('authorization', `Bearer ${one}`);
    await ask(token).expect(200);
    const guess = (n: number): string => `rollcall_${String(n).padStart(43, '0')}`;
    for (let n = 0; n < 20; n += 1) await ask(guess(n)).expect(401);
    const { body, headers } = await ask(guess(99)).expect(429);
    expect(body.code).toBe('too-many-attempts');
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    await ask(token).expect(200);
    own.clock.nowMs += 61_000;
    await ask(token).expect(200);
    await ask(guess(99)).expect(401);
  });
});

describe('the browser', () => {
  async function signIn(token: string): Promise<string> {
    const answer = await supertest(bed.service.url).post('/api/v1/session').send({ token }).expect(200);
    expect(answer.body).toMatchObject({ open: false, signedIn: true });
    const [cookie = ''] = answer.headers['set-cookie'] as unknown as string[];
    expect(cookie).toMatch(/^rollcall=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(token);
    return cookie.split(';')[0] ?? '';
  }

  it('signs in with a token and carries a cookie that ends', async () => {
    const { token } = await bed.token(['reports']);
    const cookie = await signIn(token);
    await get(LIST).set('cookie', `other=1; ${cookie}`).expect(200);
    const { body } = await get('/api/v1/session').set('cookie', cookie).expect(200);
    expect(body).toEqual({ open: false, signedIn: true, name: 'test reports', scopes: ['reports'] });
    const out = await supertest(bed.service.url).delete('/api/v1/session').set('cookie', cookie).expect(200);
    expect(out.headers['set-cookie']?.[0]).toContain('Max-Age=0');
    bed.clock.nowMs += 12 * 3_600_000;
    await get(LIST).set('cookie', cookie).expect(401);
    expect((await get('/api/v1/session').set('cookie', cookie)).body.signedIn).toBe(false);
  });

  it('is signed out everywhere when the token is revoked', async () => {
    const { id, token } = await bed.token(['reports']);
    const cookie = await signIn(token);
    await bed.ops.revokeToken(id);
    bed.clock.nowMs += 60_000;
    await get(LIST).set('cookie', cookie).expect(401);
  });

  it('cannot forge or stretch a session', async () => {
    const { token } = await bed.token(['reports']);
    const [name = '', value = ''] = (await signIn(token)).split('=');
    const [version, id, ends = '', signature = ''] = value.split('.');
    const other = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    const later = (Number.parseInt(ends, 36) + 1_000_000).toString(36);
    for (const forged of [
      [version, id, later, signature],
      [version, id, ends, other],
      [version, String(Number(id) - 1), ends, signature],
      [version, id, ends],
      [version, "1' OR 1=1", ends, signature],
    ]) {
      await get(LIST)
        .set('cookie', `${name}=${forged.join('.')}`)
        .expect(401);
    }
  });

  it('is refused what another site makes it send', async () => {
    const { token } = await bed.token(['reports']);
    const post = () => supertest(bed.service.url).post('/api/v1/session').send({ token });
    const cross = await post().set('sec-fetch-site', 'cross-site').expect(403);
    expect(cross.body.code).toBe('cross-site');
    await post().set('sec-fetch-site', 'same-site').expect(403);
    await post().set('origin', 'https://evil.example').expect(403);
    await post().set('origin', 'null').expect(403);
    await supertest(bed.service.url).delete('/api/v1/session').set('origin', 'https://evil.example').expect(403);
    await post().set('origin', bed.service.url).expect(200);
    await post().set('sec-fetch-site', 'same-origin').expect(200);
  });

  it('gets a problem for a body that is no sign-in', async () => {
    const post = () => supertest(bed.service.url).post('/api/v1/session');
    expect((await post().send({ token: 'rollcall_no' }).expect(401)).body.code).toBe('bad-token');
    expect((await post().send({ nothing: 1 }).expect(400)).body.errors[0].parameter).toBe('token');
    await post().set('content-type', 'application/json').send('{"token":').expect(400);
    await post().set('content-type', 'text/plain').send('token').expect(415);
    await post()
      .send({ token: 'x'.repeat(10_000) })
      .expect(413);
  });

  it('behind TLS is held to it', async () => {
    await using own = await apiBed({ env: { REQUIRE_TOKEN: 'true', PUBLIC_URL: 'https://reports.example.org' } });
    const { token } = await own.token(['reports']);
    const { headers } = await supertest(own.service.url).post('/api/v1/session').send({ token }).expect(200);
    const cookie = (headers['set-cookie'] as unknown as string[])[0] ?? '';
    expect(cookie).toMatch(/^__Host-rollcall=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    await supertest(own.service.url)
      .get(LIST)
      .set('cookie', cookie.split(';')[0] ?? '')
      .expect(200);
    await supertest(own.service.url)
      .get(LIST)
      .set('cookie', (cookie.split(';')[0] ?? '').replace('__Host-', ''))
      .expect(401);
  });
});

describe('on loopback without tokens', () => {
  it('everything is open to this machine, and to no page that was rebound to it', async () => {
    await using own = await apiBed();
    const port = new URL(own.service.url).port;
    const ask = (host: string) => supertest(own.service.url).get(LIST).set('host', host);
    for (const host of [`localhost:${port}`, '127.0.0.1', `[::1]:${port}`, 'LOCALHOST']) await ask(host).expect(200);
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', 'localhost.evil.example']) {
      const { body } = await ask(host).expect(421);
      expect(body.code).toBe('wrong-host');
      await supertest(own.service.url).get('/').set('host', host).expect(421);
    }
    await supertest(own.service.url).get('/healthz').set('host', '10.0.0.7').expect(200);
    const { body } = await supertest(own.service.url).get('/api/v1/session').expect(200);
    expect(body).toEqual({ open: true, signedIn: false, name: null, scopes: ['reports', 'records'] });
  });

  it('a further name may be set', async () => {
    await using own = await apiBed({ env: { PUBLIC_URL: 'http://reports.test:8080' } });
    await supertest(own.service.url).get(LIST).set('host', 'reports.test').expect(200);
    await supertest(own.service.url).get(LIST).set('host', 'other.test').expect(421);
  });
});

describe('beyond loopback', () => {
  it('a token is required although nothing says so, and pages are served to sign in on', async () => {
    await using own = await apiBed({ env: { HOST: '0.0.0.0' } });
    const url = `http://127.0.0.1:${new URL(own.service.url).port}`;
    expect((await supertest(url).get(LIST).expect(401)).body.detail).toContain('rollcall token create');
    await supertest(url).get('/').set('accept', 'text/html').set('host', 'reports.example.org').expect(503);
  });
});

describe('headers', () => {
  it('are strict on every answer, whatever it is', async () => {
    const { token } = await bed.token(['reports', 'records']);
    for (const path of [LIST, `${LIST}/none`, '/', '/nope.js', '/healthz', '/api/v1/openapi.json']) {
      const { headers } = await get(path, token).set('accept', 'text/html');
      expect(headers, path).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': 'camera=(), microphone=(), geolocation=()',
        'x-request-id': expect.stringMatching(/^[\w-]{36}$/),
      });
      expect(headers['strict-transport-security']).toBeUndefined();
      const policy = String(headers['content-security-policy']);
      if (isApi(path)) expect(policy).toBe("default-src 'none'; frame-ancestors 'none'");
      else expect(policy).toMatch(/require-trusted-types-for 'script'; trusted-types svelte-trusted-html$/);
      expect(policy).not.toContain('unsafe');
    }
  });
});
