import { describe, expect, it } from 'vitest';
import { parseJsonText } from './parse-json.js';

describe('parseJsonText', () => {
  it('refuses a number that jsonb cannot hold, and only a number', () => {
    for (const text of ['1e9999', '{"a": [1, -2E+99999]}', '["x", 1e-1234, "1"]'])
      expect(parseJsonText(text)).toBeUndefined();
    for (const text of ['"1e9999"', '{"1e9999": "\\"2e9999\\\\"}', '[1e999]', '["\\\\", "1e9999"]'])
      expect(parseJsonText(text)).toBe(text);
  });

  it('takes a string of many megabytes', () => {
    const text = JSON.stringify({ long: 'e"1e9999\\'.repeat(1_000_000) });
    expect(parseJsonText(text) === text).toBe(true);
  });
});
