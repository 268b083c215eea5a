import { RollcallError } from '@rollcall/kernel';
import type { Host, Opening } from '@rollcall/service';
import { openOps, openWarehouse, type Ops, type Warehouse, type WarehouseOptions } from '@rollcall/warehouse';
import type { ReportingConfig } from './config.js';

/** The same warehouse, with three rights. */
export interface Databases {
  /** Computes and publishes: the owner of the tables. */
  readonly warehouse: Warehouse;
  /** See `ApiParts.readers`. */
  readonly readers: Warehouse;
  /** See `ApiParts.operators`. */
  readonly operators: Warehouse;
}

const READER = 'bi_reader';

// A reading pool gives a statement a tenth of these times.
/** A page waits 3 s for its numbers. */
const READERS_TIMEOUT_MS = 30_000;
/** Evidence and overview look into every table. */
const OPERATORS_TIMEOUT_MS = 300_000;

/** Each is asked under the setting that names it. */
export function databaseOpenings(
  host: Host,
  config: ReportingConfig,
): { readonly databases: Opening<Databases>; readonly ops: Opening<Ops> } {
  const url = config.WAREHOUSE_URL.reveal();
  const opsUrl = config.OPS_URL?.reveal();
  const late = 'warehouse/unavailable';
  async function ops(): Promise<Ops> {
    const opened = await openOps(opsUrl ?? url);
    host.closeLast('close ops', () => opened.close());
    return opened;
  }
  return {
    databases: { setting: 'WAREHOUSE_URL', late, place: placeOf(url), open: () => openDatabases(host, url) },
    ops: { setting: opsUrl ? 'OPS_URL' : 'WAREHOUSE_URL', late, place: placeOf(opsUrl ?? url), open: ops },
  };
}

async function openDatabases(host: Host, url: string): Promise<Databases> {
  const open = (name: string, options: WarehouseOptions): Warehouse => {
    const opened = openWarehouse(url, { applicationName: `${host.name} ${name}`, ...options });
    host.closeLast(`close the warehouse (${name})`, () => opened.close());
    return opened;
  };
  const warehouse = open('engine', { maxConnections: 4 });
  await warehouse.query('SELECT 1');
  return {
    warehouse,
    readers: openedAtFirstUse(warehouse.dialect, async () => {
      const role = (await mayTake(warehouse)) ? { role: READER } : {};
      if (!('role' in role)) host.log.warn({ role: READER }, NO_ROLE);
      return open('readers', { maxConnections: 12, readOnly: true, statementTimeoutMs: READERS_TIMEOUT_MS, ...role });
    }),
    operators: open('operators', { maxConnections: 4, readOnly: true, statementTimeoutMs: OPERATORS_TIMEOUT_MS }),
  };
}

const NO_ROLE = 'reports are read with all rights of this user: run `rollcall migrate` and see its notes';

/** Which rights there are is known when the warehouse is migrated, and that may be after the start: so it is asked when somebody reads. */
function openedAtFirstUse(dialect: Warehouse['dialect'], open: () => Promise<Warehouse>): Warehouse {
  let opened: Promise<Warehouse> | undefined;
  const get = async (): Promise<Warehouse> => {
    opened ??= open();
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
  // The host closes what was opened.
  const close = async (): Promise<void> => undefined;
  return {
    dialect,
    query: async (text, values) => (await get()).query(text, values),
    session: async (act) => (await get()).session(act),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Whether connections may act as the readers' role. A warehouse that was never migrated does not have it. */
async function mayTake(warehouse: Warehouse): Promise<boolean> {
  try {
    return await warehouse.session(async (session) => {
      await session.run(`SET ROLE ${READER}`);
      await session.run('RESET ROLE');
      return true;
    });
  } catch (error) {
    if (error instanceof RollcallError && error.code !== 'warehouse/denied') throw error;
    return false;
  }
}

/** Host, port and database of a URL: what may be shown. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname;
}
