import { RollcallError, type ErrorCode } from '@rollcall/kernel';
import { expect, it } from 'vitest';
import { describeFailure } from './startup-failure.js';

it('puts every fault on a line of its own, and the way out below', () => {
  const error = new RollcallError('config/invalid', 'PORT: is not a port number\nLAKE_URL: is missing');
  expect(describeFailure('loader', error).text.split('\n')).toEqual([
    'loader cannot run: config/invalid',
    '  PORT: is not a port number',
    '  LAKE_URL: is missing',
    `  -> ${error.hint}`,
  ]);
});

it.each<[ErrorCode, number]>([
  ['config/invalid', 78],
  ['catalog/invalid', 78],
  ['nats/unavailable', 69],
  ['nats/too-old', 69],
  ['lake/unavailable', 69],
])('%s ends with exit code %i', (code, exitCode) => {
  expect(describeFailure('loader', new RollcallError(code, 'm')).exitCode).toBe(exitCode);
});

it('an error nobody knows is one line and exit code 70', () => {
  expect(describeFailure('loader', new TypeError('x is not a function\nsecond line'))).toEqual({
    exitCode: 70,
    text: 'loader: unexpected error: TypeError: x is not a function',
  });
  expect(describeFailure('loader', 'text')).toMatchObject({ exitCode: 70 });
});
