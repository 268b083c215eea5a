import { quoteIdentifier, quoteLiteral } from '../dialect/quote-identifier.js';
import { sqlState } from '../classify-warehouse-error.js';
import type { Session } from '../open-warehouse.js';
import { withoutDependents } from './dependents.js';

export interface ViewColumn {
  readonly name: string;
  readonly expression: string;
  readonly comment?: string | undefined;
}

export interface ViewPlan {
  /** Qualified and quoted. */
  readonly name: string;
  readonly columns: readonly ViewColumn[];
  /** FROM … WHERE …; the raw row is `r`. */
  readonly from: string;
  readonly comment?: string | undefined;
}

/**
 * Makes a view what the plan says. Columns it has stay where they are and new ones come at the end, so that whoever stands on it is not
 * disturbed; only where a column goes or changes its type the view is dropped and made again, with the generated views on it.
 */
export async function ensureView(session: Session, plan: ViewPlan): Promise<void> {
  const standing = await columnsOf(session, plan.name);
  if (!(await replaced(session, plan, standing))) {
    await withoutDependents(session, plan.name, async () => {
      await session.run(`DROP VIEW ${plan.name}`);
      await session.run(selectOf(plan, plan.columns));
    });
  }
  if (plan.comment !== undefined) await session.run(`COMMENT ON VIEW ${plan.name} IS ${quoteLiteral(plan.comment)}`);
  for (const { name, comment } of plan.columns) {
    if (comment === undefined) continue;
    await session.run(`COMMENT ON COLUMN ${plan.name}.${quoteIdentifier(name)} IS ${quoteLiteral(comment)}`);
  }
}

/** The order of the select list: what stands keeps its place. undefined: a column would go. */
export function appendOnly(
  standing: readonly string[],
  columns: readonly ViewColumn[],
): readonly ViewColumn[] | undefined {
  const kept: ViewColumn[] = [];
  for (const name of standing) {
    const column = columns.find((candidate) => candidate.name === name);
    if (column === undefined) return undefined;
    kept.push(column);
  }
  return [...kept, ...columns.filter((column) => !standing.includes(column.name))];
}

const INVALID_DEFINITION = '42P16';

async function replaced(session: Session, plan: ViewPlan, standing: readonly string[]): Promise<boolean> {
  const columns = appendOnly(standing, plan.columns);
  if (columns === undefined) return false;
  await session.run('SAVEPOINT replacing');
  try {
    await session.run(selectOf(plan, columns));
    await session.run('RELEASE SAVEPOINT replacing');
    return true;
  } catch (error) {
    if (sqlState(error) !== INVALID_DEFINITION) throw error;
    await session.run('ROLLBACK TO SAVEPOINT replacing');
    return false;
  }
}

function selectOf(plan: ViewPlan, columns: readonly ViewColumn[]): string {
  const list = columns.map(({ name, expression }) => `${expression} AS ${quoteIdentifier(name)}`);
  return `CREATE OR REPLACE VIEW ${plan.name} AS SELECT ${list.join(', ')} ${plan.from}`;
}

async function columnsOf(session: Session, view: string): Promise<readonly string[]> {
  const rows = await session.rows<{ attname: string }>(
    'SELECT attname FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum',
    [view],
  );
  return rows.map((row) => row.attname);
}
