import { expect, test } from 'vitest';
import { reportPath, routeOf, withQuery } from './route-of.js';

test('every page has its address', () => {
  expect(routeOf('/')).toEqual({ page: 'overview' });
  expect(routeOf('/quarantine')).toEqual({ page: 'quarantine' });
  expect(routeOf('/dictionary/')).toEqual({ page: 'dictionary' });
  expect(routeOf('/reports/answers_per_session')).toEqual({ page: 'report', report: 'answers_per_session' });
  expect(routeOf('/reports/answers_per_session/evidence')).toEqual({ page: 'evidence', report: 'answers_per_session' });
});

test.each(['/nothing', '/reports', '/reports/a/b', '/reports/a/evidence/c', '/constructor', '/reports/%E0%A4%A'])(
  '%s is not found',
  (path) => expect(routeOf(path)).toEqual({ page: 'not-found' }),
);

test('a name with a slash survives the way through an address', () => {
  expect(routeOf(reportPath('a/b'))).toEqual({ page: 'report', report: 'a/b' });
});

test('without parameters an address has no question mark', () => {
  expect(withQuery('/reports/a', new URLSearchParams())).toBe('/reports/a');
  expect(withQuery('/reports/a', new URLSearchParams({ day: '2026-08-03..' }))).toBe('/reports/a?day=2026-08-03..');
});
