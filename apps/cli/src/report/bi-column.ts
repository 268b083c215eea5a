import { parseLogicalType, type LogicalType } from '@rollcall/catalog';
import { quoteIdentifier } from '@rollcall/warehouse';
import type { SourceColumn } from './source-relation.js';

/** A column of a new report: its name, the type that BI tools load well, and the SQL that makes it of the source's column. */
export interface BiColumn {
  readonly name: string;
  readonly type: string;
  /** Over the source under the alias `t`. */
  readonly sql: string;
  readonly description: string;
}

const SAME: Readonly<Record<string, string>> = {
  boolean: 'bool',
  integer: 'int4',
  bigint: 'int8',
  numeric: 'numeric',
  'double precision': 'float8',
  text: 'text',
  date: 'date',
  'timestamp with time zone': 'timestamptz',
  timestamptz: 'timestamptz',
};

const atUtc = (sql: string): string => `${sql} AT TIME ZONE 'UTC'`;

/** Other types, and how their values become one that is loaded well. Everything else becomes text. */
const MADE: Readonly<Record<string, { readonly type: string; readonly make: (sql: string) => string }>> = {
  smallint: { type: 'int4', make: (sql) => `${sql}::integer` },
  real: { type: 'float8', make: (sql) => `${sql}::double precision` },
  'timestamp without time zone': { type: 'timestamptz', make: atUtc },
  timestamp: { type: 'timestamptz', make: atUtc },
};

/** The columns of a report that shows the source's as they are; bytes are left out. */
export function biColumns(columns: readonly SourceColumn[]): readonly BiColumn[] {
  const taken = new Set<string>();
  return columns
    .filter(({ type }) => type !== 'bytea')
    .map((column): BiColumn => {
      const name = free(reportName(column.name), taken);
      taken.add(name);
      const description = column.description ?? `${column.name} as it stands in the source`;
      return { name, description, ...biType(column.type, `t.${identifier(column.name)}`) };
    });
}

/** The catalog's name for a type of Postgres, as far as a report asks: others are `other`. */
export function logicalType(type: string): LogicalType {
  if (MADE[type]?.make === atUtc) return { name: 'timestamp' };
  return parseLogicalType(SAME[type] ?? '') ?? { name: 'other' };
}

/** Behind a dot every word may stand without quotes, if only it is written in small letters. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdentifier(name);
}

function biType(type: string, sql: string): Pick<BiColumn, 'type' | 'sql'> {
  const same = SAME[type];
  if (same !== undefined) return { type: same, sql };
  const decimal = /^numeric\((\d+),(\d+)\)$/.exec(type);
  if (decimal) return { type: `decimal(${decimal[1] ?? ''},${decimal[2] ?? ''})`, sql };
  const made = MADE[type];
  return made ? { type: made.type, sql: made.make(sql) } : { type: 'text', sql: `${sql}::text` };
}

/** A name as reports have them: a-z, 0-9 and _, beginning with a letter. */
function reportName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^[^a-z]+/, '')
    .slice(0, 50);
  return plain === '' ? 'column' : plain;
}

function free(name: string, taken: ReadonlySet<string>): string {
  let found = name;
  for (let n = 2; taken.has(found); n++) found = `${name.slice(0, 46)}_${n}`;
  return found;
}
