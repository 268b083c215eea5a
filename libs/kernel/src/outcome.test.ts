import { expect, test } from 'vitest';
import { dead, ok, skip, type Outcome } from './outcome.js';

test('each verdict carries what its reader needs', () => {
  expect(ok(7)).toEqual({ kind: 'ok', value: 7 });
  expect(skip('empty')).toEqual({ kind: 'skip', reason: 'empty' });
  expect(dead('bad-key', 'created_at')).toEqual({ kind: 'dead', reason: 'bad-key', cause: 'created_at' });
});

test('a verdict without a cause has no such field', () => {
  expect(Object.keys(dead('bad-key'))).toEqual(['kind', 'reason']);
});

test('a stage may return any of them', () => {
  const stage = (input: number): Outcome<number> =>
    input < 0 ? dead('negative') : input === 0 ? skip('zero') : ok(input);
  expect([-1, 0, 1].map((input) => stage(input).kind)).toEqual(['dead', 'skip', 'ok']);
});
