import type { TestRow } from './batches.js';

/** What raw must be, computed row by row: the newest position of a key wins, and nothing below a clear of its scope stands. */
export function naiveRaw(rows: readonly TestRow[], columns: readonly string[] = ['name']): readonly string[] {
  const clears = rows.filter((row) => row.op === 't');
  const newest = new Map<string, TestRow>();
  for (const row of rows) {
    if (row.op === 't' || clears.some((clear) => clear.position > row.position && inScope(clear, row))) continue;
    const standing = newest.get(keyOf(row));
    if (standing === undefined || standing.position < row.position) newest.set(keyOf(row), row);
  }
  return [...newest.values()]
    .map(
      (row) => `${keyOf(row)}|${row.op === 'd' ? 'NULL' : contentOf(row, columns)}|${row.position}|${row.op === 'd'}`,
    )
    .sort();
}

/** What history must be: `key|name|from|to|position` of every version that was valid; times are the points of positions. */
export function naiveHistory(rows: readonly TestRow[], columns: readonly string[] = ['name']): readonly string[] {
  const once = [
    ...new Map(rows.map((row) => [`${row.op === 't' ? row.scope : keyOf(row)}|${row.position}`, row])).values(),
  ];
  const keys = new Set(once.filter((row) => row.op !== 't').map(keyOf));
  const versions: string[] = [];
  for (const key of keys) {
    const own = once
      .filter((row) => (row.op === 't' ? covers(row, key) : keyOf(row) === key))
      .sort((a, b) => (a.position < b.position ? -1 : 1));
    const opened: { readonly state: string; readonly from: bigint; readonly position: string }[] = [];
    let state = '';
    let now = -1n;
    for (const row of own) {
      const at = row.committedAt ?? 0n;
      // A clear in front of the first version has nothing to end.
      if (row.op === 't' && opened.length === 0 && now < 0n) continue;
      now = at > now ? at : now;
      const next = row.op === 'u' || row.op === undefined ? `=${contentOf(row, columns)}` : '';
      if (next === state) continue;
      opened.push({ state: next, from: now, position: row.position });
      state = next;
    }
    for (const [index, { state: name, from, position }] of opened.entries()) {
      if (name !== '') versions.push(`${key}|${name.slice(1)}|${from}|${opened[index + 1]?.from ?? ''}|${position}`);
    }
  }
  return versions.sort();
}

/** What stands of a table without a key: `content|position|ended`. A deletion ends the first row that says the same. */
export function naiveKeyless(rows: readonly TestRow[], columns: readonly string[]): readonly string[] {
  const once = [...new Map(rows.map((row) => [row.position, row])).values()];
  const raw = new Map<string, { readonly content: string; ended: boolean }>();
  for (const row of once.sort((a, b) => (a.position < b.position ? -1 : 1))) {
    const content = contentOf(row, columns);
    if (row.op === 't') raw.clear();
    else raw.set(row.position, { content, ended: row.op === 'd' });
    if (row.op !== 'd') continue;
    const first = [...raw.values()].find((standing) => !standing.ended && standing.content === content);
    if (first === undefined) throw new Error(`nothing to delete at ${row.position}`);
    first.ended = true;
  }
  return [...raw].map(([position, { content, ended }]) => `${content}|${position}|${ended}`).sort();
}

function contentOf(row: TestRow, columns: readonly string[]): string {
  return columns.map((name) => text(row.values?.[name])).join('~');
}

function keyOf(row: TestRow): string {
  return `${text(row.values?.['team'])}/${text(row.values?.['id'])}`;
}

function inScope(clear: TestRow, row: TestRow): boolean {
  return covers(clear, keyOf(row));
}

function covers(clear: TestRow, key: string): boolean {
  const parts: readonly unknown[] = JSON.parse(clear.scope ?? '[]') as unknown[];
  return parts.every((part, place) => String(part) === key.split('/')[place]);
}

/** NULL is not ''. */
function text(value: unknown): string {
  return value === null || value === undefined ? 'NULL' : String(value);
}
