import { expect, test } from 'vitest';
import { askAgainMs } from './retry-plan.js';

test.each([0, 429, 502, 503, 504])('status %d passes: it is asked again, later and later', (status) => {
  expect(askAgainMs(status, 0, 1)).toBe(2000);
  expect(askAgainMs(status, 2, 1)).toBe(5000);
});

test('after five tries somebody has to say so', () => {
  expect(askAgainMs(503, 5, 1)).toBeUndefined();
});

test.each([400, 401, 403, 404, 500])('status %d is an answer', (status) => {
  expect(askAgainMs(status, 0, 1)).toBeUndefined();
});
