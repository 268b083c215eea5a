/** The cookie's name: browsers take `__Host-` only with Secure, without Domain and for `/`, so no other host can set it. */
function nameOf(https: boolean): string {
  return https ? '__Host-rollcall' : 'rollcall';
}

/** A `Set-Cookie` value. `seconds` 0 removes it. */
export function sessionCookie(value: string, seconds: number, https: boolean): string {
  const secure = https ? '; Secure' : '';
  return `${nameOf(https)}=${value}; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Strict${secure}`;
}

export function cookieValue(header: string | undefined, https: boolean): string | undefined {
  const name = nameOf(https);
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}
