import type { Dataset } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { qualified, transaction, type Session, type Warehouse } from '@rollcall/warehouse';

/** What an operator decided of the dataset's waiting things: it is not in the lake and is carried over. */
export interface Decisions {
  readonly quarantine: readonly {
    readonly position: string;
    readonly status: 'replayed' | 'discarded';
    readonly settled_by: string;
  }[];
}

/**
 * Empties everything of a dataset in the warehouse in one transaction: raw, history, derived tables, ledger, floors, quarantine. Tables
 * and views stay, so nobody's own views are touched; readers see an empty dataset until it is loaded again. A loader may go on meanwhile:
 * what it commits after this stands in the ledger, and the rebuild passes it by.
 * @returns what operators had decided, for `restoreDecisions`
 */
export async function resetDataset(warehouse: Warehouse, dataset: Dataset): Promise<Decisions> {
  return warehouse.session((session) =>
    transaction(session, async () => {
      const quarantine = await session.rows<Decisions['quarantine'][number]>(
        `SELECT position, status, coalesce(settled_by, '') AS settled_by FROM ops.quarantine WHERE dataset = $1 AND status <> 'open'`,
        [dataset.name],
      );
      await truncate(session, dataset);
      for (const table of ['quarantine', 'held', 'floor', 'chain', 'batch', 'load']) {
        await session.run(`DELETE FROM ops.${table} WHERE dataset = $1`, [dataset.name]);
      }
      return { quarantine };
    }),
  );
}

/** Marks again what operators had settled before the rebuild. */
export async function restoreDecisions(warehouse: Warehouse, dataset: string, decisions: Decisions): Promise<void> {
  for (const { position, status, settled_by } of decisions.quarantine) {
    await warehouse.session((session) =>
      session.run(
        `UPDATE ops.quarantine SET status = $3, settled_by = $4, settled_at = clock_timestamp()
         WHERE dataset = $1 AND position = $2 AND status = 'open'`,
        [dataset, position, status, settled_by],
      ),
    );
  }
}

/** Tables only: a view of that name is generated from them. */
async function truncate(session: Session, dataset: Dataset): Promise<void> {
  const names = [
    ['raw', dataset.name],
    ['history', `_${dataset.name}`],
  ];
  for (const [schema = '', table = ''] of names) {
    const name = qualified(schema, table);
    const [found] = await session.rows<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [name]);
    if (found?.there) await session.run(`TRUNCATE ${name}`);
  }
  for (const { into, mode } of dataset.derive) {
    const name = qualified('analytics', into);
    const [found] = await session.rows<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [name]);
    if (found?.there) await session.run(`DELETE FROM ${name} WHERE mode = $1`, [mode.name]);
  }
}

/** @throws RollcallError load/unknown-dataset with the names there are */
export function datasetNamed(datasets: ReadonlyMap<string, Dataset>, name: string): Dataset {
  const dataset = datasets.get(name);
  if (!dataset)
    throw new RollcallError(
      'load/unknown-dataset',
      `${name} is not in the catalog; it has ${[...datasets.keys()].join(', ')}`,
    );
  return dataset;
}
