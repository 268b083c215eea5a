import { expect, test } from 'vitest';
import { safeNext } from './safe-next.js';

test('a path of the app is followed', () => {
  expect(safeNext('/reports/answers_per_session?mode=half_day')).toBe('/reports/answers_per_session?mode=half_day');
});

test.each([null, '', 'https://example.org', '//example.org', '/\\example.org', '/sign-in?next=/'])(
  '%s leads to the overview',
  (next) => expect(safeNext(next)).toBe('/'),
);
