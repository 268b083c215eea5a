import type { IncomingHttpHeaders } from 'node:http';

/** A request, taken apart: what was signed and what was meant. */
export interface S3Request {
  readonly method: string;
  /** '' for the service itself. */
  readonly bucket: string;
  /** '' for the bucket itself. */
  readonly key: string;
  /** The path, decoded once. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
}

/** Takes a request apart (path style: /bucket/key). */
export function parseRequest(method: string, url: string, headers: IncomingHttpHeaders): S3Request {
  const cut = url.indexOf('?');
  const path = decodeURIComponent(cut < 0 ? url : url.slice(0, cut));
  const slash = path.indexOf('/', 1);
  const bucket = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const key = slash < 0 ? '' : path.slice(slash + 1);
  return { method, bucket, key, path, query: parseQuery(cut < 0 ? '' : url.slice(cut + 1)), headers };
}

/** A header's one value; undefined when it is absent. */
export function headerOf({ headers }: Pick<S3Request, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function parseQuery(text: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const part of text.split('&')) {
    if (part === '') continue;
    const [name = '', value = ''] = part.split(/=(.*)/s).map((p) => decodeURIComponent(p.replaceAll('+', ' ')));
    query.set(name, value);
  }
  return query;
}
