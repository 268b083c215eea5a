/**
 * Reads the text of a `.env` file: `NAME=value`, `export NAME=value`, `#` comments, single quotes as they are, double quotes with
 * \n and \". Nothing is expanded. Lines that are none of these are reported by number, never by content.
 */
export function parseDotenv(text: string): {
  readonly values: Readonly<Record<string, string>>;
  readonly badLines: readonly number[];
} {
  const values: Record<string, string> = {};
  const badLines: number[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const parts = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line);
    const value = parts && readValue(parts[2] ?? '');
    if (parts?.[1] === undefined || value === undefined || value === null) badLines.push(index + 1);
    else values[parts[1]] = value;
  }
  return { values, badLines };
}

function readValue(text: string): string | undefined {
  const quote = text.charAt(0);
  if (quote !== "'" && quote !== '"') return text.replace(/\s+#.*$/, '').trim();
  const end = quote === "'" ? text.indexOf("'", 1) : closingQuote(text);
  if (end < 0 || !/^\s*(#.*)?$/.test(text.slice(end + 1))) return undefined;
  const body = text.slice(1, end);
  return quote === "'" ? body : body.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
}

function closingQuote(text: string): number {
  for (let at = 1; at < text.length; at++) {
    if (text.charAt(at) === '\\') at += 1;
    else if (text.charAt(at) === '"') return at;
  }
  return -1;
}
