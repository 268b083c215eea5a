import { expect, test } from 'vitest';
import { requirementOf } from './route-scopes.js';

test.each([
  ['/healthz', '/healthz', 'nothing'],
  ['/api/v1/session', '/api/v1/session', 'nothing'],
  ['/*', '/reports/x', 'nothing'],
  ['/*', '/api/v1/none', 'reports'],
  [undefined, '/api', 'reports'],
  [undefined, '/else', 'nothing'],
  ['/api/v1/reports', '/api/v1/reports', 'reports'],
  ['/api/v1/live', '/api/v1/live', 'reports'],
  ['/api/v1/reports/:report/charts/:chart.png', '/x', 'reports'],
  ['/api/v1/reports/:report/evidence', '/x', 'records'],
  ['/api/v1/reports/:report/evidence.csv', '/x', 'records'],
  ['/api/v1/records/:dataset/:batch/:position', '/x', 'records'],
  ['/api/v1/quarantine', '/x', 'records'],
  ['/api/v1/runs', '/x', 'records'],
  ['/something/new', '/x', 'records'],
])('%s (%s) asks for %s', (route, path, requirement) => {
  expect(requirementOf(route, path)).toBe(requirement);
});
