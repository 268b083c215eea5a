import { describe, expect, test } from 'vitest';
import { ERROR_POLICY, type ErrorCode } from './error-policy.js';
import { RollcallError } from './rollcall-error.js';

test('an error knows its code, its cause and the way out', () => {
  const cause = new Error('socket closed');
  const error = new RollcallError('nats/unavailable', 'nats: no answer', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: 'RollcallError',
    code: 'nats/unavailable',
    message: 'nats: no answer',
    cause,
    retry: 'timed',
  });
  expect(error.hint).toContain('NATS_URL');
});

describe.each(Object.entries(ERROR_POLICY))('%s', (code, { retry, hint }) => {
  test('is named `area/what`', () => {
    expect(code).toMatch(/^[a-z]+\/[a-z]+(-[a-z]+)*$/);
  });

  test('tells the operator a whole sentence', () => {
    expect(hint).toMatch(/^[A-Z].*[.]$/s);
    expect(hint).not.toContain('\n');
  });

  test('carries its rule into the error', () => {
    const error = new RollcallError(code as ErrorCode, 'what happened');
    expect([error.retry, error.hint]).toEqual([retry, hint]);
  });
});
