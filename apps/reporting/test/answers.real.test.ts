import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiBed, everythingReport, standingOf, type ApiBed } from './api-bed.js';

const REPORT = '/api/v1/reports/everything';

let bed: ApiBed;
beforeAll(async () => {
  bed = await apiBed();
});
afterAll(async () => {
  await bed[Symbol.asyncDispose]();
});

function get(path: string): supertest.Test {
  return supertest(bed.service.url).get(path);
}

describe('charts', () => {
  it('come as a specification with rows, and say what they left out', async () => {
    const { body } = await get(`${REPORT}/charts/bigs?width=500&theme=dark`).expect(200);
    expect(body.rows.map((row: { id: string }) => row.id)).toEqual(['a', 'f', 'e']);
    expect(body).toMatchObject({ leftOut: 3, width: 500, chart: { name: 'bigs', kind: 'bars' } });
    expect(body.vega.$schema).toContain('vega');
  });

  it('are drawn as SVG that may do nothing, and as PNG', async () => {
    const svg = await get(`${REPORT}/charts/bigs.svg`).expect(200);
    expect(svg.headers['content-type']).toMatch(/^image\/svg\+xml/);
    expect(svg.headers['content-security-policy']).toBe("sandbox; default-src 'none'; frame-ancestors 'none'");
    expect(svg.body.toString()).toMatch(/^<svg/);
    const png = (await get(`${REPORT}/charts/bigs.png?width=400`).expect(200)).body as Buffer;
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(800);
  });

  it.each([
    ['width=10', 'width'],
    ['width=5000', 'width'],
    ['width=1e3', 'width'],
    ['theme=blue', 'theme'],
    ['limit=3', 'limit'],
  ])('refuse ?%s', async (query, parameter) => {
    for (const form of ['', '.svg', '.png']) {
      const { body } = await get(`${REPORT}/charts/bigs${form}?${query}`).expect(400);
      expect(body.errors[0].parameter).toBe(parameter);
    }
  });

  it('that are not there are problems', async () => {
    const { body } = await get(`${REPORT}/charts/big.svg`).expect(404);
    expect(body.detail).toContain('did you mean "bigs"');
  });
});

describe('answers', () => {
  it.each([
    '',
    '/rows',
    '/rows.csv',
    '/rows.parquet',
    '/tiles',
    '/charts/bigs',
    '/charts/bigs.svg',
    '/charts/bigs.png',
  ])(
    'at %j have a tag by which they are sent once, until the report is refreshed or its freshness changes',
    async (path) => {
      const ask = (tag?: string) =>
        tag === undefined ? get(REPORT + path) : get(REPORT + path).set('if-none-match', tag);
      const first = (await ask().expect(200)).headers['etag'] ?? '';
      expect(first).toMatch(/^"[\w-]+"$/);
      const before = bed.statements.length;
      const again = await ask(`"other", W/${first}`).expect(304);
      expect(again.headers['cache-control']).toBe('private, no-cache');
      expect(bed.statements).toHaveLength(before);
      bed.book.refresh('everything', `refresh of ${path}`);
      const second = (await ask(first).expect(200)).headers['etag'] ?? '';
      expect(second).not.toBe(first);
      const standing = standingOf(everythingReport(), { refreshId: `refresh of ${path}` });
      bed.book.put({ ...standing, heldBack: { kind: 'test', since: '2026-08-04T11:00:00Z', reason: 'a test' } });
      await ask(second).expect(200);
      bed.book.put(standing);
      await ask(second).expect(304);
    },
  );

  it('change when their freshness does, although nobody touched the data', async () => {
    const first = await get(`${REPORT}/tiles`).expect(200);
    expect(first.body).toMatchObject({ health: 'warning', freshness: { state: 'late' } });
    bed.clock.nowMs += 60_000;
    await get(`${REPORT}/tiles`).set('if-none-match', String(first.headers['etag'])).expect(304);
    bed.clock.nowMs += 86_400_000;
    const later = await get(`${REPORT}/tiles`).set('if-none-match', String(first.headers['etag'])).expect(200);
    expect(later.body).toMatchObject({ health: 'degraded', freshness: { state: 'stale' } });
    const { text } = await get('/metrics').expect(200);
    expect(text).toMatch(
      /rollcall_http_request_seconds_count\{service="reporting",route="\/api\/v1\/reports\/:report\/tiles",status="304"[^}]*\} \d/,
    );
    expect(text).toMatch(/rollcall_kept_answer_bytes\S* [1-9]/);
  });

  it('are compressed for who takes it, each coding with a tag of its own', async () => {
    const answer = await fetch(`${bed.service.url}${REPORT}`, { headers: { 'accept-encoding': 'br' } });
    expect(answer.headers.get('content-encoding')).toBe('br');
    expect(answer.headers.get('vary')).toContain('Accept-Encoding');
    const { body } = await get(REPORT).set('accept-encoding', 'identity').expect(200);
    expect(await answer.json()).toEqual(body);
    const tag = answer.headers.get('etag') ?? '';
    expect(tag).toMatch(/-br"$/);
    await get(REPORT).set('if-none-match', tag).expect(304);
  });

  it('to fifty who ask at the same time after a refresh cost one statement each', async () => {
    await using own = await apiBed();
    own.book.refresh('everything', 'refresh-9');
    // What is made ahead of anybody's asking has no filter.
    const asked = (): readonly string[] => own.statements.filter((text) => /"id" = /.test(text));
    const all = await Promise.all(
      Array.from({ length: 50 }, () => supertest(own.service.url).get(`${REPORT}/tiles?id=a`).expect(200)),
    );
    expect(asked()).toHaveLength(1);
    expect(new Set(all.map(({ text }) => text)).size).toBe(1);
    await supertest(own.service.url).get(`${REPORT}/tiles?id=b`).expect(200);
    expect(asked()).toHaveLength(2);
    own.statements.length = 0;
    for (const form of ['?', '.svg?', '.png?', '?theme=dark&'])
      await supertest(own.service.url).get(`${REPORT}/charts/bigs${form}id=c`).expect(200);
    expect(asked().length).toBeGreaterThan(0);
    expect(new Set(asked()).size).toBe(asked().length);
  });

  it('that take too long, and a warehouse that is away, are problems with a time to come back', async () => {
    await using own = await apiBed();
    await own.owner.query(
      'CREATE OR REPLACE VIEW report.everything AS SELECT id, note, flag, small, big, price, exact, ratio, day, at FROM public.everything, pg_sleep(10)',
    );
    const slow = await supertest(own.service.url).get(`${REPORT}/tiles`).expect(503);
    expect(slow.body).toMatchObject({ code: 'too-slow', detail: expect.stringContaining('narrow the filters') });
    expect(slow.headers['retry-after']).toBe('5');
    expect(slow.headers['cache-control']).toBe('no-store');
    await own.owner.query('DROP VIEW report.everything');
    const bug = await supertest(own.service.url).get(`${REPORT}/tiles`).set('x-request-id', 'my-request-1').expect(500);
    expect(bug.body).toMatchObject({ code: 'internal', requestId: 'my-request-1' });
    expect(JSON.stringify(bug.body)).not.toMatch(/relation|everything"|stack|select/i);
    const line = own.logged.find((one) => one.includes('my-request-1') && one.includes('"error"'));
    expect(line).toContain('42P01');
  });
});
