import { describe, expect, it } from 'vitest';
import { recordOf } from './record-of.js';

const header = JSON.stringify(['user', 'event_id', 'sent_at']);

describe('recordOf CSV', () => {
  it.each([
    ['u1,e1,2026-01-02', { user: 'u1', event_id: 'e1', sent_at: '2026-01-02' }],
    ['u1;e1;2026-01-02\r\n', { user: 'u1', event_id: 'e1', sent_at: '2026-01-02' }],
    ['u1\te1\t', { user: 'u1', event_id: 'e1' }],
    ['u1|e1|x', { user: 'u1', event_id: 'e1', sent_at: 'x' }],
    ['"a,""b""","line\nbreak",', { user: 'a,"b"', event_id: 'line\nbreak' }],
    [',,', {}],
    ['u1,it"s,x', { user: 'u1', event_id: 'it"s', sent_at: 'x' }],
  ])('%j', (text, record) => {
    expect(recordOf({ format: 'csv', header }, text)).toEqual({ ok: true, record });
  });

  it.each([
    ['u1,e1', header, 'does not have the 3 fields'],
    ['"u1,e1,x', header, 'does not have the 3 fields'],
    ['u1,e1,x', undefined, 'header of its file was not kept'],
    ['u1,e1,x', '{"no":"array"}', 'header of its file was not kept'],
  ])('%j under %j cannot', (text, under, why) => {
    const result = recordOf({ format: 'csv', ...(under !== undefined && { header: under }) }, text);
    expect(result).toMatchObject({ ok: false });
    expect(!result.ok && result.why).toContain(why);
  });
});

describe('recordOf JSON', () => {
  it('takes an object as it is', () => {
    expect(recordOf({ format: 'json' }, '{"id":"A","n":""}')).toEqual({ ok: true, record: { id: 'A', n: '' } });
  });

  it.each(['{"id":', '[1]', 'null', '"x"'])('%s needs mending', (text) => {
    expect(recordOf({ format: 'json' }, text)).toMatchObject({ ok: false });
  });
});
