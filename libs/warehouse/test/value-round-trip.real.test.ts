import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueToText, type LogicalType, type Value } from '@rollcall/catalog';
import { loadGroup } from '../src/index.js';
import { ANY_VALUE } from './any-value.js';
import { datasetOf, positionOf, rowsBatch } from './batches.js';
import { testWarehouse } from './test-warehouse.js';

const NAMES = Object.keys(ANY_VALUE);
const COLUMN = (name: string): string => `c_${name.replaceAll(/[^a-z0-9]/g, '_').replaceAll(/_+$/g, '')}`;

const EVERYTHING = datasetOf(`
source: desk
kind: http
datasets:
  everything:
    capture: { mode: full }
    key: [id]
    contract: { types: quarantine }
    columns: { id: { type: int4 }, ${NAMES.map((name) => `${COLUMN(name)}: { type: "${name}" }`).join(', ')} }
`);

/** How the server writes the value again, and what it is compared with: the text of the catalog, read by the server. */
function comparison(type: LogicalType, column: string, parameter: string): string {
  const server: Readonly<Record<string, string>> = {
    bytes: 'bytea',
    json: 'jsonb',
    array: 'jsonb',
    other: 'text',
    bool: 'boolean',
    decimal: 'numeric',
    float4: 'real',
    float8: 'double precision',
  };
  return `${column} IS NOT DISTINCT FROM ${parameter}::text::${server[type.name] ?? type.name}`;
}

describe('every logical type', () => {
  it('stands in raw as it came, also NULL', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const record = fc.record(
      Object.fromEntries(
        NAMES.map((name) => [COLUMN(name), fc.option(ANY_VALUE[name] ?? fc.constant(null), { freq: 9 })]),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 2 ** 31 }),
        async (records, point) => {
          await warehouse.session((session) =>
            session.run(
              `DO $$ BEGIN IF to_regclass('raw.everything') IS NOT NULL THEN TRUNCATE raw.everything, ops.batch, ops.load CASCADE; END IF; END $$`,
            ),
          );
          const rows = records.map((values, id) => ({
            position: positionOf(point, id),
            values: { ...values, id },
          }));
          const { load } = await loadGroup(warehouse, EVERYTHING, [rowsBatch(EVERYTHING, rows)]);
          expect(load?.counts).toMatchObject({ merged: rows.length, quarantined: 0 });
          for (const [id, values] of records.entries()) {
            const columns = EVERYTHING.columns.filter((column) => column.name !== 'id');
            const texts = columns.map((column) => valueToText(column.type, values[column.name] ?? null));
            const checks = columns.map(
              (column, index) => `${comparison(column.type, `"${column.name}"`, `$${index + 2}`)} AS "${column.name}"`,
            );
            const [found] = await warehouse.query<Record<string, boolean>>(
              `SELECT ${checks.join(', ')} FROM raw.everything WHERE id = $1`,
              [id, ...texts],
            );
            expect(Object.entries(found ?? { nothing: false }).filter(([, same]) => !same)).toEqual([]);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('refuses what does not fit before it reaches the server, one quarantined row each', async () => {
    await using fixture = await testWarehouse();
    const misfits: Readonly<Record<string, readonly Value[]>> = {
      int2: [32_768, 1.5],
      int4: [2 ** 31],
      int8: [2n ** 63n],
      'decimal(38,6)': ['1.0000001', '1e40', ''],
      numeric: ['1,5', ''],
      float4: [1e300],
      text: ['a\0b', '\ud800'],
      date: [-2_440_589],
      time: [86_400_000_001n, -1n],
      timestamptz: [-210_866_803_200_000_001n],
      interval: ['tomorrow', 'P'],
      uuid: ['0'],
      json: ['{', '"\\u0000"', '"\\ud800"', '1e999999', ''],
      array: ['{}'],
      other: ['\0'],
    };
    const rows = Object.entries(misfits).flatMap(([name, values]) =>
      values.map((value) => ({ [COLUMN(name)]: value })),
    );
    const staged = rows.map((values, id) => ({
      position: positionOf(1, id),
      values: { ...values, id },
    }));
    const { load } = await loadGroup(fixture.warehouse, EVERYTHING, [rowsBatch(EVERYTHING, staged)]);
    expect(load?.counts).toMatchObject({ in: rows.length, merged: 0, quarantined: rows.length });
    const reasons = await fixture.warehouse.query<{ reason: string; n: string }>(
      'SELECT reason, count(*) AS n FROM ops.quarantine GROUP BY reason',
    );
    expect(reasons).toEqual([{ reason: 'type-mismatch', n: String(rows.length) }]);
  });
});
