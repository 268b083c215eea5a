import { valueToText, VectorBuilder, vectorValues, type LogicalType, type Value } from '@rollcall/catalog';
import type pg from 'pg';
import { copyVectors } from '../src/copy/copy-vectors.js';
import { describeTable } from '../src/tables/describe-table.js';
import { columnCodec } from '../src/types/column-codec-of.js';

/** Types of the tests' own. */
export const OWN_TYPES = `
  CREATE TYPE mood AS ENUM ('sad', 'it''s "ok", {x}', '');
  CREATE DOMAIN amount AS numeric(12,2) CHECK (VALUE > -1e9);
  CREATE DOMAIN ids AS int[];
  CREATE TYPE pair AS (a int8, "b ""c" text, d timestamptz, e float8[], f bool);
  CREATE TYPE nest AS (p pair, ps pair[], r int4range);
  CREATE TYPE floatrange AS RANGE (subtype = float8);
  CREATE TYPE textrange AS RANGE (subtype = text)`;

/** What came of it, as text. */
export interface Read {
  readonly logical: LogicalType;
  readonly copied: readonly (string | null)[];
  readonly logged: readonly (string | null)[];
}

/** A table of these values, a NULL before them, read by both roads. */
export async function readBothRoads(client: pg.Client, type: string, values: readonly string[]): Promise<Read> {
  await client.query(
    `DROP TABLE IF EXISTS edges; CREATE TABLE edges (n serial, v ${type}); INSERT INTO edges (v) VALUES (NULL)`,
  );
  for (const value of values) await client.query(`INSERT INTO edges (v) VALUES ((${value})::${type})`);
  const table = await describeTable(client, 'public.edges');
  const column = table?.columns.find(({ name }) => name === 'v');
  if (column === undefined) throw new Error('no column');
  const codec = columnCodec(column.type);
  const request = { from: 'FROM edges ORDER BY n', columns: [{ sql: 'v', codec }], maxRows: 2, maxBytes: 1 << 20 };
  const copied: (string | null)[] = [];
  for await (const { vectors } of copyVectors(client, request))
    for (const vector of vectors) copied.push(...texts(codec.logical, vectorValues(codec.logical, vector)));
  // The type's output function, as pgoutput calls it.
  const { rows } = await client.query<{ v: string | null }>(
    `SELECT CASE WHEN v IS DISTINCT FROM NULL THEN format('%s', v) END AS v FROM edges ORDER BY n`,
  );
  const builder = new VectorBuilder(codec.logical);
  for (const { v } of rows) {
    // Amid other bytes, as in a message of the log.
    if (v === null) builder.null();
    else codec.text(Buffer.from(`0${v}9`), 1, 1 + Buffer.byteLength(v), builder);
  }
  return { logical: codec.logical, copied, logged: texts(codec.logical, vectorValues(codec.logical, builder.take())) };
}

function texts(logical: LogicalType, values: readonly Value[]): (string | null)[] {
  return values.map((value) => valueToText(logical, value));
}
