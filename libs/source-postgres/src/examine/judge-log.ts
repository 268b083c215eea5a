import {
  planPublication,
  publicationOptions,
  publishedAs,
  publishesAll,
  type PublicationState,
} from '../slots/plan-publication.js';
import { identitySql } from '../slots/replica-identity.js';
import { qualifiedSource, quoteSourceIdentifier } from '../tables/quote-source-identifier.js';
import { formatTableName, type TableName } from '../tables/table-name.js';
import { judgeIdentity } from './judge-key.js';
import type { ServerFacts } from './read-facts.js';
import type { Examination, SourceFault } from './source-fault.js';
import { fault, type TableFacts } from './table-facts.js';

export interface PublicationFacts {
  readonly publication: PublicationState | undefined;
  /** The connected role may change it. */
  readonly owned: boolean;
  /** Of the tables: those, or partitions of those, whose UPDATEs would fail once published. */
  readonly bare: readonly TableName[];
}

/** What log capture needs of its tables and their publication. */
export function judgeLog(
  tables: readonly TableFacts[],
  facts: PublicationFacts,
  server: ServerFacts,
  wanted: Examination,
): SourceFault[] {
  const loggable = tables.filter((each) => inLog(each));
  return [
    ...tables.filter((each) => !inLog(each)).map(notInLog),
    ...(facts.bare.length === 0 ? [] : [bareFault(facts.bare)]),
    ...loggable.flatMap(judgeIdentity),
    ...judgePublication(loggable, facts, server, wanted),
    ...loggable.flatMap((each) => judgeGenerated(each, facts, server, wanted)),
  ];
}

/** Whether the changes of all its rows are in the log at all. */
export function inLog({ table, own, leaves }: TableFacts): boolean {
  const kept = [own, ...leaves].every((each) => each.persistence === 'p');
  return (table.kind === 'table' || table.kind === 'partitioned') && kept;
}

function notInLog(facts: TableFacts): SourceFault {
  const { table, own, leaves } = facts;
  const instead = 'capture it by `watermark` or `full`';
  const unlogged = leaves.filter((each) => each.persistence === 'u');
  if (unlogged.length > 0) {
    const mend = unlogged.map((each) => `ALTER TABLE ${qualifiedSource(each.schema, each.name)} SET LOGGED;`);
    const message = `${unlogged.map((each) => each.name).join(', ')} is unlogged, so the log has none of its rows: ${instead}, or`;
    return fault(facts, 'not-in-log', 'stop', message, mend.join('\n'));
  }
  const kind = table.kind === 'foreign' ? 'foreign table' : table.kind.replace('-', ' ');
  const what = own.persistence === 't' ? 'temporary table' : kind;
  return fault(facts, 'not-in-log', 'stop', `it is a ${what}, so the log has none of its rows: ${instead}`);
}

function bareFault(bare: readonly TableName[]): SourceFault {
  const message = `no replica identity, so publishing would make UPDATE and DELETE fail: ${bare.map(formatTableName).join(', ')}`;
  const mend = bare.map((table) => `${identitySql(table)};`).join('\n');
  return { rule: 'replica-identity', severity: 'stop', message, mend };
}

function judgePublication(
  tables: readonly TableFacts[],
  { publication, owned, bare }: PublicationFacts,
  server: ServerFacts,
  wanted: Examination,
): SourceFault[] {
  const name = quoteSourceIdentifier(wanted.publication);
  const wants = tables.map(({ table }) => ({ schema: table.schema, name: table.name }));
  const stop = (rule: SourceFault['rule'], message: string, mend: string): SourceFault => ({
    rule,
    severity: 'stop',
    message: `publication ${wanted.publication} ${message}`,
    mend,
  });
  const plan = planPublication(wanted.publication, publication, wants, server.version).map((sql) => `${sql};`);
  const tablesOwned = tables.every(({ own }) => own.owned);
  if (publication === undefined) {
    if (wanted.create && server.creates && tablesOwned && !server.standby) return [];
    return [stop('publication-missing', `is not there, and ${whyNotOurs(server, wanted)}`, plan.join('\n'))];
  }
  const mended = wanted.create && owned && !server.standby;
  const faults: SourceFault[] = [];
  const missing = publication.allTables ? [] : wants.filter((table) => publishedAs(publication, table) === undefined);
  if (missing.length > 0 && !(mended && tablesOwned)) {
    const add = `ALTER PUBLICATION ${name} ADD TABLE ${missing.map((each) => qualifiedSource(each.schema, each.name)).join(', ')};`;
    const lacks = missing.map(formatTableName).join(', ');
    faults.push(
      stop(
        'publication-tables',
        `lacks ${lacks}${bare.length > 0 ? ' (first give them a replica identity)' : ''}`,
        add,
      ),
    );
  }
  const set = `ALTER PUBLICATION ${name} SET (${publicationOptions(server.version)});`;
  if (!publishesAll(publication) && !mended)
    faults.push(stop('publication-operations', 'does not publish insert, update, delete and truncate', set));
  const partitioned = tables.some(({ table }) => table.kind === 'partitioned');
  if (partitioned && !publication.viaRoot && !mended)
    faults.push(
      stop('publication-root', 'publishes partitions under their own names: it lacks publish_via_partition_root', set),
    );
  for (const table of wants) {
    const as = publishedAs(publication, table);
    if (as === undefined || (as.rowFilter === null && as.columns === null)) continue;
    const qualified = qualifiedSource(table.schema, table.name);
    const what =
      as.rowFilter === null ? `the columns ${(as.columns ?? []).join(', ')}` : `the rows WHERE ${as.rowFilter}`;
    const mend = `ALTER PUBLICATION ${name} DROP TABLE ${qualified};\nALTER PUBLICATION ${name} ADD TABLE ${qualified};`;
    faults.push(stop('publication-filter', `has only ${what} of ${formatTableName(table)}`, mend));
  }
  return faults;
}

function whyNotOurs(server: ServerFacts, { create }: Examination): string {
  if (!create) return '`create: false` leaves it to you';
  if (server.standby) return 'a standby cannot make it: run this on the primary';
  return `role ${server.role} may not make it: that needs CREATE on the database and the ownership of its tables`;
}

/** pgoutput sends stored generated columns from 18 on, if the publication says so, and virtual ones never. */
function judgeGenerated(
  facts: TableFacts,
  { publication, owned }: PublicationFacts,
  server: ServerFacts,
  wanted: Examination,
): SourceFault[] {
  const names = facts.table.columns.filter((column) => column.generated).map((column) => column.name);
  if (names.length === 0) return [];
  const message = `generated columns are not in the log, and stay NULL there: ${names.join(', ')}`;
  if (server.version < 180_000) return [fault(facts, 'generated-column', 'warn', message)];
  if (publication?.generatedStored === true || (wanted.create && (publication === undefined || owned))) return [];
  const name = quoteSourceIdentifier(wanted.publication);
  return [
    fault(
      facts,
      'generated-column',
      'warn',
      message,
      `ALTER PUBLICATION ${name} SET (publish_generated_columns = stored);`,
    ),
  ];
}
