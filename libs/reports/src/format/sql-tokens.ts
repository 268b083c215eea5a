/** A piece of SQL that means something to the server; comments and blanks are none. Offsets are UTF-16 units. */
export interface SqlToken {
  /** `quoted`: an identifier in double quotes. `parameter`: `:name`. */
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'sign';
  /** `word`: in lower case. `quoted`, `parameter`: the name. Others: as it stands. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface ScannedSql {
  readonly tokens: readonly SqlToken[];
  /** Something that begins and does not end: a text, a name in quotes, a comment. */
  readonly unclosed?: { readonly what: string; readonly start: number };
}

interface Piece {
  readonly pattern: RegExp;
  readonly kind?: SqlToken['kind'];
  readonly text?: (match: RegExpExecArray) => string;
}

/** Tried in this order at every place. All are sticky, and none needs to look back over what it has read. */
const PIECES: readonly Piece[] = [
  { pattern: /\s+|--[^\r\n]*/y },
  { pattern: /[eE]'(?:[^'\\]|\\[\s\S]|'')*'/y, kind: 'string' },
  { pattern: /(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*'/y, kind: 'string' },
  { pattern: /\$([\p{L}_][\p{L}\p{N}_]*)?\$[\s\S]*?\$\1\$/uy, kind: 'string' },
  { pattern: /(?:[uU]&)?"((?:[^"]|"")*)"/y, kind: 'quoted', text: (match) => (match[1] ?? '').replaceAll('""', '"') },
  { pattern: /[\p{L}_][\p{L}\p{N}_$]*/uy, kind: 'word', text: ([whole]) => whole.toLowerCase() },
  { pattern: /(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y, kind: 'number' },
  { pattern: /::|:=/y, kind: 'sign' },
  { pattern: /:([a-zA-Z_]\w*)/y, kind: 'parameter', text: (match) => match[1] ?? '' },
  { pattern: /[\s\S]/uy, kind: 'sign' },
];

const OPENINGS: readonly (readonly [RegExp, string])[] = [
  [/(?:[eEbBxXnN]|[uU]&)?'/y, 'a text'],
  [/(?:[uU]&)?"/y, 'a name in quotes'],
  [/\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy, 'a text in dollar quotes'],
];

/** Cuts SQL (as Postgres reads it, with standard_conforming_strings) into tokens. Never throws; time grows with the length. */
export function scanSql(sql: string): ScannedSql {
  const tokens: SqlToken[] = [];
  let at = 0;
  while (at < sql.length) {
    if (sql.startsWith('/*', at)) {
      const end = commentEnd(sql, at);
      if (end === undefined) return { tokens, unclosed: { what: 'a comment', start: at } };
      at = end;
      continue;
    }
    const { piece, match } = pieceAt(sql, at);
    const end = at + match[0].length;
    if (piece.kind === 'word' || piece.kind === 'sign') {
      const what = unclosedAt(sql, at);
      if (what !== undefined) return { tokens, unclosed: { what, start: at } };
    }
    if (piece.kind !== undefined) {
      tokens.push({ kind: piece.kind, text: piece.text?.(match) ?? match[0], start: at, end });
    }
    at = end;
  }
  return { tokens };
}

function pieceAt(sql: string, at: number): { readonly piece: Piece; readonly match: RegExpExecArray } {
  for (const piece of PIECES) {
    piece.pattern.lastIndex = at;
    const match = piece.pattern.exec(sql);
    if (match) return { piece, match };
  }
  throw new Error('the last piece takes any character');
}

/** What begins here without an end: had it one, a piece before would have taken it. */
function unclosedAt(sql: string, at: number): string | undefined {
  for (const [opening, what] of OPENINGS) {
    opening.lastIndex = at;
    if (opening.test(sql)) return what;
  }
  return undefined;
}

/** Comments nest. */
function commentEnd(sql: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < sql.length; at++) {
    if (sql.startsWith('/*', at)) {
      depth++;
      at++;
    } else if (sql.startsWith('*/', at)) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

/** Replaces every `:name` by what `put` gives for it. */
export function withParameters(sql: string, put: (name: string, token: SqlToken) => string): string {
  let out = '';
  let done = 0;
  for (const token of scanSql(sql).tokens) {
    if (token.kind !== 'parameter') continue;
    out += sql.slice(done, token.start) + put(token.text, token);
    done = token.end;
  }
  return out + sql.slice(done);
}
