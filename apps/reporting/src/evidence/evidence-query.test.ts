import type { Report } from '@rollcall/reports';
import { describe, expect, it } from 'vitest';
import { readEvidenceQuery, writeCursor } from './evidence-query.js';

const column = (name: string, type: Report['columns'][number]['type']): Report['columns'][number] => ({
  name,
  type,
  label: name,
  description: '',
  format: 'text',
  additive: 'none',
  good: 'none',
});

const REPORT = {
  name: 'per_day',
  grain: ['day', 'platform'],
  columns: [column('day', { name: 'date' }), column('platform', { name: 'text' }), column('events', { name: 'int8' })],
  evidence: [{ dataset: 'app_events', sql: '', proves: [] }],
} as unknown as Report;

function read(search: string): ReturnType<typeof readEvidenceQuery> {
  const parameters = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(search))
    parameters.set(name, [...(parameters.get(name) ?? []), value]);
  return readEvidenceQuery(REPORT, parameters);
}

describe('readEvidenceQuery', () => {
  it('takes the grain as the row has it', () => {
    expect(read('day=2026-08-03&platform=ios')).toEqual({
      query: { grain: { day: '2026-08-03', platform: 'ios' }, limit: 50 },
    });
  });

  it('keeps every sign of a text, and reads ~ as in filters', () => {
    const text = `x'; DROP TABLE raw.answers; --  :day $1 %`;
    expect(read(`day=2026-08-03&platform=${encodeURIComponent(text)}`)).toMatchObject({
      query: { grain: { platform: text } },
    });
    expect(read('day=2026-08-03&platform=~')).toMatchObject({ query: { grain: { platform: null } } });
    expect(read('day=2026-08-03&platform=~~x')).toMatchObject({ query: { grain: { platform: '~x' } } });
  });

  it('reads its own cursors back', () => {
    const cursor = { dataset: 'app_events', position: '0001-0000000000000002-00000003', batch: '7' };
    expect(read(`day=2026-08-03&platform=ios&limit=2&after=${writeCursor(cursor)}`)).toMatchObject({
      query: { limit: 2, after: cursor },
    });
  });

  const OK = 'day=2026-08-03&platform=ios';
  it.each([
    ['day=2026-08-03', 'platform'],
    ['day=2026-02-30&platform=ios', 'day'],
    [`day=${encodeURIComponent("2026-08-03' OR true --")}&platform=ios`, 'day'],
    [`${OK}&platform=android`, 'platform'],
    [`day=2026-08-03&platform=${'x'.repeat(1_001)}`, 'platform'],
    ['day=2026-08-03&platform=~all', 'platform'],
    [`${OK}&events=1`, 'events'],
    [`${OK}&limit=0`, 'limit'],
    [`${OK}&limit=1001`, 'limit'],
    [`${OK}&after=!`, 'after'],
    [`${OK}&after=${Buffer.from('["app_events","x","1"]').toString('base64url')}`, 'after'],
    [`${OK}&after=${writeCursor({ dataset: 'answers', position: '0', batch: '1' })}`, 'after'],
  ])('refuses %s and names the parameter', (search, parameter) => {
    const refused = read(search);
    expect('errors' in refused && refused.errors.map((error) => error.parameter)).toEqual([parameter]);
  });
});
