import type { Catalog, Fault } from '@rollcall/catalog';
import { suggestion } from '@rollcall/catalog';
import { scanSql } from '../format/sql-tokens.js';
import { faultInText } from '../format/text-places.js';
import type { ReportSet } from '../format/parsed-report.js';
import type { Report } from '../report.js';
import type { Inspection } from './inspection.js';
import type { ReadRelation } from './view-relations.js';

/** Where a report may look: what the warehouse keeps for readers, other reports, and views of people's own. */
const OPEN_SCHEMAS = ['analytics', 'history', 'report', 'custom'];

/** The dataset that a relation shows: its own, or the one it is derived from. */
export function datasetOf(catalog: Catalog, relation: string): string | undefined {
  if (catalog.datasets.has(relation)) return relation;
  for (const { name, derive } of catalog.datasets.values()) {
    if (derive.some(({ into }) => into === relation)) return name;
  }
  return undefined;
}

/** What a report stands on, and what it must not stand on. `below`: reports that were looked at before. */
export function inspectInputs(
  report: Report,
  relations: readonly ReadRelation[],
  catalog: Catalog,
  set: Pick<ReportSet, 'faultAt'>,
  below: ReadonlyMap<string, Inspection>,
): Inspection {
  const datasets = new Set<string>();
  const faults: Fault[] = [];
  const notes: string[] = [];
  for (const { schema, name } of relations) {
    if (!OPEN_SCHEMAS.includes(schema)) {
      const message = `${schema}.${name} is not for reports; they stand on analytics, history, report and custom`;
      const offset = placeOf(report.sql, schema, name);
      faults.push(faultInText(report.sqlFile, report.sql, { offset, rule: 'relation-schema', message }));
    } else if (schema === 'report') {
      for (const dataset of below.get(name)?.datasets ?? []) datasets.add(dataset);
    } else if (schema !== 'custom') {
      const dataset = datasetOf(catalog, name);
      if (dataset === undefined) {
        notes.push(`${schema}.${name} belongs to no dataset of the catalog: nothing says how fresh it is`);
      } else datasets.add(dataset);
    }
  }
  for (const { dataset } of report.evidence) {
    if (datasets.has(dataset)) continue;
    const known = [...datasets].sort();
    const message = `the view does not stand on dataset "${dataset}"${suggestion(dataset, known)}`;
    faults.push(set.faultAt(report.name, ['evidence', dataset], 'evidence-dataset', message, 'key'));
  }
  return {
    faults,
    datasets: [...datasets].sort(),
    relations: relations.flatMap(({ schema, name, direct }) => (direct ? [`${schema}.${name}`] : [])).sort(),
    notes,
  };
}

/** Where the view names a relation; its beginning where it does not (a view of people's own does). */
function placeOf(sql: string, schema: string, name: string): number {
  const { tokens } = scanSql(sql);
  const at = tokens.findIndex(({ text }, index) => text === schema && tokens[index + 2]?.text === name);
  return tokens[at]?.start ?? 0;
}
