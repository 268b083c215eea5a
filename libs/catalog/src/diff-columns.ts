import { canonicalJson } from './canonical-json.js';
import type { Column, Dataset } from './dataset.js';
import type { Change } from './diff-datasets.js';
import { formatLogicalType, type LogicalType } from './logical-type.js';

type ColumnChange = Omit<Change, 'dataset'>;

/** How much of a value each policy leaves. */
const LEFT: Readonly<Record<Column['pii'], number>> = { keep: 3, pbkdf2: 2, hash: 2, mask: 1, drop: 0 };

/** What the changes of columns ask for. */
export function diffColumns(before: Dataset, after: Dataset): readonly ColumnChange[] {
  const old = new Map(before.columns.map((column) => [column.name, column]));
  const now = new Map(after.columns.map((column) => [column.name, column]));
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((name) => {
    const a = old.get(name);
    const b = now.get(name);
    if (a && b) return diffColumn(a, b);
    if (b) return [added(b)];
    return [
      {
        path: `columns.${name}`,
        effect: 'rebuild-views' as const,
        sentence: `column ${name} is gone: views stop showing it, its values stay`,
      },
    ];
  });
}

function added({ name, pii }: Column): ColumnChange {
  const path = `columns.${name}`;
  if (pii === 'keep') {
    const sentence = `column ${name} is new: what the source sent of it waits in _rest`;
    return { path, effect: 'rebuild-dataset-from-lake', sentence };
  }
  const sentence = `column ${name} is new with policy ${pii}: _rest of old batches may hold its clear values`;
  return { path, effect: 'erase', sentence };
}

function diffColumn(a: Column, b: Column): readonly ColumnChange[] {
  const at = (part: string): string => `columns.${a.name}.${part}`;
  const changes: ColumnChange[] = [];
  if (canonicalJson(a.type) !== canonicalJson(b.type)) changes.push(diffType(at('type'), a, b));
  if (canonicalJson(a.from) !== canonicalJson(b.from)) {
    const sentence = `${a.name} is read from other fields: what they held waits in _rest`;
    changes.push({ path: at('from'), effect: 'rebuild-dataset-from-lake', sentence });
  }
  for (const part of ['trim', 'lower', 'absent'] as const) {
    if (canonicalJson(a[part]) === canonicalJson(b[part])) continue;
    const sentence = `${part} of ${a.name} changed: it works before the lake, which holds the old outcome`;
    changes.push({ path: at(part), effect: 're-extract', sentence });
  }
  if (a.pii !== b.pii) changes.push(diffPolicy(at('pii'), a, b));
  if (a.description !== b.description) {
    changes.push({ path: at('description'), effect: 'nothing', sentence: `only the words about ${a.name} change` });
  }
  return changes;
}

function diffPolicy(path: string, a: Column, b: Column): ColumnChange {
  if (LEFT[b.pii] < LEFT[a.pii]) {
    const sentence = `policy of ${a.name} went from ${a.pii} to ${b.pii}: the lake holds more than it now may`;
    return { path, effect: 'erase', sentence };
  }
  const sentence = `policy of ${a.name} went from ${a.pii} to ${b.pii}: the lake does not hold what that needs`;
  return { path, effect: 're-extract', sentence };
}

function diffType(path: string, a: Column, b: Column): ColumnChange {
  const step = `${a.name} went from ${formatLogicalType(a.type)} to ${formatLogicalType(b.type)}`;
  return isWidening(a.type, b.type)
    ? { path, effect: 'rebuild-views', sentence: `${step}: the column is widened in place` }
    : { path, effect: 'rebuild-dataset-from-lake', sentence: `${step}: old values are read anew into another column` };
}

const WIDER: Readonly<Record<string, readonly string[]>> = {
  int2: ['int4', 'int8', 'numeric'],
  int4: ['int8', 'numeric'],
  int8: ['numeric'],
  float4: ['float8'],
  decimal: ['numeric'],
};

/** Whether every value of a type is one of another, with the same canonical meaning, so that a column can be altered in place. */
export function isWidening(from: LogicalType, to: LogicalType): boolean {
  if (from.name === 'decimal' && to.name === 'decimal') {
    return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale;
  }
  return WIDER[from.name]?.includes(to.name) ?? false;
}
