import type { Path } from '@rollcall/catalog';
import { isRecord } from './refused-parts.js';

/** Names that a specification gives to values of its own; `undefined`: it makes names out of values (pivot), so nothing can be said. */
function derivedNames(spec: unknown): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  let open = false;
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isRecord(value)) return;
    const { as } = value;
    for (const name of Array.isArray(as) ? as : [as]) if (typeof name === 'string') names.add(name);
    if ('pivot' in value) open = true;
    if ('fold' in value && as === undefined) for (const name of ['key', 'value']) names.add(name);
    if ('density' in value && as === undefined) for (const name of ['value', 'density']) names.add(name);
    if ('quantile' in value && as === undefined) for (const name of ['prob', 'value']) names.add(name);
    Object.values(value).forEach(visit);
  };
  visit(spec);
  return open ? undefined : names;
}

export interface UnknownField {
  readonly path: Path;
  readonly name: string;
}

/** Where a specification names what is neither a column nor derived. */
export function unknownFields(spec: unknown, columns: readonly string[]): readonly UnknownField[] {
  const derived = derivedNames(spec);
  if (derived === undefined) return [];
  const known = (name: string) => columns.includes(name) || derived.has(name) || name.startsWith('__');
  return namedFields(spec, []).filter(({ name }) => !known(name));
}

const LISTS = new Set(['groupby', 'fold', 'stack', 'flatten', 'repeat']);

function namedFields(value: unknown, path: Path): readonly UnknownField[] {
  if (Array.isArray(value)) return value.flatMap((item, at) => namedFields(item, [...path, at]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const here = [...path, key];
    if (key === 'field' && typeof part === 'string') return [{ path: here, name: plainName(part) }];
    if (LISTS.has(key) && Array.isArray(part)) {
      return part.flatMap((name, at) =>
        typeof name === 'string' ? [{ path: [...here, at], name: plainName(name) }] : [],
      );
    }
    return namedFields(part, here);
  });
}

/** `a\.b` is the column `a.b`. */
function plainName(field: string): string {
  return field.replace(/\\(.)/g, '$1');
}
