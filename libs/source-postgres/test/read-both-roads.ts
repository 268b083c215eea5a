import { valueToText, VectorBuilder, vectorValues, type ColumnVector, type LogicalType } from '@rollcall/catalog';
import type pg from 'pg';
import type { GroupLimits } from '../src/copy/copy-groups.js';
import { copyVectors } from '../src/copy/copy-vectors.js';
import { describeTable } from '../src/tables/describe-table.js';
import { quoteSourceIdentifier } from '../src/tables/quote-source-identifier.js';
import { columnCodec } from '../src/codecs/choose-codec.js';

/** What came of a column, as text. */
export interface Read {
  readonly logical: LogicalType;
  readonly copied: readonly (string | null)[];
  readonly logged: readonly (string | null)[];
}

/** A table `edges` of these values, a NULL before them, read by both roads. */
export async function readBothRoads(client: pg.Client, type: string, values: readonly string[]): Promise<Read> {
  await client.query(
    `DROP TABLE IF EXISTS edges; CREATE TABLE edges (n serial, v ${type}); INSERT INTO edges (v) VALUES (NULL)`,
  );
  for (const value of values) await client.query(`INSERT INTO edges (v) VALUES ((${value})::${type})`);
  const { types, copied, logged } = await readTable(client, 'edges', ['v'], { maxRows: 2, maxBytes: 1 << 20 });
  return { logical: types[0] ?? { name: 'other' }, copied: copied[0] ?? [], logged: logged[0] ?? [] };
}

/** Columns of a table in the order of its column `n`, by both roads. */
export async function readTable(
  client: pg.Client,
  name: string,
  names: readonly string[],
  limits: GroupLimits,
): Promise<{ readonly types: readonly LogicalType[]; readonly copied: Texts; readonly logged: Texts }> {
  const table = await describeTable(client, `public.${name}`);
  const columns = names.map((wanted) => {
    const found = table?.columns.find((column) => column.name === wanted);
    if (found === undefined) throw new Error(`no column ${wanted}`);
    return { sql: quoteSourceIdentifier(wanted), codec: columnCodec(found.type) };
  });
  const from = `FROM ${name} ORDER BY n`;
  const copied: (string | null)[][] = columns.map(() => []);
  for await (const { vectors } of copyVectors(client, { from, columns, ...limits }))
    for (const [at, { codec }] of columns.entries()) copied[at]?.push(...texts(codec.logical, vectors[at]));
  // The types' output functions, as pgoutput calls them.
  const output = columns.map(({ sql }) => `CASE WHEN ${sql} IS DISTINCT FROM NULL THEN format('%s', ${sql}) END`);
  const { rows } = await client.query<(string | null)[]>({
    text: `SELECT ${output.join()} ${from}`,
    rowMode: 'array',
  });
  const logged = columns.map(({ codec }, at) => {
    const builder = new VectorBuilder(codec.logical);
    for (const row of rows) {
      const text = row[at] ?? null;
      // Amid other bytes, as in a message of the log.
      if (text === null) builder.null();
      else codec.text(Buffer.from(`0${text}9`), 1, 1 + Buffer.byteLength(text), builder);
    }
    return texts(codec.logical, builder.take());
  });
  return { types: columns.map(({ codec }) => codec.logical), copied, logged };
}

/** By column, then by row. */
type Texts = readonly (readonly (string | null)[])[];

function texts(logical: LogicalType, vector?: ColumnVector): (string | null)[] {
  return vector ? vectorValues(logical, vector).map((value) => valueToText(logical, value)) : [];
}
