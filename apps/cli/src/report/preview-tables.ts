import { postgresType } from '@rollcall/catalog';
import { findReferences, type Report, type ReportSet } from '@rollcall/reports';
import { qualified, quoteIdentifier, type Session } from '@rollcall/warehouse';

const TEMPORARY = 'pg_temp';

/**
 * Computes a report, and before it those it stands on, into temporary tables of a transaction that is rolled back: nothing of it is ever
 * seen by others. `read` gets the quoted name of the table that holds its rows.
 * @throws RollcallError warehouse/*; what the server says of the report's own SQL comes as the server says it
 */
export async function computePreview<T>(
  session: Session,
  set: ReportSet,
  report: Report,
  read: (relation: string) => Promise<T>,
): Promise<T> {
  await session.run('BEGIN');
  try {
    // Views read the analytics of now; a temporary table does not change while its parts are read.
    for (const below of standsOn(set, report)) await session.run(tableOf(below));
    return await read(relationOf(report.name));
  } finally {
    // The connection may be gone: then the server has rolled back already.
    await session.run('ROLLBACK').catch(() => undefined);
  }
}

/** The report and all below it, each after those it reads. */
function standsOn(set: ReportSet, report: Report): readonly Report[] {
  const names = new Set<string>();
  const visit = (name: string): void => {
    if (names.has(name)) return;
    names.add(name);
    set.reportsUnder(name).forEach(visit);
  };
  visit(report.name);
  return set.reports.filter(({ name }) => names.has(name));
}

/** Each column with the type the report gives it, as what is served has it. */
function tableOf(report: Report): string {
  const columns = report.columns.map(
    ({ name, type }) => `v.${quoteIdentifier(name)}::${postgresType(type)} AS ${quoteIdentifier(name)}`,
  );
  return `CREATE TEMPORARY TABLE ${relationOf(report.name)} AS SELECT ${columns.join(', ')} FROM (\n${overTemporary(report.sql)}\n) v`;
}

/** The view with the tables of the preview in place of the reports that it names. */
function overTemporary(sql: string): string {
  let text = '';
  let done = 0;
  for (const { name, start, end } of findReferences(sql).references) {
    text += sql.slice(done, start) + relationOf(name);
    done = end;
  }
  return text + sql.slice(done);
}

function relationOf(name: string): string {
  return qualified(TEMPORARY, name);
}
