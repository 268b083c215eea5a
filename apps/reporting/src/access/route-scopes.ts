import type { Scope } from '@rollcall/reports/shown';
import { isApi } from '../http/security-headers.js';

/** What it takes to be answered by a route: a scope, or nothing. */
export type Requirement = Scope | 'nothing';

/**
 * Routes that ask for no token, each for a reason. What is not here, and not below, asks for the narrower scope: a route that somebody adds
 * is closed until it is given a place here.
 */
const OPEN: ReadonlyMap<string, string> = new Map([
  ['/healthz', 'probes have no token; it says that the loop turns'],
  ['/readyz', 'probes have no token; it names parts and error codes, no data'],
  ['/metrics', 'scrapers inside the network read it; labels are closed sets, no names of people or values of rows'],
  ['/api/v1/session', 'is where a token is shown; it says nothing before'],
  ['/*', 'the files of the web app, which hold no data: they draw the page that asks for the token'],
]);

/** Evidence and records are single rows of people; the rest of the API is sums. */
const RECORDS = ['/api/v1/reports/:report/evidence', '/api/v1/records', '/api/v1/quarantine', '/api/v1/runs'] as const;

/**
 * @param route the pattern that the router matched, never the path as sent; undefined: nothing matched
 * @param path as sent; decides only where nothing matched, and nothing is answered but that
 */
export function requirementOf(route: string | undefined, path: string): Requirement {
  // Not even which addresses there are is told to everybody.
  if ((route === undefined || route === '/*') && isApi(path)) return 'reports';
  if (route === undefined) return 'nothing';
  if (OPEN.has(route)) return 'nothing';
  if (RECORDS.some((prefix) => route === prefix || route.startsWith(`${prefix}/`) || route.startsWith(`${prefix}.`))) {
    return 'records';
  }
  return route.startsWith('/api/v1/') ? 'reports' : 'records';
}
