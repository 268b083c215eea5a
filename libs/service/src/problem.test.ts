import { expect, test } from 'vitest';
import { problem, statusOf } from './problem.js';

test('a problem has the title of its status, and says when to come back only where that helps', () => {
  expect(problem(503, 'away', 5)).toEqual({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    detail: 'away',
    retryAfterSeconds: 5,
  });
  expect(problem(418, 'no')).toEqual({ type: 'about:blank', title: 'Error', status: 418, detail: 'no' });
});

test('the status of an error is what Nest or fastify named, and 500 for a bug', () => {
  expect(statusOf({ getStatus: () => 404 })).toBe(404);
  expect(statusOf(Object.assign(new Error('large'), { statusCode: 413 }))).toBe(413);
  expect([statusOf(new TypeError('a bug')), statusOf(undefined), statusOf('text')]).toEqual([500, 500, 500]);
});
