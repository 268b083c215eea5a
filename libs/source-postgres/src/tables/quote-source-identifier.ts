/** The one function that puts a name of the source into SQL. Throws RangeError on what cannot be a name. */
export function quoteSourceIdentifier(name: string): string {
  if (name === '' || name.includes('\0')) throw new RangeError('identifier: empty, or holds NUL');
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"schema"."name"`. */
export function qualifiedSource(schema: string, name: string): string {
  return `${quoteSourceIdentifier(schema)}.${quoteSourceIdentifier(name)}`;
}

/** A text literal, where parameters are not allowed. */
export function quoteSourceLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
