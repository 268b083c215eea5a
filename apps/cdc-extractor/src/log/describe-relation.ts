import {
  askSource,
  describeTable,
  formatTableName,
  readTypes,
  resolveType,
  type LogRelation,
  type SourceColumn,
  type SourceTable,
} from '@rollcall/source-postgres';
import type pg from 'pg';

/**
 * The table as it was at this place of the log, which may be long ago: columns and their types come from the relation message, in its order. What the
 * catalogs say today is used where it is the same column still, and for types.
 */
export async function describeRelation(client: pg.ClientBase, relation: LogRelation): Promise<SourceTable> {
  const today = await describeTable(client, formatTableName({ schema: relation.namespace, name: relation.name }));
  const known = relation.columns.map(({ name, typeOid, typmod }) =>
    today?.columns.find((one) => one.name === name && one.type.oid === typeOid && one.type.modifier === typmod),
  );
  const gone = await describeGone(client, relation, known);
  return {
    schema: relation.namespace,
    name: relation.name,
    oid: relation.oid,
    kind: today?.kind ?? 'table',
    columns: known.flatMap((column, at) => column ?? gone[at] ?? []),
    primaryKey: today?.primaryKey ?? [],
    replicaIdentity: relation.replicaIdentity,
    identityColumns: relation.columns.flatMap(({ name, isKey }) => (isKey ? [name] : [])),
    estimatedRows: today?.estimatedRows ?? -1,
    blocks: today?.blocks ?? 0,
    leaves: today?.leaves ?? [],
  };
}

/** Columns that the table has no more, or not so. A type that was dropped as well is taken as text. */
async function describeGone(
  client: pg.ClientBase,
  { columns }: LogRelation,
  known: readonly (SourceColumn | undefined)[],
): Promise<(SourceColumn | undefined)[]> {
  const gone = columns.filter((_, at) => !known[at]);
  if (gone.length === 0) return [];
  const oids = gone.map(({ typeOid }) => typeOid);
  const types = await readTypes(client, oids);
  const { rows } = await askSource(
    client.query<{ text: string }>(
      `SELECT pg_catalog.format_type(t.oid::oid, t.modifier) AS text FROM unnest($1::int8[], $2::int4[]) WITH ORDINALITY t (oid, modifier, n) ORDER BY t.n`,
      [oids, gone.map(({ typmod }) => typmod)],
    ),
  );
  const texts = new Map(gone.map((column, at) => [column, rows[at]?.text ?? '???']));
  return columns.map((column, at) => {
    const text = texts.get(column);
    if (text === undefined) return undefined;
    const type = resolveType(types, column.typeOid, column.typmod, text);
    return { name: column.name, number: at + 1, type, notNull: false, generated: false, defaultText: null };
  });
}
