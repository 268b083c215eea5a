/** Pages: nothing but the service's own files; no HTML made of text except by Svelte's own policy. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html',
].join('; ');

/** Data opened in a tab of its own may do nothing at all. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** An SVG is a document that could hold scripts; opened as one it has no origin and runs nothing. */
export const IMAGE_POLICY = `sandbox; ${DATA_POLICY}`;

export interface SecurityOptions {
  /** People reach the service by https: browsers are told to come back that way only. */
  readonly https: boolean;
}

/** What every answer carries, whatever its status. `Cache-Control` is the strictest; whoever answers may loosen it. */
export function securityHeaders(path: string, { https }: SecurityOptions): Readonly<Record<string, string>> {
  const isData = isApi(path);
  return {
    'content-security-policy': isData ? DATA_POLICY : PAGE_POLICY,
    ...(https && { 'strict-transport-security': 'max-age=31536000' }),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    'x-frame-options': 'DENY',
    ...(isData
      ? { 'cache-control': 'private, no-cache', vary: 'Accept, Accept-Encoding, Authorization, Cookie' }
      : { 'cache-control': 'no-store', vary: 'Accept, Accept-Encoding' }),
  };
}

export function isApi(path: string): boolean {
  return path === '/api' || path.startsWith('/api/');
}
