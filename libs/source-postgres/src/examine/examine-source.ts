import type pg from 'pg';
import { askSource } from '../classify-source-error.js';
import { readPublication } from '../slots/read-publication.js';
import { readSlot } from '../slots/replication-slot.js';
import { withoutIdentity } from '../slots/replica-identity.js';
import { describeTable } from '../tables/describe-table.js';
import { listTables } from '../tables/list-tables.js';
import { inLog, judgeLog, type PublicationFacts } from './judge-log.js';
import { judgeServer } from './judge-server.js';
import { judgeTable } from './judge-table.js';
import { nearestName } from './nearest-name.js';
import { readRelationFacts, readServerFacts } from './read-facts.js';
import type { Examination, ExaminedTable, SourceFault } from './source-fault.js';
import type { TableFacts } from './table-facts.js';

const OLDEST = 150_000;

/**
 * Everything that stands in the way of reading a source as the catalog says, at once, each with what mends it. Reads catalogs only,
 * changes nothing, and needs no privilege but to connect.
 * @throws RollcallError source/unavailable, source/denied
 */
export async function examineSource(client: pg.ClientBase, wanted: Examination): Promise<readonly SourceFault[]> {
  const server = await readServerFacts(client);
  // What follows asks for columns of catalogs that older servers do not have.
  if (server.version < OLDEST)
    return [
      {
        rule: 'server-version',
        severity: 'stop',
        message: `the source is PostgreSQL ${Math.floor(server.version / 10_000)}; Rollcall reads 15 and newer`,
      },
    ];
  const { found, missing } = await readTables(client, wanted.tables);
  const faults = [...missing, ...found.flatMap((each) => judgeTable(each, server))];
  if (!wanted.tables.some((table) => table.mode === 'log')) return faults;
  const logged = found.filter((each) => each.wanted.mode === 'log');
  const slot = await readSlot(client, wanted.slot);
  const publication = await readPublicationFacts(client, wanted.publication, logged.filter(inLog));
  return [...judgeServer(server, slot, wanted), ...faults, ...judgeLog(logged, publication, server, wanted)];
}

async function readTables(
  client: pg.ClientBase,
  wanted: readonly ExaminedTable[],
): Promise<{ readonly found: readonly TableFacts[]; readonly missing: readonly SourceFault[] }> {
  const found: Omit<TableFacts, 'own' | 'leaves'>[] = [];
  const missing: ExaminedTable[] = [];
  for (const each of wanted) {
    const table = await describeTable(client, each.name);
    if (table === undefined) missing.push(each);
    else found.push({ wanted: each, table });
  }
  const oids = found.flatMap(({ table }) => [table.oid, ...table.leaves.map((leaf) => leaf.oid)]);
  const facts = await readRelationFacts(client, oids);
  return {
    // A table that went between two statements is missing next time.
    found: found.flatMap(({ table, wanted: each }) => {
      const own = facts.get(table.oid);
      const leaves = table.leaves.flatMap((leaf) => facts.get(leaf.oid) ?? []);
      return own === undefined ? [] : [{ wanted: each, table, own, leaves }];
    }),
    missing: missing.length === 0 ? [] : await missingFaults(client, missing),
  };
}

async function missingFaults(client: pg.ClientBase, missing: readonly ExaminedTable[]): Promise<SourceFault[]> {
  const names = (await listTables(client)).map((table) => table.name);
  return missing.map(({ name }) => {
    const near = nearestName(name.includes('.') ? name : `public.${name}`, names);
    const meant = near === undefined ? '' : `; did you mean ${near}?`;
    return { rule: 'table-missing', severity: 'stop', table: name, message: `there is no table ${name}${meant}` };
  });
}

async function readPublicationFacts(
  client: pg.ClientBase,
  name: string,
  tables: readonly TableFacts[],
): Promise<PublicationFacts> {
  const owned = await askSource(
    client.query<{ owned: boolean }>(
      "SELECT pg_catalog.pg_has_role(p.pubowner, 'USAGE') AS owned FROM pg_catalog.pg_publication p WHERE p.pubname = $1",
      [name],
    ),
  );
  return {
    publication: await readPublication(client, name),
    owned: owned.rows[0]?.owned ?? false,
    bare: await withoutIdentity(
      client,
      tables.map(({ table }) => table),
    ),
  };
}
