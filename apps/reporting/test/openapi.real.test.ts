import { z } from 'zod';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { templateOf } from '../src/api/openapi/openapi-document.js';
import { OPERATIONS } from '../src/api/openapi/operations.js';
import { apiBed, type ApiBed } from './api-bed.js';

const REPORT = '/api/v1/reports/everything';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: object;
    readonly description?: string;
  }[];
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Record<string, { schema: object }> }>
  >;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let bed: ApiBed;
let document: Document;
beforeAll(async () => {
  bed = await apiBed();
  document = (await supertest(bed.service.url).get('/api/v1/openapi.json').expect(200)).body;
});
afterAll(async () => {
  await bed[Symbol.asyncDispose]();
});

describe('the OpenAPI document', () => {
  it('has every route of the API, and no other', () => {
    const routes = bed.routes
      .filter((route) => / \/api\//.test(route) && !/^(HEAD|OPTIONS) /.test(route))
      .map((route) =>
        route.replace(/^(\w+) (.*)$/, (_, method: string, url: string) => `${method.toLowerCase()} ${templateOf(url)}`),
      );
    const described = OPERATIONS.map(({ method, route }) => `${method} ${templateOf(route)}`);
    expect(described.sort()).toEqual([...new Set(routes)].sort());
    for (const one of described) {
      const [method = '', path = ''] = one.split(' ');
      expect(document.paths[path]?.[method], one).toBeDefined();
    }
  });

  it('is sound: ids are told apart, references and path parameters lead somewhere, everything has a summary', () => {
    expect(document.openapi).toBe('3.1.1');
    const ids = new Set<string>();
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        expect(ids, operation.operationId).not.toContain(operation.operationId);
        ids.add(operation.operationId);
        expect(operation.summary, `${method} ${path}`).toMatch(/\w/);
        expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['200', 'default']));
        const inPath = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
        expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
        for (const parameter of operation.parameters) expect(parameter.schema).toBeTypeOf('object');
      }
    }
    const text = JSON.stringify(document);
    for (const [, name = ''] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
      expect(name).toMatch(/^#\/components\/schemas\/\w+$/);
      expect(document.components.schemas).toHaveProperty(name.split('/').at(-1) ?? '');
    }
    expect(text).not.toContain('"$schema"');
    expect(text).not.toContain('"$id"');
  });

  it("has a report's own filters as parameters", () => {
    const rows = document.paths[`${REPORT}/rows`]?.['get'];
    const names = rows?.parameters.map(({ name }) => name);
    expect(names).toEqual([
      ...['id', 'note', 'words', 'flag', 'small', 'big', 'price', 'ratio', 'day', 'at', 'least'],
      ...['format', 'bom', 'sort', 'limit', 'after'],
    ]);
    expect(rows?.parameters.find(({ name }) => name === 'day')?.description).toContain('last-30');
    expect(document.paths[`${REPORT}/charts/bigs.svg`]?.['get']?.operationId).toBe('drawSvg_everything_bigs');
  });

  it('says what the answers are', async () => {
    const answers: readonly [string, string][] = [
      ['listReports', '/api/v1/reports'],
      ['describeReport', REPORT],
      ['readRows', `${REPORT}/rows`],
      ['readTiles', `${REPORT}/tiles`],
      ['readChart', `${REPORT}/charts/bigs`],
      ['session', '/api/v1/session'],
      ['dictionary', '/api/v1/dictionary'],
      ['connect', `${REPORT}/connect`],
      ['runs', '/api/v1/runs'],
      ['quarantine', '/api/v1/quarantine'],
    ];
    for (const [id, path] of answers) {
      const { body } = await supertest(bed.service.url).get(path).expect(200);
      const shape = OPERATIONS.find((operation) => operation.id === id)?.answers['application/json'];
      if (!(shape instanceof z.ZodType)) throw new Error(`${id} has no shape`);
      expect(shape.safeParse(body).error?.issues, id).toBeUndefined();
    }
  });
});
