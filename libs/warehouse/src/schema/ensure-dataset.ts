import type { Dataset } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { derivedFingerprints, ensureSessions, type DerivedFingerprints } from '../derive/ensure-sessions.js';
import type { Dialect } from '../dialect/dialect.js';
import { quoteIdentifier } from '../dialect/quote-identifier.js';
import { transaction, type Session } from '../open-warehouse.js';
import { lockDataset } from './lock-dataset.js';
import { ensureAsOf } from './as-of-function.js';
import { analyticsPlan, historyPlan } from './analytics-view.js';
import { withoutDependents } from './dependents.js';
import { ensureView } from './ensure-view.js';
import {
  historyTable,
  keyShape,
  rawTable,
  readRawColumns,
  resolveRelation,
  typeText,
  type RawColumn,
  type Relation,
} from './relation.js';
import { effectiveDataset, newColumn, planColumns, type ColumnStep, type FileColumns } from './source-columns.js';

/** Unknown fields become columns up to here; the next ones stay in `_rest`. */
export const MAX_EVOLVED_COLUMNS = 200;

interface KnownRelation {
  readonly contract: string;
  readonly key_form: string;
  readonly key: readonly string[];
  readonly derived: DerivedFingerprints;
  /** The highest position whose columns were taken up; databases only. */
  readonly newest: string | null;
}

/**
 * Makes the relations of a dataset fit its contract and the files of its batches: tables, columns (added, widened, or a second one beside),
 * generated views, derived tables. One transaction under the dataset's lock; nothing to do costs one query, for a database two.
 * Returns the contract as a load has to see it. Throws load/contract-frozen (first table refused; key changed; unknown column or changed type
 * where it says so) and warehouse/custom-view; then nothing has changed.
 */
export async function ensureDataset(
  session: Session,
  dialect: Dialect,
  dataset: Dataset,
  files: readonly FileColumns[] = [],
): Promise<Dataset> {
  const known = await knownRelation(session, dataset.name);
  if (known?.contract === dataset.version) {
    if (dataset.kind !== 'postgres') return dataset;
    const columns = await readRawColumns(session, dataset.name);
    const standing = { columns, newest: known.newest ?? undefined, empty: known.newest === null };
    if (planColumns(dataset, standing, files).length === 0) return effectiveDataset(dataset, columns);
  }
  return transaction(session, async () => {
    await lockDataset(session, dataset.name);
    const now = await knownRelation(session, dataset.name);
    if (now === undefined) await createRaw(session, dataset);
    else refuseOtherKey(dataset, now);
    const standing = {
      columns: await readRawColumns(session, dataset.name),
      newest: now?.newest ?? undefined,
      empty: await isUntouched(session, dataset, now),
    };
    const steps = planColumns(dataset, standing, files);
    for (const step of steps) await perform(session, dialect, dataset, step);
    const columns = await readRawColumns(session, dataset.name);
    const effective = effectiveDataset(dataset, columns);
    if (now?.contract === dataset.version && steps.length === 0) return effective;
    const relation = resolveRelation(effective, columns);
    if (now === undefined) await addKey(session, rawTable(dataset.name), relation.key);
    if (dataset.history === 'scd2') await ensureHistory(session, relation);
    await ensureSessions(session, relation, now?.derived ?? {});
    await ensureViews(session, relation);
    await remember(session, relation);
    return effective;
  });
}

/** Adds a text column for each unknown field, up to MAX_EVOLVED_COLUMNS of the dataset. */
export async function addEvolvedColumns(
  session: Session,
  dialect: Dialect,
  dataset: Dataset,
  names: readonly string[],
): Promise<void> {
  await transaction(session, async () => {
    await lockDataset(session, dataset.name);
    const standing = await readRawColumns(session, dataset.name);
    const room = MAX_EVOLVED_COLUMNS - standing.filter((column) => column.origin === 'evolved').length;
    const fresh = names.filter(
      (name) => !standing.some((column) => column.name === name && column.origin === 'evolved'),
    );
    for (const name of fresh.slice(0, Math.max(0, room))) {
      const column = newColumn(name, { name: 'text' }, 'evolved', await readRawColumns(session, dataset.name));
      await addColumn(session, dialect, dataset, column);
    }
    await ensureViews(session, resolveRelation(dataset, await readRawColumns(session, dataset.name)));
  });
}

/** Generates the views of a dataset. Inside the caller's transaction. */
export async function ensureViews(session: Session, relation: Relation): Promise<void> {
  await ensureView(session, analyticsPlan(relation));
  if (relation.dataset.history !== 'scd2') return;
  await ensureView(session, historyPlan(relation));
  await ensureAsOf(session, relation.dataset.name);
}

export async function knownRelation(session: Session, dataset: string): Promise<KnownRelation | undefined> {
  const rows = await session.rows<KnownRelation>(
    'SELECT contract, key_form, key, derived, newest FROM ops.relation WHERE dataset = $1',
    [dataset],
  );
  return rows[0];
}

async function createRaw(session: Session, dataset: Dataset): Promise<void> {
  if (dataset.contract.tables === 'freeze') {
    throw new RollcallError(
      'load/contract-frozen',
      `${dataset.name}: seen for the first time, and its contract says tables: freeze`,
    );
  }
  const key = keyShape(dataset) === 'hash' ? '_key text COLLATE "C" NOT NULL, ' : '';
  const row = `${key}_rest json, _batch_id bigint NOT NULL, _position text COLLATE "C" NOT NULL, _deleted boolean NOT NULL`;
  // Without a key rows are ended by what they say.
  const ended = keyShape(dataset) === 'position' ? ', _content uuid, _ended_by text COLLATE "C"' : '';
  // Room on each page for the next version of its rows: updates stay on it and need no new index entry.
  await session.run(`CREATE TABLE ${rawTable(dataset.name)} (${row}${ended}) WITH (fillfactor = 80)`);
  if (ended !== '') await addContentIndexes(session, rawTable(dataset.name));
}

