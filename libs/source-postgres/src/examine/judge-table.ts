import { qualifiedSource, quoteSourceIdentifier } from '../tables/quote-source-identifier.js';
import { judgeCursor } from './judge-cursor.js';
import { judgeKey } from './judge-key.js';
import { nearestName } from './nearest-name.js';
import type { ServerFacts } from './read-facts.js';
import type { SourceFault } from './source-fault.js';
import { fault, type TableFacts } from './table-facts.js';

/** What any mode needs of a table, without publication and log. */
export function judgeTable(facts: TableFacts, server: ServerFacts): SourceFault[] {
  const { wanted, table, own } = facts;
  return [
    ...judgePrivileges(facts, server),
    ...(table.foreignPartitions ?? []).map((partition) =>
      fault(
        facts,
        'foreign-partition',
        'stop',
        `partition ${partition} is a foreign table: nobody reads it with its parent, and no log has its rows. Detach it, or capture the parent's view`,
      ),
    ),
    ...(own.inherited
      ? [
          fault(
            facts,
            'inherited',
            'warn',
            'other tables inherit from it: their rows are theirs; make them datasets of their own',
          ),
        ]
      : []),
    ...judgeColumns(facts),
    ...judgeKey(facts),
    ...(wanted.mode === 'watermark' ? judgeCursor(facts, server) : []),
  ];
}

function judgePrivileges(facts: TableFacts, server: ServerFacts): SourceFault[] {
  const relations = [...new Map([facts.own, ...facts.leaves].map((each) => [each.oid, each])).values()];
  const role = quoteSourceIdentifier(server.role);
  const schemas = [...new Set(relations.filter((each) => !each.usage).map((each) => each.schema))];
  const closed = relations.filter((each) => !each.select);
  const hidden = relations.filter((each) => each.rowSecurity);
  const faults: SourceFault[] = [];
  if (schemas.length > 0) {
    const mend = schemas.map((schema) => `GRANT USAGE ON SCHEMA ${quoteSourceIdentifier(schema)} TO ${role};`);
    faults.push(
      fault(
        facts,
        'schema-usage',
        'stop',
        `role ${server.role} may not use schema ${schemas.join(', ')}`,
        mend.join('\n'),
      ),
    );
  }
  if (closed.length > 0) {
    const mend = closed.map((each) => `GRANT SELECT ON ${qualifiedSource(each.schema, each.name)} TO ${role};`);
    const which = closed.map((each) => each.name).join(', ');
    faults.push(
      fault(facts, 'table-select', 'stop', `role ${server.role} may not SELECT from ${which}`, mend.join('\n')),
    );
  }
  if (hidden.length > 0) {
    const message = `row level security hides rows from role ${server.role}`;
    faults.push(fault(facts, 'row-security', 'stop', message, `ALTER ROLE ${role} BYPASSRLS;`));
  }
  return faults;
}

function judgeColumns(facts: TableFacts): SourceFault[] {
  const { wanted, table } = facts;
  const names = table.columns.map((column) => column.name);
  const needed = new Set([
    ...wanted.key,
    ...(wanted.cursor === undefined ? [] : [wanted.cursor]),
    ...(wanted.columns ?? []),
  ]);
  return [...needed]
    .filter((name) => !names.includes(name))
    .map((name) => {
      const near = nearestName(name, names);
      const meant = near === undefined ? `it has ${names.join(', ')}` : `did you mean ${near}?`;
      return fault(facts, 'column-missing', 'stop', `there is no column ${name}; ${meant}`);
    });
}
