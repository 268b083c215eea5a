import { RollcallError } from '@rollcall/kernel';
import type { Host, Opening } from '@rollcall/service';
import { openOps, openWarehouse, type Ops, type Warehouse } from '@rollcall/warehouse';
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
  const open = (name: string, options: Parameters<typeof openWarehouse>[1]): Warehouse => {
    const opened = openWarehouse(url, { applicationName: `${host.name} ${name}`, ...options });
    host.closeLast(`close the warehouse (${name})`, () => opened.close());
    return opened;
  };
  const warehouse = open('engine', { maxConnections: 4 });
  const role = (await mayTake(warehouse)) ? { role: READER } : {};
  if (!('role' in role))
    host.log.warn(
      { role: READER },
      'reports are read with all rights of this user: run `rollcall migrate` and see its notes',
    );
  return {
    warehouse,
    readers: open('readers', { maxConnections: 12, readOnly: true, statementTimeoutMs: READERS_TIMEOUT_MS, ...role }),
    operators: open('operators', { maxConnections: 4, readOnly: true, statementTimeoutMs: OPERATORS_TIMEOUT_MS }),
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
