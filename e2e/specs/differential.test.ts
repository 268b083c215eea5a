import { setTimeout as delay } from 'node:timers/promises';
import { randomOf, seededRandom, type SeededRandom } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { openDatabaseStage, type DatabaseStage } from '../database-stage.js';
import { historyOf, type AuditLine } from '../differential/audit-truth.js';
import { AUDIT_SQL, OPERATIONS, tableSql, workload, type Operation } from '../differential/workload.js';

const TABLES = Array.from({ length: 20 }, (_, at) => `t${String(at).padStart(2, '0')}`);
const ROUNDS = 10;
const STEPS = 500;
const CONNECTIONS = 4;

const dataset = (table: string): string =>
  `${table}:\n  from: public.${table}\n  capture: { mode: log }\n  key: [id]\n  history: scd2\n  flush: { seconds: 0.3, rows: 2000 }\n`;
const STATES = TABLES.map(
  (table) => `SELECT '${table}' AS tab, id, state_of(v, amount, at, note) AS state FROM SCHEMA.${table}`,
).join(' UNION ALL ');
const digest = (schema: string): string =>
  `SELECT tab, count(*)::int AS n, md5(string_agg(id || ' ' || state, ',' ORDER BY id)) AS digest
   FROM (${STATES.replaceAll('SCHEMA', schema)}) s GROUP BY tab ORDER BY tab`;

describe('a database under random load, and the platform under random kills', () => {
  it(`${TABLES.length * ROUNDS} seeds x ${STEPS} operations end as the source and its audit say: raw, analytics, history, and a rebuild`, async () => {
    await using stage = await openDatabaseStage({
      datasets: TABLES.map(dataset).join(''),
      prepare: `${AUDIT_SQL}${TABLES.map(tableSql).join('')}`,
    });
    await stage.startCapture();
    // History begins with the first snapshot: what came and went before it is nobody's to tell.
    await stage.platform.service('cdc-extractor').line(/log capture: streaming/);
    // The same function on both sides: what is compared is what each holds.
    await stage.rows(
      AUDIT_SQL.slice(AUDIT_SQL.indexOf('CREATE FUNCTION state_of'), AUDIT_SQL.indexOf('CREATE FUNCTION audit_row')),
    );
    const random = seededRandom();
    const hits = new Map<Operation, number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const killing = killAtRandom(stage, random);
      await runRound(stage, round, hits);
      await killing;
      await stage.same(digest('public'), digest('analytics'), 90_000);
    }
    expect([...OPERATIONS].filter((operation) => (hits.get(operation) ?? 0) === 0)).toEqual([]);
    await stage.settled();
    expect(await historyInWarehouse(stage)).toEqual(await historyOfAudit(stage));
    expect(await stage.differences()).toEqual([]);
  }, 480_000);
});

/** Each seed on a table of its own, several at a time. */
async function runRound(stage: DatabaseStage, round: number, hits: Map<Operation, number>): Promise<void> {
  const left = [...TABLES.entries()];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [at, table] = next;
      // Two hundred printed seeds would say nothing: they follow from the round.
      const seed = round * 1_000 + at;
      let sql = '';
      for (const step of workload(table, randomOf(seed), STEPS)) {
        hits.set(step.operation, (hits.get(step.operation) ?? 0) + 1);
        // Prepared transactions and truncations end a round trip: they may not share one with others.
        if (step.operation === 'prepared') {
          if (sql !== '') await stage.sql(sql);
          await runPrepared(stage, step.sql);
          sql = '';
        } else sql += step.sql.startsWith('BEGIN') ? step.sql : `BEGIN; ${step.sql} COMMIT;`;
        if (sql.length > 8_000) {
          await stage.sql(sql);
          sql = '';
        }
      }
      if (sql !== '') await stage.sql(sql);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
}

/** COMMIT PREPARED may not stand in a block, and the connection that prepares is not the one that commits. */
async function runPrepared(stage: DatabaseStage, sql: string): Promise<void> {
  const cut = sql.lastIndexOf('COMMIT PREPARED');
  await stage.sql(sql.slice(0, cut));
  await stage.sql(sql.slice(cut));
}

async function killAtRandom(stage: DatabaseStage, random: SeededRandom): Promise<void> {
  for (const victim of random.shuffle(['cdc-extractor', 'warehouse-loader'] as const)) {
    await delay(200 + random.below(1_500));
    await stage.platform.service(victim).kill();
    await stage.platform.start(victim);
  }
}

async function historyOfAudit(stage: DatabaseStage): Promise<Readonly<Record<string, unknown>>> {
  const lines = await stage.sourceRows<{ tab: string; op: string; id: number | null; state: string | null }>(
    'SELECT tab, op, id, state FROM audit ORDER BY seq',
  );
  return Object.fromEntries(historyOf(lines as readonly AuditLine[]));
}

async function historyInWarehouse(stage: DatabaseStage): Promise<Readonly<Record<string, unknown>>> {
  const versions = TABLES.map(
    (table) =>
      `SELECT '${table}' AS tab, id, _position, state_of(v, amount, at, note) AS state, is_current FROM history.${table}`,
  ).join(' UNION ALL ');
  const rows = await stage.rows<{ key: string; states: string[]; current: boolean }>(
    `SELECT tab || ' ' || id AS key, array_agg(state ORDER BY _position) AS states, bool_or(is_current) AS current
     FROM (${versions}) v GROUP BY tab, id`,
  );
  return Object.fromEntries(rows.map(({ key, states, current }) => [key, { states, isCurrent: current }]));
}
