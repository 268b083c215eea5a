import { qualifiedSource, quoteSourceIdentifier, quoteSourceLiteral } from '../tables/quote-source-identifier.js';
import type { TableName } from '../tables/table-name.js';
import { planPublication } from './plan-publication.js';

export interface LogSetup {
  readonly slot: string;
  readonly publication: string;
  readonly tables: readonly TableName[];
  /** Whom the extractor connects as; absent: no grants are written. */
  readonly role?: string;
  /** Such as 150018. Absent: the oldest that Rollcall reads from. */
  readonly serverVersion?: number;
}

/** All that log capture needs in the source, as SQL that an administrator runs once in the database, where `create: false`. */
export function sqlForDba({ slot, publication, tables, role, serverVersion = 150_000 }: LogSetup): string {
  const statements = [
    ...(role === undefined ? [] : grants(quoteSourceIdentifier(role), tables)),
    ...planPublication(publication, undefined, tables, serverVersion),
    `SELECT pg_create_logical_replication_slot(${quoteSourceLiteral(slot)}, 'pgoutput')`,
  ];
  return statements.map((statement) => `${statement};\n`).join('');
}

function grants(role: string, tables: readonly TableName[]): readonly string[] {
  const schemas = [...new Set(tables.map((table) => table.schema))];
  return [
    `ALTER ROLE ${role} REPLICATION`,
    ...schemas.map((schema) => `GRANT USAGE ON SCHEMA ${quoteSourceIdentifier(schema)} TO ${role}`),
    ...tables.map((table) => `GRANT SELECT ON ${qualifiedSource(table.schema, table.name)} TO ${role}`),
  ];
}
