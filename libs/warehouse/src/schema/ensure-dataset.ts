import { isWidening, type Dataset, type LogicalType } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { derivedFingerprints, ensureSessions, type DerivedFingerprints } from '../derive/ensure-sessions.js';
import type { Dialect } from '../dialect/dialect.js';
import { quoteIdentifier, suffixed } from '../dialect/quote-identifier.js';
import { transaction, type Session } from '../open-warehouse.js';
import { lockDataset } from './lock-dataset.js';
import { analyticsPlan, historyPlan } from './analytics-view.js';
import { withoutDependents } from './dependents.js';
import { ensureView } from './ensure-view.js';
import {
  historyTable,
  homeOf,
  keyShape,
  rawTable,
  readRawColumns,
  resolveRelation,
  typeText,
  type RawColumn,
  type Relation,
} from './relation.js';

/** Unknown fields become columns up to here; the next ones stay in `_rest`. */
export const MAX_EVOLVED_COLUMNS = 200;

interface KnownRelation {
  readonly contract: string;
  readonly key_form: string;
  readonly key: readonly string[];
  readonly derived: DerivedFingerprints;
}

/**
 * Makes the relations of a dataset fit its contract: tables, columns (added, widened, or a second one beside), generated views, derived
 * tables. One transaction under the dataset's lock; nothing to do costs one query.
 * Throws load/contract-frozen (first table refused; key changed) and warehouse/custom-view; then nothing has changed.
 */
export async function ensureDataset(session: Session, dialect: Dialect, dataset: Dataset): Promise<void> {
  if ((await knownRelation(session, dataset.name))?.contract === dataset.version) return;
  await transaction(session, async () => {
    await lockDataset(session, dataset.name);
    const known = await knownRelation(session, dataset.name);
    if (known?.contract === dataset.version) return;
    if (known === undefined) await createRaw(session, dataset);
    else refuseOtherKey(dataset, known);
    await ensureColumns(session, dialect, dataset);
    const relation = resolveRelation(dataset, await readRawColumns(session, dataset.name));
    if (known === undefined) await addKey(session, rawTable(dataset.name), relation.key);
    if (dataset.history === 'scd2') await ensureHistory(session, relation);
    await ensureSessions(session, relation, known?.derived ?? {});
    await ensureViews(session, relation);
    await remember(session, relation);
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
      await addColumn(
        session,
        dialect,
        dataset,
        name,
        { name: 'text' },
        'evolved',
        await readRawColumns(session, dataset.name),
      );
    }
    await ensureViews(session, resolveRelation(dataset, await readRawColumns(session, dataset.name)));
  });
}

/** Generates the views of a dataset. Inside the caller's transaction. */
export async function ensureViews(session: Session, relation: Relation): Promise<void> {
  await ensureView(session, analyticsPlan(relation));
  if (relation.dataset.history === 'scd2') await ensureView(session, historyPlan(relation));
}

export async function knownRelation(session: Session, dataset: string): Promise<KnownRelation | undefined> {
  const rows = await session.rows<KnownRelation>(
    'SELECT contract, key_form, key, derived FROM ops.relation WHERE dataset = $1',
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
  // Room on each page for the next version of its rows: updates stay on it and need no new index entry.
  await session.run(`CREATE TABLE ${rawTable(dataset.name)} (${row}) WITH (fillfactor = 80)`);
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

async function ensureColumns(session: Session, dialect: Dialect, dataset: Dataset): Promise<void> {
  for (const column of dataset.columns) {
    const standing = await readRawColumns(session, dataset.name);
    if (homeOf(standing, column.name, column.type) !== undefined) continue;
    const narrow = standing.findLast(
      (candidate) => candidate.name === column.name && isWidening(candidate.type, column.type),
    );
    if (narrow === undefined) await addColumn(session, dialect, dataset, column.name, column.type, 'catalog', standing);
    else await widen(session, dialect, dataset, narrow, column.type);
  }
}

async function addColumn(
  session: Session,
  dialect: Dialect,
  dataset: Dataset,
  name: string,
  type: LogicalType,
  origin: RawColumn['origin'],
  standing: readonly RawColumn[],
): Promise<void> {
  const physical = freeName(name, standing);
  for (const table of await tablesOf(session, dataset)) {
    await session.run(`ALTER TABLE ${table} ADD COLUMN ${quoteIdentifier(physical)} ${dialect.columnType(type)}`);
  }
  await session.run(
    `INSERT INTO ops.raw_column (dataset, physical, name, type, origin, place)
     SELECT $1, $2, $3, $4, $5, coalesce(max(place), 0) + 1 FROM ops.raw_column WHERE dataset = $1`,
    [dataset.name, physical, name, typeText(type), origin],
  );
}

/** `amount`, then `amount__2`, `amount__3`, … */
function freeName(name: string, standing: readonly RawColumn[]): string {
  for (let place = 1; ; place++) {
    const candidate = place === 1 ? name : suffixed(name, `__${place}`);
    if (!standing.some((column) => column.physical === candidate)) return candidate;
  }
}

async function widen(
  session: Session,
  dialect: Dialect,
  dataset: Dataset,
  column: RawColumn,
  type: LogicalType,
): Promise<void> {
  const alter = `ALTER COLUMN ${quoteIdentifier(column.physical)} TYPE ${dialect.columnType(type)}`;
  for (const table of await tablesOf(session, dataset)) {
    await withoutDependents(session, table, () => session.run(`ALTER TABLE ${table} ${alter}`));
  }
  await session.run('UPDATE ops.raw_column SET type = $3 WHERE dataset = $1 AND physical = $2', [
    dataset.name,
    column.physical,
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
