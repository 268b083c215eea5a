import { scanSql, type SqlToken } from './sql-tokens.js';

/** Something wrong with a SQL text, `offset` UTF-16 units into it. */
export interface SqlFault {
  readonly offset: number;
  readonly rule: string;
  readonly message: string;
}

/** Words that begin a statement that changes something, or takes the session over. */
const REFUSED = new Set(
  'alter analyze call checkpoint cluster comment copy create deallocate delete discard do drop execute grant import insert listen load lock merge notify prepare reindex refresh release reset revoke rollback savepoint set truncate unlisten update vacuum begin commit explain'.split(
    ' ',
  ),
);

/** Whether this is one bare SELECT (or WITH … SELECT), and can stand in parentheses inside another statement. */
export function selectFaults(sql: string, what: string): readonly SqlFault[] {
  const { tokens, unclosed } = scanSql(sql);
  const [first] = tokens;
  if (first === undefined && !unclosed) {
    return [{ offset: 0, rule: 'sql-empty', message: `${what} is empty; write one SELECT` }];
  }
  const faults = [...shapeFaults(sql, what), ...statementFaults(tokens, what)];
  const into = topLevel(tokens).find(({ kind, text }) => kind === 'word' && text === 'into');
  if (into) {
    faults.push({
      offset: into.start,
      rule: 'sql-statement',
      message: `${what} only reads; SELECT … INTO makes a table`,
    });
  }
  return faults;
}

/** Whether this is one expression that can stand in parentheses. */
export function expressionFaults(sql: string, what: string): readonly SqlFault[] {
  if (scanSql(sql).tokens.length === 0) {
    return [{ offset: 0, rule: 'sql-empty', message: `${what} is empty` }];
  }
  return shapeFaults(sql, what);
}

/** What would let a text reach beyond the parentheses around it. */
function shapeFaults(sql: string, what: string): SqlFault[] {
  const { tokens, unclosed } = scanSql(sql);
  const faults: SqlFault[] = [];
  if (sql.includes('\0')) {
    faults.push({ offset: sql.indexOf('\0'), rule: 'sql-statement', message: `${what} holds a NUL character` });
  }
  if (unclosed) {
    faults.push({
      offset: unclosed.start,
      rule: 'sql-unclosed',
      message: `${unclosed.what} begins here and does not end`,
    });
  }
  const open: number[] = [];
  for (const token of tokens) {
    if (token.kind !== 'sign') continue;
    if (token.text === ';') {
      faults.push({ offset: token.start, rule: 'sql-statement', message: `${what} is one statement without ";"` });
    } else if (token.text === '(') open.push(token.start);
    else if (token.text === ')' && open.pop() === undefined) {
      faults.push({ offset: token.start, rule: 'sql-unclosed', message: 'this ")" closes nothing' });
    }
  }
  const [left] = unclosed ? [] : open;
  if (left !== undefined) {
    faults.push({ offset: left, rule: 'sql-unclosed', message: 'this "(" is not closed' });
  }
  for (const [at, { kind, text, start }] of tokens.entries()) {
    if (kind === 'sign' && text === '$' && tokens[at + 1]?.kind === 'number') {
      faults.push({ offset: start, rule: 'sql-parameter', message: `${what} has no numbered parameters` });
    }
  }
  return faults;
}

function statementFaults(tokens: readonly SqlToken[], what: string): readonly SqlFault[] {
  const first = tokens.find(({ text }) => text !== '(');
  return tokens.flatMap((token, at) => {
    const { kind, text, start } = token;
    const changes = tokens[at - 1]?.text === '(' && isChange(tokens, at);
    if (changes || (token === first && kind === 'word' && REFUSED.has(text))) {
      const message = `${what} only reads; ${text.toUpperCase()} is not allowed`;
      return [{ offset: start, rule: 'sql-statement', message }];
    }
    if (token !== first || (kind === 'word' && ['select', 'with'].includes(text))) return [];
    const message = `${what} begins with SELECT or WITH, not with ${JSON.stringify(text)}`;
    return [{ offset: start, rule: 'sql-statement', message }];
  });
}

/** Whether a statement that changes rows begins here: WITH may hold one. A column may have the name of such a word. */
function isChange(tokens: readonly SqlToken[], at: number): boolean {
  const { kind, text } = tokens[at] ?? { kind: 'sign', text: '' };
  if (kind !== 'word') return false;
  const next = tokens[at + 1]?.text;
  if (text === 'insert' || text === 'merge') return next === 'into';
  if (text === 'delete') return next === 'from';
  return (
    text === 'update' && tokens.slice(at + 2, at + 8).some((token) => token.kind === 'word' && token.text === 'set')
  );
}

function topLevel(tokens: readonly SqlToken[]): readonly SqlToken[] {
  let depth = 0;
  return tokens.filter(({ kind, text }) => {
    if (kind === 'sign' && text === '(') depth++;
    if (kind === 'sign' && text === ')') depth--;
    return depth === 0;
  });
}
