import { expect, test } from 'vitest';
import { evidencePath } from './evidence-path.js';

test('a row is named by its grain, in the order of the grain', () => {
  const row = { answers: '4', session_id: 'a b', mode: 'gap' };
  expect(evidencePath('answers_per_session', ['mode', 'session_id'], row)).toBe(
    '/reports/answers_per_session/evidence?mode=gap&session_id=a+b',
  );
});

test('no value and a leading tilde keep apart', () => {
  expect(evidencePath('r', ['a', 'b'], { a: null, b: '~' })).toBe('/reports/r/evidence?a=%7E&b=%7E%7E');
});
