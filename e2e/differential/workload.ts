import type { SeededRandom } from '@rollcall/testkit';

/** What production databases do to their rows. Every kind must have been hit before a run counts. */
export const OPERATIONS = [
  'insert',
  'insert-many',
  'update',
  'update-nothing',
  'update-beside-toast',
  'update-toast',
  'delete',
  'delete-and-insert',
  'thrice',
  'key-update',
  'key-there-and-back',
  'key-update-beside-toast',
  'rolled-back',
  'savepoint',
  'prepared',
  'truncate',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Keys are few, so that operations meet. */
const KEYS = 40;

export interface Step {
  readonly operation: Operation;
  /** One transaction, or what becomes none. */
  readonly sql: string;
}

/** So many operations on one table, the same for the same seed. The table: see `tableSql`. */
export function* workload(table: string, random: SeededRandom, count: number): Generator<Step> {
  for (let step = 0; step < count; step += 1) {
    // TRUNCATE is rare, or there would be little else to see.
    const operation = random.below(60) === 0 ? 'truncate' : random.pick(OPERATIONS.slice(0, -1));
    yield { operation, sql: sqlOf(operation, table, random, step) };
  }
}

/** The table of a workload, with the source's own audit of what happened to it. `note` is stored out of line when it is long. */
export function tableSql(table: string): string {
  return `
CREATE TABLE ${table} (id int PRIMARY KEY, v int, amount numeric(12,2), at timestamptz, note text);
ALTER TABLE ${table} ALTER note SET STORAGE EXTERNAL;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION audit_row();
CREATE TRIGGER audit_all AFTER TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION audit_row();`;
}

/** Row locks keep the transactions of one key apart, so the order of the sequence is the order of commits for each key. */
export const AUDIT_SQL = `
CREATE TABLE audit (seq bigserial PRIMARY KEY, tab text, op text, id int, state text);
CREATE FUNCTION state_of(v int, amount numeric, at timestamptz, note text) RETURNS text IMMUTABLE LANGUAGE sql AS
  $$ SELECT concat_ws('|', coalesce(v::text, '-'), coalesce(amount::text, '-'), coalesce(extract(epoch FROM at)::text, '-'), coalesce(md5(note), '-')) $$;
CREATE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO audit (tab, op) VALUES (TG_TABLE_NAME, 't');
  ELSE
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND OLD.id <> NEW.id) THEN
      INSERT INTO audit (tab, op, id) VALUES (TG_TABLE_NAME, 'd', OLD.id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
      INSERT INTO audit (tab, op, id, state) VALUES (TG_TABLE_NAME, 'u', NEW.id, state_of(NEW.v, NEW.amount, NEW.at, NEW.note));
    END IF;
  END IF;
  RETURN NULL;
END $$;`;

function sqlOf(operation: Operation, table: string, random: SeededRandom, step: number): string {
  const id = random.below(KEYS);
  const other = random.below(KEYS);
  const v = random.below(5) === 0 ? 'NULL' : String(random.below(1_000_000));
  const insert = (key: number): string =>
    `INSERT INTO ${table} VALUES (${key}, ${v}, ${amount(random)}, ${instant(random)}, ${note(random)}) ON CONFLICT DO NOTHING;`;
  const update = `UPDATE ${table} SET v = ${v}, at = ${instant(random)} WHERE id = ${id};`;
  const move = (from: number, to: number): string =>
    `UPDATE ${table} SET id = ${to} WHERE id = ${from} AND NOT EXISTS (SELECT FROM ${table} WHERE id = ${to});`;
  switch (operation) {
    case 'insert':
      return insert(id);
    case 'insert-many':
      return `INSERT INTO ${table} SELECT g, ${v}, g, now(), 'many' FROM generate_series(${id}, ${id + 12}) g ON CONFLICT DO NOTHING;`;
    case 'update':
    case 'update-beside-toast':
      return update;
    case 'update-nothing':
      return `UPDATE ${table} SET v = v WHERE id = ${id};`;
    case 'update-toast':
      return `UPDATE ${table} SET note = ${LONG(random)} WHERE id = ${id};`;
    case 'delete':
      return `DELETE FROM ${table} WHERE id = ${id};`;
    case 'delete-and-insert':
      return `BEGIN; DELETE FROM ${table} WHERE id = ${id}; ${insert(id)} COMMIT;`;
    case 'thrice':
      return `BEGIN; ${insert(id)} ${update} UPDATE ${table} SET v = coalesce(v, 0) + 1 WHERE id = ${id}; UPDATE ${table} SET amount = amount + 0.01 WHERE id = ${id}; COMMIT;`;
    case 'key-update':
      return move(id, other);
    case 'key-there-and-back':
      return `BEGIN; ${move(id, KEYS + id)} ${move(KEYS + id, id)} COMMIT;`;
    case 'key-update-beside-toast':
      return `BEGIN; ${move(id, other)} UPDATE ${table} SET v = ${v} WHERE id = ${other}; COMMIT;`;
    case 'rolled-back':
      return `BEGIN; DELETE FROM ${table} WHERE id <= ${id}; ${insert(id)} ROLLBACK;`;
    case 'savepoint':
      return `BEGIN; ${update} SAVEPOINT s; DELETE FROM ${table}; ROLLBACK TO s; ${insert(other)} COMMIT;`;
    case 'prepared':
      return `BEGIN; ${insert(id)} ${update} PREPARE TRANSACTION '${table}_${step}'; COMMIT PREPARED '${table}_${step}';`;
    case 'truncate':
      return `TRUNCATE ${table};`;
  }
}

const amount = (random: SeededRandom): string =>
  random.below(8) === 0 ? 'NULL' : `${random.below(100_000)}.${String(random.below(100)).padStart(2, '0')}`;

function instant(random: SeededRandom): string {
  const which = random.below(20);
  if (which === 0) return 'NULL';
  if (which === 1) return `'infinity'`;
  return `timestamptz '2026-01-01 00:00:00.000001+00' + ${random.below(1_000_000_000)} * interval '1 microsecond'`;
}

/** Long enough to be kept out of line, and so left out of the log when it does not change. */
const LONG = (random: SeededRandom): string => `repeat(md5('${random.below(1_000)}'), 100)`;

function note(random: SeededRandom): string {
  const which = random.below(4);
  return which === 0 ? 'NULL' : which === 1 ? `''` : which === 2 ? `'short ${random.below(100)}'` : LONG(random);
}
