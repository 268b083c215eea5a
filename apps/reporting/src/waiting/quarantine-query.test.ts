import { describe, expect, it } from 'vitest';
import { readQuarantineQuery } from './quarantine-query.js';

function read(search: string): ReturnType<typeof readQuarantineQuery> {
  const parameters = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(search))
    parameters.set(name, [...(parameters.get(name) ?? []), value]);
  return readQuarantineQuery(parameters);
}

describe('readQuarantineQuery', () => {
  it('asks for the newest open entries of everything when nothing is said', () => {
    expect(read('')).toEqual({ query: { dataset: null, reason: null, status: 'open', after: null, limit: 50 } });
  });

  it('takes every parameter', () => {
    expect(read('dataset=answers&reason=not-json&status=all&after=17&limit=500')).toEqual({
      query: { dataset: 'answers', reason: 'not-json', status: 'all', after: '17', limit: 500 },
    });
  });

  it.each([
    ['status=gone', 'status'],
    ['after=1;drop table', 'after'],
    ['after=0', 'after'],
    ['after=-1', 'after'],
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=ten', 'limit'],
    ['dataset=a&dataset=b', 'dataset'],
    ['contents=yes', 'contents'],
  ])('refuses %s and names the parameter', (search, parameter) => {
    const refused = read(search);
    expect('errors' in refused && refused.errors.map((error) => error.parameter)).toEqual([parameter]);
  });
});
