import { describe, expect, it } from 'vitest';
import { logicalTypeOf, selectText } from './export-column.js';

describe('logicalTypeOf', () => {
  it.each([
    ['int8', -1, { name: 'int8' }],
    ['varchar', 24, { name: 'text' }],
    ['numeric', -1, { name: 'numeric' }],
    // numeric(12,2): ((12 << 16) | 2) + 4
    ['numeric', 786438, { name: 'decimal', precision: 12, scale: 2 }],
    // numeric(50,2) does not fit 38 digits
    ['numeric', ((50 << 16) | 2) + 4, { name: 'numeric' }],
    // numeric(5,-2): scale is negative
    ['numeric', ((5 << 16) | (-2 & 0x7ff)) + 4, { name: 'numeric' }],
    ['_text', -1, { name: 'array' }],
    ['jsonb', -1, { name: 'json' }],
    ['inet', -1, { name: 'other' }],
  ])('%s (%i) -> %j', (type, modifier, expected) => {
    expect(logicalTypeOf({ name: 'x', type, modifier })).toEqual(expected);
  });
});

describe('selectText', () => {
  it('asks for arrays as JSON', () => {
    expect(selectText({ name: 'x', type: '_text', modifier: -1 }, '"x"')).toBe('to_json("x")::text');
    expect(selectText({ name: 'x', type: 'timestamptz', modifier: -1 }, '"x"')).toBe('"x"::text');
  });
});
