import { ERROR_POLICY, RollcallError, type ErrorCode } from '@rollcall/kernel';
import { describe, expect, it } from 'vitest';
import { EXIT, exitCodeOf } from './exit-code.js';

describe('exitCodeOf', () => {
  it.each([
    ['config/invalid', EXIT.configuration],
    ['warehouse/schema-behind', EXIT.configuration],
    ['nats/unavailable', EXIT.unavailable],
    ['warehouse/timeout', EXIT.unavailable],
    ['lake/not-found', EXIT.findings],
  ] as const)('%s -> %i', (code, exit) => {
    expect(exitCodeOf(new RollcallError(code, 'x'))).toBe(exit);
  });

  it('calls everything without a name a bug', () => {
    expect(exitCodeOf(new TypeError('x'))).toBe(EXIT.bug);
  });

  it('gives every outage the code that says: try later', () => {
    const codes = Object.keys(ERROR_POLICY) as ErrorCode[];
    for (const code of codes.filter((c) => c.endsWith('/unavailable'))) {
      expect(exitCodeOf(new RollcallError(code, 'x'))).toBe(EXIT.unavailable);
    }
  });
});
