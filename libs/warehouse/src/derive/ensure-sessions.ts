import { sha256Hex } from '@rollcall/kernel';
import { quoteIdentifier } from '../dialect/quote-identifier.js';
import type { Session } from '../open-warehouse.js';
import { rawTable, type Relation } from '../schema/relation.js';
import { recomputeSessions } from './recompute-sessions.js';
import { sessionSql } from './session-rule.js';
import { createTouched, touchedSelect, touchedTable } from './touched.js';

/** What a rule was when its rows were computed; a change of it computes them anew. */
export type DerivedFingerprints = Readonly<Record<string, string>>;

export function derivedFingerprints(relation: Relation): DerivedFingerprints {
  return Object.fromEntries(
    relation.dataset.derive.map((rule) => {
      const { by, at, id } = sessionSql(relation, rule);
      const meaning = [rule, by('r'), at('r'), id('b', 'a')];
      return [`${rule.into}/${rule.mode.name}`, JSON.stringify(meaning)];
    }),
  );
}

/** Makes the tables and indexes of the rules, and computes the sessions of rules that are new or other than they were. */
export async function ensureSessions(session: Session, relation: Relation, known: DerivedFingerprints): Promise<void> {
  const now = derivedFingerprints(relation);
  for (const rule of relation.dataset.derive) {
    const sql = sessionSql(relation, rule);
    await session.run(`
CREATE TABLE IF NOT EXISTS ${sql.into} (
  session_id text PRIMARY KEY,
  mode text NOT NULL,
  ${sql.byColumn} ${sql.byType} NOT NULL,
  ${[quoteIdentifier(rule.count), ...sql.distinct.map(({ output }) => output)].map((name) => `${name} bigint NOT NULL`).join(', ')},
  first_at ${sql.atType} NOT NULL,
  last_at ${sql.atType} NOT NULL,
  previous_ids text[] NOT NULL DEFAULT '{}'
)`);
    for (const { output } of sql.distinct) {
      await session.run(`ALTER TABLE ${sql.into} ADD COLUMN IF NOT EXISTS ${output} bigint NOT NULL DEFAULT 0`);
    }
    await ensureIndex(session, sql.into, `mode, ${sql.byColumn}, first_at`);
    await ensureIndex(session, rawTable(relation.dataset.name), `(${sql.by('')}), ${sql.at('')}`);
  }
  const changed = relation.dataset.derive.some(
    (rule) => known[`${rule.into}/${rule.mode.name}`] !== now[`${rule.into}/${rule.mode.name}`],
  );
  for (const name of Object.keys(known)) if (now[name] !== known[name]) await forget(session, name);
  if (changed) await recomputeAll(session, relation);
}

async function forget(session: Session, name: string): Promise<void> {
  const [into = '', mode = ''] = name.split('/');
  await session.run(`DELETE FROM analytics.${quoteIdentifier(into)} WHERE mode = $1`, [mode]);
}

async function recomputeAll(session: Session, relation: Relation): Promise<void> {
  await createTouched(session, relation);
  for (const index of relation.dataset.derive.keys()) {
    await session.run(
      `INSERT INTO ${touchedTable(index)} SELECT DISTINCT ${touchedSelect(relation, index, 'r')} FROM ${rawTable(relation.dataset.name)} r WHERE NOT r._deleted`,
    );
  }
  await recomputeSessions(session, relation, 'raw');
  for (const index of relation.dataset.derive.keys()) await session.run(`DROP TABLE ${touchedTable(index)}`);
}

/** Named by what it indexes: Postgres cuts long names, and two of them would be one. */
async function ensureIndex(session: Session, table: string, columns: string): Promise<void> {
  const name = `sessions_${sha256Hex(`${table} ${columns}`).slice(0, 16)}`;
  await session.run(`CREATE INDEX IF NOT EXISTS ${name} ON ${table} (${columns})`);
}
