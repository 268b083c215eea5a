import type { DataTest } from '../dataset.js';
import { resolveColumn, type CheckContext, type KnownColumns } from './check-context.js';
import { parseDuration, parseShare } from './quantities.js';
import type { TestEntry } from './source-schema.js';

/** The data tests of an entry, checked: each list item holds exactly one. */
export function buildTests(context: CheckContext, known: KnownColumns): readonly DataTest[] {
  return (context.entry.tests ?? []).flatMap((entry, at) => {
    const kinds = Object.keys(entry);
    if (kinds.length === 1) return buildTest(context, known, at, entry);
    const found = kinds.length === 0 ? 'nothing' : kinds.join(' and ');
    context.fault(['tests', at], 'one-test', `expected one test, found ${found}; make each a list item of its own`);
    return [];
  });
}

function buildTest(context: CheckContext, known: KnownColumns, at: number, entry: TestEntry): readonly DataTest[] {
  const columns = (kind: 'unique' | 'not_null', texts: readonly string[]): readonly string[] =>
    texts.flatMap((text, index) => resolveColumn(context, known, ['tests', at, kind, index], text) ?? []);
  if (entry.unique) return [{ kind: 'unique', columns: columns('unique', entry.unique) }];
  if (entry.not_null) return [{ kind: 'not_null', columns: columns('not_null', entry.not_null) }];
  if (entry.freshness !== undefined) return [{ kind: 'freshness', seconds: parseDuration(entry.freshness) ?? 0 }];
  return entry.volume === undefined ? [] : [{ kind: 'volume', dropShare: parseShare(entry.volume) ?? 0 }];
}
