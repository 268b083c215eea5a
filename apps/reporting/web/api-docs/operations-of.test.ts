import { expect, test } from 'vitest';
import { curlOf, operationsOf, requestOf } from './operations-of.js';

const document = {
  paths: {
    '/api/v1/reports/{report}/rows': {
      parameters: [{ $ref: '#/components/parameters/report' }],
      get: {
        summary: 'Rows',
        parameters: [
          { name: 'event', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
          { name: 'limit', in: 'query', schema: { type: 'integer', default: 50 } },
          { name: 'if-none-match', in: 'header', schema: { type: 'string' } },
        ],
        responses: { 200: { description: 'One page' } },
      },
    },
    '/api/v1/session': { post: { requestBody: {} } },
  },
  components: { parameters: { report: { name: 'report', in: 'path', required: true, schema: { type: 'string' } } } },
};

const [rows, session] = operationsOf(document);

test('shared parameters come first, references are followed, headers are left to the browser', () => {
  expect(rows?.parameters.map(({ name, place, isList }) => [name, place, isList])).toEqual([
    ['report', 'path', false],
    ['event', 'query', true],
    ['limit', 'query', false],
  ]);
  expect(rows?.id).toBe('get-reports-report-rows');
});

test('a request names its path, and each value of a list once', () => {
  if (rows === undefined) throw new Error('no operation');
  expect(requestOf(rows, { report: 'a b', event: 'x\ny', limit: '' }, '')).toEqual({
    method: 'GET',
    path: '/api/v1/reports/a%20b/rows?event=x&event=y',
  });
});

test('a shell gets the same request, quoted', () => {
  if (session === undefined) throw new Error('no operation');
  const request = requestOf(session, {}, `{"token":"it's"}`);
  expect(curlOf('http://localhost:4330', request, false)).toBe(
    [
      `curl -X POST 'http://localhost:4330/api/v1/session'`,
      `  -H 'Content-Type: application/json'`,
      String.raw`  --data '{"token":"it'\''s"}'`,
    ].join(' \\\n'),
  );
});

test('what is no document has no operations', () => {
  expect(operationsOf({})).toEqual([]);
});
