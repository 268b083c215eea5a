import type { LogicalType } from '@rollcall/catalog';
import { describe, expect, it } from 'vitest';
import { cellOf, recordField } from './record-fields.js';

const TEXT: LogicalType = { name: 'text' };

describe('recordField', () => {
  it('shows instants of all three places in one form, with microseconds', () => {
    const type: LogicalType = { name: 'timestamptz' };
    const field = recordField({
      name: 'created_at',
      type,
      clean: '2021-06-02 10:44:54+00',
      raw: '2021-06-02 10:44:54+00',
      lake: { type, value: 1_622_630_694_000_000n },
    });
    const text = '2021-06-02T10:44:54.000000Z';
    expect(field).toEqual({
      name: 'created_at',
      type: 'timestamptz',
      clean: text,
      raw: text,
      lake: text,
      differs: false,
    });
    expect(cellOf(type, 1_622_630_694_000_001n)).toBe('2021-06-02T10:44:54.000001Z');
  });

  it.each<[string, LogicalType, string, string, boolean]>([
    ['numbers that are written otherwise', { name: 'numeric' }, '1.50', '1.5', false],
    ['numbers that are others', { name: 'numeric' }, '1.5', '1.51', true],
    ['whole numbers without a fraction', { name: 'numeric' }, '100', '1', true],
    ['JSON with its keys in another order', { name: 'json' }, '{"b": 1, "a": [2]}', '{"a":[2],"b":1}', false],
    ['JSON that says something else', { name: 'json' }, '{"a": [2, 1]}', '{"a":[1,2]}', true],
    ['a text with blanks around it', TEXT, 'ann', ' ann ', true],
    ['an empty text', TEXT, '', ' ', true],
    ['bytes that are the same', { name: 'bytes' }, String.raw`\x00ff`, String.raw`\x00FF`, false],
    ['bytes that are others', { name: 'bytes' }, String.raw`\x00ff`, String.raw`\x00fe`, true],
    ['large whole numbers', { name: 'int8' }, '9007199254740993', '9007199254740992', true],
  ])('compares %s', (_, type, raw, lake, differs) => {
    expect(recordField({ name: 'x', type, raw, lake: { type: TEXT, value: lake } }).differs).toBe(differs);
  });

  it('reads what lies in the lake under an older type as the type of today', () => {
    const field = recordField({
      name: 'amount',
      type: { name: 'int8' },
      clean: '7',
      raw: '7',
      lake: { type: { name: 'int4' }, value: 7 },
    });
    expect(field).toMatchObject({ clean: '7', raw: '7', lake: '7', differs: false });
  });

  it('tells NULL from an empty text', () => {
    const field = recordField({ name: 'x', type: TEXT, raw: null, lake: { type: TEXT, value: '' } });
    expect(field).toMatchObject({ raw: null, lake: '', differs: true });
  });

  it('finds no difference in a field that only one place has', () => {
    expect(recordField({ name: 'session_id', type: TEXT, clean: 's1' })).toMatchObject({ clean: 's1', differs: false });
  });
});
