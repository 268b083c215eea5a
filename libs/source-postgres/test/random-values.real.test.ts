import { seededRandom } from '@rollcall/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANY_SCALAR, anyText } from './any-value.js';
import { ownTypes } from './own-types.js';
import { readBothRoads, readTable } from './read-both-roads.js';

const connection = ownTypes();

/** An act in a transaction that leaves nothing: a commit for each of hundreds of values would wait for the disk. */
function rolledBack<T extends readonly unknown[]>(
  act: (...values: T) => Promise<void>,
): (...values: T) => Promise<void> {
  return async (...values) => {
    await connection().query('BEGIN');
    try {
      await act(...values);
    } finally {
      await connection().query('ROLLBACK');
    }
  };
}

describe('any values, by COPY and by the log', () => {
  it('are the same by both roads, and to the server those that stand there', async () => {
    const types = ANY_SCALAR.map(([type]) => type);
    const names = types.map((_, at) => `c${at}`);
    await connection().query(`CREATE TABLE scalars (n serial, ${types.map((type, at) => `c${at} ${type}`).join()})`);
    const row = fc.tuple(...ANY_SCALAR.map(([, value]) => fc.option(value, { nil: null, freq: 8 })));
    const insert = `INSERT INTO scalars (${names.join()}) VALUES (${names.map((_, at) => `$${at + 1}`).join()})`;
    // What was read, taken for a value by the server, beside what stands there.
    const different = types.map(
      (type, at) => `CASE WHEN concat(c${at}) <> concat(t${at}::${type}) OR (c${at} IS NULL) <> (t${at} IS NULL)
        THEN '${type.replaceAll("'", "''")}: ' || concat(c${at}) || ' was read as ' || concat(t${at}) END`,
    );
    const compare = `SELECT d FROM scalars JOIN
      unnest(${types.map((_, at) => `$${at + 1}::text[]`).join()}) WITH ORDINALITY x (${types.map((_, at) => `t${at}`).join()}, i) ON n = i
      CROSS JOIN LATERAL unnest(ARRAY[${different.join()}]) AS d WHERE d IS NOT NULL`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        rolledBack(async (rows: readonly (readonly (string | null)[])[], maxRows: number) => {
          await connection().query('TRUNCATE scalars RESTART IDENTITY');
          for (const values of rows) await connection().query(insert, [...values]);
          const { copied, logged } = await readTable(connection(), 'scalars', names, { maxRows, maxBytes: 1 << 12 });
          expect(copied).toEqual(logged);
          const { rows: differing } = await connection().query(compare, [...copied]);
          expect(differing).toEqual([]);
        }),
      ),
      { numRuns: 40, seed: seededRandom().seed },
    );
  });

  it('are what to_jsonb says they are, in arrays and rows', async () => {
    await connection().query(`
      CREATE TYPE record_of_all AS (a text, b int4, c bool, d text[]);
      CREATE TABLE nested (n serial, list text[], square text[], numbers int4[], record record_of_all, records record_of_all[])`);
    const text = fc.option(anyText, { nil: null });
    const record = fc.tuple(
      text,
      fc.option(fc.integer(), { nil: null }),
      fc.option(fc.boolean(), { nil: null }),
      fc.option(fc.array(text, { maxLength: 4 }), { nil: null }),
    );
    const square = fc
      .integer({ min: 1, max: 3 })
      .chain((width) =>
        fc.array(fc.array(text, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 3 }),
      );
    await fc.assert(
      fc.asyncProperty(
        fc.array(text),
        square,
        fc.array(fc.option(fc.integer(), { nil: null })),
        record,
        record,
        rolledBack(async (list, squares, numbers, first: readonly unknown[], second: readonly unknown[]) => {
          await connection().query('TRUNCATE nested RESTART IDENTITY');
          await connection().query(
            `INSERT INTO nested (list, square, numbers, record, records) VALUES ($1, $2, $3, ROW($4, $5, $6, $7)::record_of_all,
           ARRAY[ROW($4, $5, $6, $7), NULL, ROW($8, $9, $10, $11)]::record_of_all[])`,
            [list, squares, numbers, ...first, ...second],
          );
          const columns = ['list', 'square', 'numbers', 'record', 'records'];
          const { copied, logged } = await readTable(connection(), 'nested', columns, {
            maxRows: 10,
            maxBytes: 1 << 20,
          });
          expect(copied).toEqual(logged);
          const { rows } = await connection().query(
            `SELECT ${columns.map((name) => `to_jsonb(${name}) AS ${name}`).join()} FROM nested`,
          );
          const read = columns.map((name, at) => [name, JSON.parse(copied[at]?.[0] ?? 'null') as unknown]);
          expect(Object.fromEntries(read)).toEqual(rows[0]);
        }),
      ),
      { numRuns: 80, seed: seededRandom().seed },
    );
  });

  it('have the bounds that lower and upper give, in ranges', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyText,
        anyText,
        fc.constantFrom('[]', '[)', '(]', '()'),
        fc.nat(3),
        rolledBack(async (one: string, other: string, bounds: string, open: number) => {
          const sql = (value: string): string =>
            `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}' COLLATE "C"`;
          const [lower, upper] = [open & 1 ? 'NULL' : sql(one), open & 2 ? 'NULL' : sql(other)];
          const range = `textrange(least(${lower}, ${upper}), ${open ? upper : `greatest(${lower}, ${upper})`}, '${bounds}')`;
          await expect(connection().query(`SELECT ${range}`)).resolves.toBeDefined();
          const { copied, logged } = await readBothRoads(connection(), 'textrange', [range]);
          expect(copied).toEqual(logged);
          const { rows } = await connection().query(
            'SELECT isempty(v) AS empty, lower(v), upper(v), lower_inc(v) AS from, upper_inc(v) AS to FROM edges WHERE n = 2',
          );
          const [wanted] = rows as readonly {
            empty: boolean;
            lower: unknown;
            upper: unknown;
            from: boolean;
            to: boolean;
          }[];
          const json: unknown = JSON.parse(copied[1] ?? '');
          if (wanted?.empty) expect(json).toEqual({ empty: true });
          else
            expect(json).toEqual({
              lower: wanted?.lower,
              upper: wanted?.upper,
              bounds: `${wanted?.from ? '[' : '('}${wanted?.to ? ']' : ')'}`,
            });
        }),
      ),
      { numRuns: 40, seed: seededRandom().seed },
    );
  });
});
