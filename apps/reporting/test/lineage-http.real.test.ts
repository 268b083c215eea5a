import { fileURLToPath } from 'node:url';
import { loadCatalog } from '@rollcall/catalog';
import type {
  ConnectAnswer,
  DictionaryAnswer,
  OverviewAnswer,
  Problem,
  QuarantineAnswer,
} from '@rollcall/reports/shown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiBed, type ApiBed } from './api-bed.js';
import { elementsOf, parseXml } from './parse-xml.js';

const CATALOG = fileURLToPath(new URL('../../../catalog', import.meta.url));

let bed: ApiBed;

beforeAll(async () => {
  bed = await apiBed({
    env: { BI_URL: 'postgres://ann@bi.example.org:6432/engagement?sslmode=require', REQUIRE_TOKEN: 'true' },
  });
}, 60_000);

afterAll(async () => bed[Symbol.asyncDispose]());

async function get(path: string, scopes: readonly string[] = ['reports', 'records']): Promise<Response> {
  const { token } = await bed.token(scopes);
  return fetch(`${bed.service.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
}

async function json<T>(path: string): Promise<T> {
  const response = await get(path);
  expect(response.status, path).toBe(200);
  expect(response.headers.get('content-type')).toContain('application/json');
  return (await response.json()) as T;
}

describe('the hand-off to BI tools', () => {
  const CONNECT = '/api/v1/reports/everything/connect';

  it('says where the view is and how each kind of tool reaches it', async () => {
    expect(await json<ConnectAnswer>(CONNECT)).toMatchObject({
      host: 'bi.example.org',
      port: 6432,
      database: 'engagement',
      schema: 'report',
      view: 'everything',
      user: 'ann',
      url: 'postgresql://ann@bi.example.org:6432/engagement?sslmode=require',
    });
  });

  it('is a file for Power BI', async () => {
    const response = await get(`${CONNECT}.pbids`);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="everything.pbids"');
    expect(await response.json()).toMatchObject({
      connections: [{ details: { address: { server: 'bi.example.org:6432', database: 'engagement' } } }],
    });
  });

  it('is a file for Tableau', async () => {
    const response = await get(`${CONNECT}.tds`);
    expect(response.headers.get('content-type')).toContain('application/xml');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="everything.tds"');
    const root = parseXml(await response.text());
    expect(elementsOf(root, 'column').map(({ attributes }) => attributes['name'])).toEqual(
      ['id', 'note', 'flag', 'small', 'big', 'price', 'exact', 'ratio', 'day', 'at'].map((name) => `[${name}]`),
    );
  });

  it.each([CONNECT, `${CONNECT}.pbids`, `${CONNECT}.tds`])('knows no report of another name: %s', async (path) => {
    const response = await get(path.replace('everything', 'nothing'));
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'report-not-found' });
  });
});

describe('the pages beside the reports', () => {
  it('have a dictionary of everything that is served', async () => {
    const dictionary = await json<DictionaryAnswer>('/api/v1/dictionary');
    expect(dictionary.reports.map(({ report }) => report)).toEqual(['everything']);
    expect(dictionary.datasets.map(({ dataset }) => dataset)).toEqual(
      [...(await loadCatalog(CATALOG)).datasets.keys()].sort(),
    );
  });

  it('have an overview also while the broker is away', async () => {
    const overview = await json<OverviewAnswer>('/api/v1/overview');
    expect(overview).toMatchObject({ health: 'degraded', lag: null, deadLetters: null });
    expect(overview.reports.map(({ report }) => report)).toEqual(['everything']);
  });

  it('have the runs, the newest first, as many as asked for', async () => {
    for (const [runId, minute] of [
      ['r1', '01'],
      ['r2', '02'],
      ['r3', '03'],
    ] as const) {
      const at = `2026-01-02T03:${minute}:00.123456Z`;
      await bed.ops.recordRun({
        runId,
        kind: 'logs',
        source: 'app',
        read: 5_000_000_000,
        batches: 2,
        rejected: 1,
        verdict: 'succeeded',
        requestedBy: 'ann',
        startedAt: at,
        finishedAt: at,
      });
    }
    const { runs } = await json<{ runs: OverviewAnswer['runs'] }>('/api/v1/runs?limit=2');
    expect(runs.map(({ runId }) => runId)).toEqual(['r3', 'r2']);
    expect(runs[0]).toMatchObject({ read: 5_000_000_000, finishedAt: '2026-01-02T03:03:00.123456Z' });
  });

  it('have a quarantine that is empty and says so', async () => {
    expect(await json<QuarantineAnswer>('/api/v1/quarantine')).toEqual({
      groups: [],
      total: 0,
      entries: [],
      next: null,
      held: [],
    });
  });

  it.each([
    ['/api/v1/runs?limit=0', 'limit'],
    ['/api/v1/quarantine?status=gone', 'status'],
    ['/api/v1/reports/everything/evidence', 'id'],
  ])('refuse %s by naming the parameter', async (path, parameter) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    const problem = (await response.json()) as Problem;
    expect(problem).toMatchObject({ code: 'bad-parameters', errors: [{ parameter }] });
  });

  it.each([
    '/api/v1/reports/everything/evidence?id=a',
    '/api/v1/records/answers/1/0001-0000000000000001-00000001',
    '/api/v1/quarantine',
    '/api/v1/runs',
  ])('show single records to nobody without the scope: %s', async (path) => {
    expect((await get(path, ['reports'])).status).toBe(403);
  });
});
