import { postgresType } from '@rollcall/catalog';
import type { Report } from '@rollcall/reports';
import { qualified, quoteIdentifier } from '@rollcall/warehouse';

/** Where the engine computes; one per connection. */
export const NEXT = 'pg_temp.rollcall_next';

export const viewOf = (name: string): string => qualified('report', name);
export const storeOf = (name: string): string => qualified('report_store', name);

/** SQL that holds the text of `view.sql`, and where in it: errors of the server count into the whole. */
export interface Placed {
  readonly text: string;
  /** In characters, as the server counts. */
  readonly sqlAt: number;
}

/**
 * The rows of a report as its `view.sql` computes them now, each column with the type that the report says. Texts of a stored report are ordered
 * by their bytes, as pages are: so its indexes serve filters and orders alike, whatever the server's collation.
 */
export function computed(report: Report): Placed {
  const list = report.columns.map(({ name, type }) => {
    const column = quoteIdentifier(name);
    const collation = report.materialize && type.name === 'text' ? ' COLLATE "C"' : '';
    return `v.${column}::${postgresType(type)}${collation} AS ${column}`;
  });
  const head = `SELECT ${list.join(', ')} FROM (\n`;
  return { text: `${head}${report.sql}\n) v`, sqlAt: [...head].length };
}

export function behind(head: string, { text, sqlAt }: Placed): Placed {
  return { text: head + text, sqlAt: sqlAt + [...head].length };
}

/** Rows whose key is gone. */
export function deleteGone(report: Report, store: string): string {
  return `DELETE FROM ${store} s WHERE NOT EXISTS (SELECT FROM ${NEXT} n WHERE ${keysEqual(report)})`;
}

/** Rows that are new or other than they were; the rest is not touched, not even locked. */
export function upsertChanged(report: Report, store: string): string {
  const names = report.columns.map(({ name }) => quoteIdentifier(name));
  const key = report.grain.map(quoteIdentifier);
  const rest = names.filter((name) => !key.includes(name));
  const row = (alias: string): string => `(${rest.map((name) => `${alias}.${name}`).join(', ')})`;
  const other = rest.length === 0 ? '' : ` OR ${row('n')} IS DISTINCT FROM ${row('s')}`;
  const set = rest.map((name) => `${name} = excluded.${name}`).join(', ');
  return `INSERT INTO ${store} (${names.join(', ')})
SELECT ${names.map((name) => `n.${name}`).join(', ')} FROM ${NEXT} n LEFT JOIN ${store} s ON ${keysEqual(report)}
WHERE s.${key[0] ?? ''} IS NULL${other}
ON CONFLICT (${key.join(', ')}) DO ${rest.length === 0 ? 'NOTHING' : `UPDATE SET ${set}`}`;
}

function keysEqual(report: Report): string {
  return report.grain.map((name) => `n.${quoteIdentifier(name)} = s.${quoteIdentifier(name)}`).join(' AND ');
}

/** The select list of a view over the store. */
export function storedColumns(report: Report): string {
  return report.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
}