async function addContentIndexes(session: Session, table: string): Promise<void> {
  await session.run(`CREATE INDEX ON ${table} (_content, _position)`);
  await session.run(`CREATE INDEX ON ${table} (_position) WHERE _deleted AND _ended_by IS NULL`);
}

/** Every version that ever came, as it came, with what follows from their order. A dataset that turns to scd2 later begins here. */
async function ensureHistory(session: Session, { dataset, key }: Relation): Promise<void> {
  const table = historyTable(dataset.name);
  if ((await tablesOf(session, dataset)).includes(table)) return;
  await session.run(`
CREATE TABLE ${table} (
  LIKE ${rawTable(dataset.name)},
  _at timestamptz NOT NULL,
  _observed boolean NOT NULL,
  _repeats boolean,
  _valid_from timestamptz,
  _valid_to timestamptz
) WITH (fillfactor = 80)`);
  await addKey(session, table, key.includes('_position') ? key : [...key, '_position']);
}

async function addKey(session: Session, table: string, key: readonly string[]): Promise<void> {
  await session.run(`ALTER TABLE ${table} ADD PRIMARY KEY (${key.map(quoteIdentifier).join(', ')})`);
}

function refuseOtherKey(dataset: Dataset, known: KnownRelation): void {
  if (known.key_form === keyShape(dataset) && JSON.stringify(known.key) === JSON.stringify(dataset.key)) return;
  throw new RollcallError(
    'load/contract-frozen',
    `${dataset.name}: the key was (${known.key.join(', ')}) and is now (${dataset.key.join(', ')}): rebuild the dataset from the lake`,
  );
}

/** Of a database nothing was loaded yet, so that its columns may still become anything. */
async function isUntouched(session: Session, dataset: Dataset, known: KnownRelation | undefined): Promise<boolean> {
  if (dataset.kind !== 'postgres' || (known !== undefined && known.newest !== null)) return false;
  const rows = await session.rows(`SELECT FROM ${rawTable(dataset.name)} LIMIT 1`);
  return rows.length === 0;
}

async function perform(session: Session, dialect: Dialect, dataset: Dataset, step: ColumnStep): Promise<void> {
  switch (step.kind) {
    case 'add':
      return addColumn(session, dialect, dataset, step.column);
    case 'alter':
      return alterColumn(session, dialect, dataset, step.column, step.keeps);
    case 'serve':
      await session.run(
        `UPDATE ops.raw_column SET retired = physical <> $3, origin = CASE WHEN physical = $3 THEN $4 ELSE origin END
         WHERE dataset = $1 AND name = $2`,
        [dataset.name, step.column.name, step.column.physical, step.column.origin],
      );
  }
}

async function addColumn(session: Session, dialect: Dialect, dataset: Dataset, column: RawColumn): Promise<void> {
  const { name, physical, type, origin, place } = column;
  for (const table of await tablesOf(session, dataset)) {
    await session.run(`ALTER TABLE ${table} ADD COLUMN ${quoteIdentifier(physical)} ${dialect.columnType(type)}`);
  }
  await session.run(
    'INSERT INTO ops.raw_column (dataset, physical, name, type, origin, place) VALUES ($1, $2, $3, $4, $5, $6)',
    [dataset.name, physical, name, typeText(type), origin, place],
  );
}

/** `keeps`: its values stay what they are; else there are none. */
async function alterColumn(
  session: Session,
  dialect: Dialect,
  dataset: Dataset,
  { physical, type }: RawColumn,
  keeps: boolean,
): Promise<void> {
  const sql = dialect.columnType(type);
  const alter = `ALTER COLUMN ${quoteIdentifier(physical)} TYPE ${sql}${keeps ? '' : ` USING NULL::${sql}`}`;
  for (const table of await tablesOf(session, dataset)) {
    await withoutDependents(session, table, () => session.run(`ALTER TABLE ${table} ${alter}`));
    // The text of a value may be another one now.
    if (keyShape(dataset) === 'position') await session.run(`UPDATE ${table} SET _content = NULL`);
  }
  await session.run('UPDATE ops.raw_column SET type = $3 WHERE dataset = $1 AND physical = $2', [
    dataset.name,
    physical,
    typeText(type),
  ]);
}

async function tablesOf(session: Session, dataset: Dataset): Promise<readonly string[]> {
  const history = historyTable(dataset.name);
  const [found] = await session.rows<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [history]);
  return found?.there === true ? [rawTable(dataset.name), history] : [rawTable(dataset.name)];
}

async function remember(session: Session, relation: Relation): Promise<void> {
  const { dataset } = relation;
  await session.run(
    `INSERT INTO ops.relation (dataset, contract, key_form, key, derived, ensured_at) VALUES ($1, $2, $3, $4, $5, clock_timestamp())
     ON CONFLICT (dataset) DO UPDATE SET contract = excluded.contract, derived = excluded.derived, ensured_at = excluded.ensured_at`,
    [dataset.name, dataset.version, keyShape(dataset), dataset.key, JSON.stringify(derivedFingerprints(relation))],
  );
  await session.run('UPDATE ops.raw_column SET retired = physical = ANY ($2) WHERE dataset = $1', [
    dataset.name,
    relation.retired.map((column) => column.physical),
  ]);
}
