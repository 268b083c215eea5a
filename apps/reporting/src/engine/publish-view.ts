import type { Report } from '@rollcall/reports';
import { quoteIdentifier, quoteLiteral, withoutDependents, type Session } from '@rollcall/warehouse';
import { viewOf } from './report-sql.js';

interface StandingColumn {
  readonly name: string;
  readonly type: string;
}

const COLUMNS = `
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) || coalesce(' COLLATE ' || nullif(a.attcollation, 0)::regcollation, '') AS type
FROM pg_attribute a WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

/**
 * Makes `report.<name>` this select. What stands on the view stays as it is while columns only come at its end; where one goes, moves or
 * changes its type, the view is made anew, with the generated views on it. Throws warehouse/custom-view, and nothing has changed, where
 * people's own views would lose their ground. To be called last in a transaction: from here on readers wait for its end.
 */
export async function publishView(session: Session, report: Report, select: string): Promise<void> {
  const view = viewOf(report.name);
  const standing = await session.rows<StandingColumn>(COLUMNS, [view]);
  if (keepsColumns(standing, await columnsOf(session, select))) {
    await session.run(`CREATE OR REPLACE VIEW ${view} AS ${select}`);
  } else {
    await withoutDependents(session, view, async () => {
      await session.run(`DROP VIEW ${view}`);
      await session.run(`CREATE VIEW ${view} AS ${select}`);
    });
  }
}

export async function viewStands(session: Session, name: string): Promise<boolean> {
  const [row] = await session.rows<{ stands: boolean }>('SELECT to_regclass($1) IS NOT NULL AS stands', [viewOf(name)]);
  return row?.stands === true;
}

/** Whether a view with these columns may be replaced in place: what stands is the beginning of what is wanted. */
export function keepsColumns(standing: readonly StandingColumn[], wanted: readonly StandingColumn[]): boolean {
  return standing.every(({ name, type }, at) => wanted[at]?.name === name && wanted[at].type === type);
}

/** What the view's columns would be, as the server itself sees them. */
async function columnsOf(session: Session, select: string): Promise<readonly StandingColumn[]> {
  await session.run(`CREATE TEMP VIEW rollcall_probe AS ${select}`);
  const columns = await session.rows<StandingColumn>(COLUMNS, ['pg_temp.rollcall_probe']);
  await session.run('DROP VIEW pg_temp.rollcall_probe');
  return columns;
}

/** What the view and its columns mean, where BI tools read it; and that they may read it. */
export async function describeView(session: Session, report: Report): Promise<void> {
  const view = viewOf(report.name);
  const grain = `One row per ${report.grain.join(', ')}. Days and months: ${report.zone}. Owner: ${report.owner}.`;
  await comment(session, `VIEW ${view}`, `${report.title}. ${report.description} ${grain}`);
  for (const column of report.columns) {
    const unit = column.unit === undefined ? '' : ` (${column.unit})`;
    const sums = column.additive === 'none' && column.unit !== undefined ? '. Not to be summed up' : '';
    const text = `${column.label}${unit}: ${column.description}${sums}`;
    await comment(session, `COLUMN ${view}.${quoteIdentifier(column.name)}`, text);
  }
  const roles = await session.rows<{ role: string }>(
    `SELECT rolname AS role FROM pg_roles WHERE rolname IN ('bi_reader', 'analyst')
       AND NOT has_table_privilege(rolname, $1, 'SELECT')`,
    [view],
  );
  for (const { role } of roles) await session.run(`GRANT SELECT ON ${view} TO ${quoteIdentifier(role)}`);
}

async function comment(session: Session, on: string, text: string): Promise<void> {
  await session.run(`COMMENT ON ${on} IS ${quoteLiteral(text)}`);
}
