/** The path of a request's target, without query and fragment. */
export function pathOf(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? '/';
}

/** The parameters of a request's target, in order, each with all of its values. */
export function parametersOf(url: string): ReadonlyMap<string, readonly string[]> {
  const start = url.indexOf('?');
  const found = new Map<string, string[]>();
  if (start < 0) return found;
  for (const [name, value] of new URLSearchParams(url.slice(start + 1))) {
    const values = found.get(name);
    if (values) values.push(value);
    else found.set(name, [value]);
  }
  return found;
}
