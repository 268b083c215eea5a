const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Whether a `Host` header names this service. Asked where nobody has to sign in: a foreign page whose name was made to point at 127.0.0.1
 * (DNS rebinding) would otherwise read everything through the browser of whoever opened it.
 * @param publicHost a further name, with or without port
 */
export function isOwnHost(host: string | undefined, publicHost: string | undefined): boolean {
  if (host === undefined) return false;
  const name = withoutPort(host.toLowerCase());
  return LOCAL.includes(name) || (publicHost !== undefined && name === withoutPort(publicHost.toLowerCase()));
}

function withoutPort(host: string): string {
  return host.replace(/:\d*$/, '').replace(/\.$/, '');
}
