import { formatLogicalType, nearest, postgresType, type Fault } from '@rollcall/catalog';
import type { Report } from '../report.js';
import type { FaultAt } from '../format/parsed-report.js';

/** A column as the view has it. */
export interface ViewColumn {
  readonly name: string;
  /** As Postgres writes it: `bigint`, `numeric(10,2)`. */
  readonly type: string;
}

/** What differs between the columns of a view and those of report.yaml, each with the way out. */
export function columnFaults(report: Report, view: readonly ViewColumn[], faultAt: FaultAt): readonly Fault[] {
  const described = report.columns.map(({ name }) => name);
  const extra = view.filter(({ name }) => !described.includes(name));
  const extraNames = extra.map(({ name }) => name);
  const faults: Fault[] = [];
  const meant = new Set<string>();
  for (const column of report.columns) {
    const path = ['columns', column.name];
    const found = view.find(({ name }) => name === column.name);
    if (!found) {
      const near = nearest(column.name, extraNames);
      if (near !== undefined) meant.add(near);
      const way = near === undefined ? 'select it, or take it out here' : `it has "${near}"`;
      faults.push(faultAt(path, 'column-missing', `view.sql gives no column "${column.name}"; ${way}`, 'key'));
    } else if (!isOfType(found.type, postgresType(column.type))) {
      const wanted = formatLogicalType(column.type);
      const message = `column "${column.name}" is ${found.type} in the view, ${wanted} here; cast it in view.sql: (…)::${postgresType(column.type)}`;
      faults.push(faultAt([...path, 'type'], 'column-type', message));
    }
  }
  for (const { name, type } of extra.filter((column) => !meant.has(column.name))) {
    const message = `view.sql gives a column "${name}" (${type}) that is not described; add it at its place, or do not select it`;
    faults.push(faultAt(['columns'], 'column-extra', message, 'key'));
  }
  return faults.length > 0 ? faults : orderFaults(report, view, faultAt);
}

function orderFaults(report: Report, view: readonly ViewColumn[], faultAt: FaultAt): readonly Fault[] {
  const at = report.columns.findIndex(({ name }, index) => view[index]?.name !== name);
  const column = report.columns[at];
  if (!column) return [];
  const inView = view.findIndex(({ name }) => name === column.name) + 1;
  const message = `column "${column.name}" is number ${inView} in the view, number ${at + 1} here; the order must be the same`;
  return [faultAt(['columns', column.name], 'column-order', message, 'key')];
}

/** A numeric without a scale takes any; a decimal has its own. Instants have a long name and a short one. */
function isOfType(found: string, wanted: string): boolean {
  if (wanted === 'timestamptz') return /^timestamp(\(\d\))? with time zone$/.test(found);
  return found === wanted || (wanted === 'numeric' && found.startsWith('numeric('));
}
