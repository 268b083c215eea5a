import { qualifiedSource, quoteSourceIdentifier } from '../tables/quote-source-identifier.js';
import type { SourceTable } from '../tables/source-table.js';
import type { ServerFacts } from './read-facts.js';
import type { SourceFault } from './source-fault.js';
import { fault, type TableFacts } from './table-facts.js';

const TIMES: ReadonlySet<string> = new Set(['timestamp', 'timestamptz']);

/** Whether the cursor of a `watermark` capture says what is new. */
export function judgeCursor(facts: TableFacts, server: ServerFacts): SourceFault[] {
  const { wanted, table, own } = facts;
  const cursor = table.columns.find((column) => column.name === wanted.cursor);
  const faults: SourceFault[] = [];
  if (server.standby && wanted.horizon !== true)
    faults.push(
      fault(
        facts,
        'standby',
        'stop',
        'a standby does not show which transactions may still commit: name the primary in `horizon_connection`, or say `lag` for best effort',
      ),
    );
  if (cursor === undefined || (table.kind !== 'table' && table.kind !== 'partitioned')) return faults;
  const name = quoteSourceIdentifier(cursor.name);
  const qualified = qualifiedSource(table.schema, table.name);
  const { shape } = cursor.type;
  const time = shape.kind === 'builtin' && TIMES.has(shape.name) ? shape.name : undefined;
  const onInsert = cursor.defaultText !== null || own.insertTrigger;
  if (!onInsert || (time !== undefined && !own.updateTrigger)) {
    const when = onInsert ? 'UPDATE' : 'INSERT';
    const message = `nothing in the database sets ${cursor.name} at ${when}: rows that the application does not stamp are not seen`;
    faults.push(
      fault(
        facts,
        'cursor-not-set',
        'warn',
        message,
        time === undefined ? undefined : stampSql(table, cursor.name, time),
      ),
    );
  }
  if (!own.indexes.some((index) => index.btree && index.columns[0] === cursor.name)) {
    const columns = [name, ...wanted.key.filter((each) => each !== wanted.cursor).map(quoteSourceIdentifier)].join(
      ', ',
    );
    const how = table.kind === 'partitioned' ? 'CREATE INDEX' : 'CREATE INDEX CONCURRENTLY';
    const message = `no index begins with ${cursor.name}: every run reads the whole table`;
    faults.push(fault(facts, 'cursor-index', 'warn', message, `${how} ON ${qualified} (${columns});`));
  }
  return faults;
}

/** A trigger that stamps each row with the time of its transaction. */
function stampSql(table: SourceTable, column: string, time: string): string {
  const stamp = quoteSourceIdentifier(`stamp_${column}`);
  const now = time === 'timestamptz' ? 'now()' : "now() AT TIME ZONE 'UTC'";
  const called = `${quoteSourceIdentifier(table.schema)}.${stamp}`;
  return [
    `CREATE OR REPLACE FUNCTION ${called}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.${quoteSourceIdentifier(column)} := ${now}; RETURN NEW; END $$;`,
    `CREATE TRIGGER ${stamp} BEFORE INSERT OR UPDATE ON ${qualifiedSource(table.schema, table.name)} FOR EACH ROW EXECUTE FUNCTION ${called}();`,
  ].join('\n');
}
