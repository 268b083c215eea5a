export interface TableName {
  readonly schema: string;
  readonly name: string;
}

const PART = String.raw`(?:"((?:[^"]|"")+)"|([^."\s]+))`;
const SHAPE = new RegExp(String.raw`^${PART}(?:\.${PART})?$`, 'u');

/**
 * Reads `users`, `public.users` or `"My schema"."Users"`; without a schema it is `public`. Parts without quotes are folded to
 * lower case, as SQL does. Undefined when it is no such name.
 */
export function parseTableName(text: string): TableName | undefined {
  const [, firstQuoted, firstPlain, secondQuoted, secondPlain] = SHAPE.exec(text) ?? [];
  const first = part(firstQuoted, firstPlain);
  const second = part(secondQuoted, secondPlain);
  if (first === undefined) return undefined;
  return second === undefined ? { schema: 'public', name: first } : { schema: first, name: second };
}

/** As a catalog file and `parseTableName` take it: quoted only where it must be. */
export function formatTableName({ schema, name }: TableName): string {
  return `${written(schema)}.${written(name)}`;
}

function part(quoted: string | undefined, plain: string | undefined): string | undefined {
  return quoted === undefined ? plain?.toLowerCase() : quoted.replaceAll('""', '"');
}

function written(name: string): string {
  return /^[^."\s]+$/u.test(name) && name === name.toLowerCase() ? name : `"${name.replaceAll('"', '""')}"`;
}
