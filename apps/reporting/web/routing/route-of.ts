/** What page an address means. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'report'; readonly report: string }
  | { readonly page: 'evidence'; readonly report: string }
  | { readonly page: 'runs' }
  | { readonly page: 'quarantine' }
  | { readonly page: 'dictionary' }
  | { readonly page: 'api-docs' }
  | { readonly page: 'sign-in' }
  | { readonly page: 'not-found' };

const PLAIN: Readonly<Record<string, Route>> = {
  '': { page: 'overview' },
  runs: { page: 'runs' },
  quarantine: { page: 'quarantine' },
  dictionary: { page: 'dictionary' },
  'api-docs': { page: 'api-docs' },
  'sign-in': { page: 'sign-in' },
};
const NOT_FOUND: Route = { page: 'not-found' };

export function routeOf(path: string): Route {
  const [first = '', second, third, ...more] = path.replace(/^\/|\/$/g, '').split('/');
  if (second === undefined) return Object.hasOwn(PLAIN, first) ? (PLAIN[first] ?? NOT_FOUND) : NOT_FOUND;
  if (first !== 'reports' || more.length > 0) return NOT_FOUND;
  const report = decoded(second);
  if (report === undefined || report === '') return NOT_FOUND;
  if (third === undefined) return { page: 'report', report };
  return third === 'evidence' ? { page: 'evidence', report } : NOT_FOUND;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

export function reportPath(report: string): string {
  return `/reports/${encodeURIComponent(report)}`;
}

/** An address inside the app with its parameters; none leaves no `?`. */
export function withQuery(path: string, params: URLSearchParams): string {
  const query = params.toString();
  return query === '' ? path : `${path}?${query}`;
}
