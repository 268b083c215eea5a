import { columnName } from '../column-name.js';
import type { Column } from '../dataset.js';
import { parseLogicalType, SIMPLE_TYPE_NAMES, type LogicalType } from '../logical-type.js';
import { valueParser } from '../values/parse-value.js';
import type { CheckContext } from './check-context.js';
import { nearest, suggestion } from './nearest.js';
import type { ColumnEntry } from './source-schema.js';

/** The columns of an entry, checked, in the order of the file. */
export function buildColumns(context: CheckContext): readonly Column[] {
  const entries = Object.entries(context.entry.columns ?? {});
  if (entries.length === 0 && context.kind !== 'postgres') {
    context.faultAtKey(['columns'], 'no-columns', `${context.dataset} has no columns`);
  }
  const columns = entries.map(([field, entry]) => buildColumn(context, field, entry));
  checkCollisions(context, entries, columns);
  columns.forEach((column, at) => checkAbsent(context, entries[at]?.[0] ?? column.name, column, columns));
  return columns;
}

function buildColumn(context: CheckContext, field: string, entry: ColumnEntry): Column {
  const name = columnName(field);
  const from = typeof entry.from === 'string' ? [entry.from] : (entry.from ?? []);
  const pii = entry.pii ?? 'keep';
  const type = buildType(context, field, entry.type);
  const readsText = type.name === 'text' || type.name === 'other';
  if (pii !== 'keep' && pii !== 'drop' && !readsText) {
    const message = `policy ${pii} makes text, ${field} is ${entry.type ?? type.name}; make it text`;
    context.fault(['columns', field, 'pii'], 'pii-type', message);
  }
  return {
    name,
    type,
    from: [...new Set([name, field, ...from])],
    trim: entry.trim ?? false,
    lower: entry.lower ?? false,
    pii,
    ...(entry.absent === undefined ? {} : { absent: buildAbsent(entry.absent) }),
    ...(entry.description === undefined ? {} : { description: entry.description }),
  };
}

function buildType(context: CheckContext, field: string, text: string | undefined): LogicalType {
  // A database knows its types; the entry only says what differs.
  if (text === undefined) return { name: context.kind === 'postgres' ? 'other' : 'text' };
  const type = parseLogicalType(text);
  if (type) return type;
  const names = [...SIMPLE_TYPE_NAMES, 'decimal(10,2)'];
  context.fault(['columns', field, 'type'], 'unknown-type', `"${text}" is not a type${suggestion(text, names)}`);
  // Taken as the one it resembles, so that no other rule complains of the same mistake.
  return parseLogicalType(nearest(text, names) ?? 'text') ?? { name: 'text' };
}

function buildAbsent(absent: NonNullable<ColumnEntry['absent']>): NonNullable<Column['absent']> {
  return typeof absent === 'object'
    ? { kind: 'matches', column: columnName(absent.column), pattern: absent.matches }
    : { kind: 'value', value: String(absent) };
}

function checkCollisions(
  context: CheckContext,
  entries: readonly (readonly [string, ColumnEntry])[],
  columns: readonly Column[],
): void {
  const takenBy = new Map<string, string>();
  const named = new Map<string, string>();
  columns.forEach((column, at) => {
    const key = entries[at]?.[0] ?? column.name;
    const other = named.get(column.name);
    if (other !== undefined) {
      const message = `"${other}" and "${key}" both become column ${column.name}`;
      context.faultAtKey(['columns', key], 'name-collision', message);
      return;
    }
    named.set(column.name, key);
    for (const field of column.from) {
      const owner = takenBy.get(field);
      if (owner === undefined) takenBy.set(field, column.name);
      else
        context.faultAtKey(['columns', key], 'field-twice', `field "${field}" feeds both ${owner} and ${column.name}`);
    }
  });
}

function checkAbsent(context: CheckContext, key: string, column: Column, columns: readonly Column[]): void {
  const { absent } = column;
  if (!absent) return;
  const path = ['columns', key, 'absent'];
  if (absent.kind === 'value') {
    if (valueParser(column.type)(absent.value) === undefined) {
      context.fault(path, 'bad-absent', `"${absent.value}" does not fit type ${column.type.name}`);
    }
    return;
  }
  if (column.type.name !== 'bool') {
    context.fault(path, 'bad-absent', `a test of another column gives a bool, ${column.name} is ${column.type.name}`);
  }
  if (!columns.some(({ name }) => name === absent.column)) {
    const names = columns.map(({ name }) => name);
    const message = `${context.dataset} has no column "${absent.column}"${suggestion(absent.column, names)}`;
    context.fault([...path, 'column'], 'unknown-column', message);
  }
  try {
    new RegExp(absent.pattern, 'u');
  } catch {
    context.fault([...path, 'matches'], 'bad-pattern', `"${absent.pattern}" is not a regular expression`);
  }
}
