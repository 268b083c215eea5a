import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiBed, type ApiBed } from './api-bed.js';

const ROWS = '/api/v1/reports/everything/rows';

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

async function ids(query: string): Promise<string> {
  const answer = await get(`${ROWS}?limit=100&${query}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  expect(answer.body.total).toBe(answer.body.rows.length);
  return answer.body.rows.map((row: { id: string }) => row.id).join('');
}

describe('rows', () => {
  it('come with every type as it was', async () => {
    const { body } = await get(`${ROWS}?limit=10`).expect(200);
    expect(body.rows[0]).toEqual({
      id: 'a',
      note: 'plain',
      flag: true,
      small: 1,
      big: '9007199254740993',
      price: '12.50',
      exact: '0.1000000000000000000001',
      ratio: 0.1,
      day: '2026-08-03',
      at: '2026-08-03T12:04:00.000001Z',
    });
    expect(Object.values(body.rows[2]).filter((cell) => cell !== null)).toEqual(['c']);
    expect(body.rows[3]).toMatchObject({ ratio: 'Infinity', day: '0001-01-01', price: '9999999999.99' });
    expect(body).toMatchObject({ report: 'everything', refreshId: 'refresh-1', total: 6, next: null, withheld: 1 });
  });

  it.each([
    ['id=a&id=e', 'ae'],
    ['note=plain', 'a'],
    ['note=', 'b'],
    ['note=~', 'c'],
    ['note=~~tilde 100%25 _ \\\\', 'f'],
    ['words=QUOTED', 'e'],
    ['words=%25', 'f'],
    ['words=_', 'f'],
    ['flag=true', 'ad'],
    ['flag=~', 'cf'],
    ['small=-2&small=~', 'bc'],
    ['big=-5..7', 'bde'],
    ['big=9007199254740993..', 'a'],
    ['price=..8.10', 'bef'],
    ['ratio=-1.5..0.1', 'abf'],
    ['day=2026-08-03..2026-08-04', 'ab'],
    ['day=last-2', 'ef'],
    ['at=2026-08-03', 'ab'],
    ['at=2026-08-03T23:59:59.999999Z..2026-08-04T00:00:00Z', 'bd'],
    ['least=7', 'aef'],
    ['note=~all', 'abcdef'],
    ['id=a&id=b&flag=false', 'b'],
  ])('filtered by %s are %s', async (query, expected) => {
    expect(await ids(query)).toBe(expected);
  });

  it.each([
    "' OR 1=1 --",
    "'; DROP TABLE public.everything; --",
    '$1',
    '\\',
    '%27%20OR%20true--',
    '{"a":1}',
    'x\u0000y',
    '1) OR (1=1',
    "e'\\x27'",
  ])('take %j as a value and nothing else', async (value) => {
    for (const name of ['id', 'note', 'words']) {
      const answer = await get(`${ROWS}?${name}=${encodeURIComponent(value)}`);
      expect([200, 400]).toContain(answer.status);
      if (answer.status === 200) expect(answer.body.rows.length).toBeLessThan(2);
    }
    for (const name of ['small', 'big', 'price', 'ratio', 'day', 'at', 'flag', 'least']) {
      const answer = await get(`${ROWS}?${name}=${encodeURIComponent(value)}`).expect(400);
      expect(answer.body.errors).toEqual([{ parameter: name, detail: expect.any(String) }]);
    }
    expect(await ids('')).toBe('abcdef');
  });

  it.each([
    ['nonsense=1', 'nonsense'],
    ['id"; DROP TABLE x; --=1', 'id"; DROP TABLE x; --'],
    ['sort=nonsense', 'sort'],
    ['sort=id;DROP TABLE x', 'sort'],
    ['sort=id%22 DESC', 'sort'],
    ['limit=0', 'limit'],
    ['limit=1e9', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['after=abc', 'after'],
    ['small=1.5', 'small'],
    ['small=99999999999', 'small'],
    ['big=99999999999999999999', 'big'],
    ['day=2026-02-30', 'day'],
    ['day=last-0', 'day'],
    ['at=yesterday', 'at'],
    ['flag=maybe', 'flag'],
    ['least=many', 'least'],
    ['format=xml', 'format'],
    ['bom=1', 'bom'],
    ['theme=dark', 'theme'],
    ['token=abc', 'token'],
  ])('refuse ?%s with a problem that names it', async (query, parameter) => {
    const { body, headers } = await get(`${ROWS}?${query}`).expect(400);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({
      type: 'urn:rollcall:problem:bad-parameters',
      code: 'bad-parameters',
      status: 400,
      title: 'Bad Request',
      instance: ROWS,
      requestId: headers['x-request-id'],
      errors: [{ parameter, detail: expect.stringMatching(/\w/) }],
    });
  });

  it('tell all wrong parameters at once', async () => {
    const { body } = await get(`${ROWS}?small=x&nope=1&limit=-1&format=doc`).expect(400);
    expect(body.errors.map(({ parameter }: { parameter: string }) => parameter).sort()).toEqual([
      'format',
      'limit',
      'nope',
      'small',
    ]);
  });

  it('are sorted by several columns, with what is empty last', async () => {
    const sorted = async (sort: string): Promise<string> => {
      const { body } = await get(`${ROWS}?limit=100&sort=${sort}`).expect(200);
      return body.rows.map((row: { id: string }) => row.id).join('');
    };
    expect(await sorted('-big')).toBe('afedbc');
    expect(await sorted('big')).toBe('bdefac');
    expect(await sorted('flag,-id')).toBe('ebdafc');
  });

  it('are paged by key: rows that come and go do not move the pages', async () => {
    await using own = await apiBed();
    const read = async (after?: string): Promise<{ rows: string; next: string | null; pagedFrom?: string }> => {
      const url = `${ROWS}?limit=2&sort=-small${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`;
      const { body } = await supertest(own.service.url).get(url).expect(200);
      return { ...body, rows: body.rows.map((row: { id: string }) => row.id).join('') };
    };
    const first = await read();
    expect(first.rows).toBe('df');
    await own.owner.query(
      `INSERT INTO public.everything (id, small) VALUES ('new-first', 2147483646), ('new-last', -9)`,
    );
    await own.owner.query(`DELETE FROM public.everything WHERE id IN ('f', 'e')`);
    own.book.refresh('everything', 'refresh-2');
    const second = await read(first.next ?? '');
    expect(second.rows).toBe('ab');
    expect(second.pagedFrom).toBe('refresh-1');
    const third = await read(second.next ?? '');
    expect([third.rows, third.next]).toEqual(['new-lastc', null]);
  });

  it('keep nothing of a cursor that was tampered with', async () => {
    const { body } = await get(`${ROWS}?limit=2`).expect(200);
    const forged = Buffer.from(String(body.next), 'base64url').toString().replace('"b"', '"c"');
    const answer = await get(`${ROWS}?limit=2&after=${Buffer.from(forged).toString('base64url')}`).expect(400);
    expect(answer.body.errors[0].parameter).toBe('after');
    await get(`${ROWS}?limit=2&sort=-id&after=${body.next}`).expect(400);
  });
});

describe('a report', () => {
  it('is described with what its filters offer', async () => {
    const { body } = await get('/api/v1/reports/everything').expect(200);
    expect(body.filters.map(({ name }: { name: string }) => name)).toContain('least');
    const of = (name: string) => body.filters.find((filter: { name: string }) => filter.name === name);
    expect(of('id').options).toContainEqual({ value: 'a', label: 'a', rows: 1 });
    expect(of('note').options).toContainEqual(expect.objectContaining({ value: null, rows: 1 }));
    expect(of('day').extent).toEqual({ min: '0001-01-01', max: '2026-11-23' });
    expect(of('least')).toMatchObject({ op: 'where', type: 'numeric', default: ['-99999999999999999999'] });
    expect(body.grain).toEqual(['id']);
  });

  it('that is not there is a problem with a suggestion', async () => {
    const { body } = await get('/api/v1/reports/everythin/rows').expect(404);
    expect(body).toMatchObject({ code: 'report-not-found', status: 404 });
    expect(body.detail).toContain('did you mean "everything"');
    bed.book.faulty.push({ report: 'halfway', faults: ['reports/halfway/report.yaml:1:1: error: empty [shape]'] });
    const { body: broken } = await get('/api/v1/reports/halfway').expect(404);
    expect(broken.detail).toContain('reports/halfway/report.yaml:1:1');
    const list = await get('/api/v1/reports').expect(200);
    expect(list.body.broken).toHaveLength(1);
  });

  it('has tiles over the filtered rows', async () => {
    const { body } = await get('/api/v1/reports/everything/tiles?id=a&id=b').expect(200);
    expect(body.tiles.map(({ name, value }: { name: string; value: unknown }) => [name, value])).toEqual([
      ['rows', '2'],
      ['big', '9007199254740988'],
      ['price', '12.50'],
    ]);
    expect(body.filteredBy).toEqual(['Id a or b', 'At least -99999999999999999999']);
    await get('/api/v1/reports/everything/tiles?limit=2').expect(400);
  });
});
