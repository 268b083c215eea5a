import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.js';

describe('parseJson', () => {
  it('keeps the digits of numbers that JavaScript would round', () => {
    expect(parseJson('{"id":9007199254740993,"amount":0.12345678901234567890,"n":[12345678901234567890123]}')).toEqual({
      id: '9007199254740993',
      amount: '0.12345678901234567890',
      n: ['12345678901234567890123'],
    });
  });

  it('leaves exact numbers numbers, also beside long ones and in long strings', () => {
    expect(parseJson('{"a":12,"b":-0.5,"c":1e3,"d":"1234567890123456789","e":9007199254740991}')).toEqual({
      a: 12,
      b: -0.5,
      c: 1000,
      d: '1234567890123456789',
      e: 9007199254740991,
    });
  });

  it('says undefined for what is not JSON', () => {
    for (const text of ['', '{', '{"a":1', 'nope', '{"a":1234567890123456789', "{'a':1}"])
      expect(parseJson(text)).toBeUndefined();
  });
});
