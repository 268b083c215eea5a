import type { Path } from '@rollcall/catalog';
import { parseShare, suggestion } from '@rollcall/catalog';
import type { EvidenceRule, Target } from '../report.js';
import { expressionFaults, selectFaults, type SqlFault } from './check-sql.js';
import { columnAtKey, type ReportContext } from './report-context.js';
import { scanSql } from './sql-tokens.js';
import { canonicalText, isNumeric, valueWords } from './value-text.js';

const DEFAULT_NEAR = 0.95;

/** What the rows stand on, checked. */
export function buildEvidence(context: ReportContext): readonly EvidenceRule[] {
  return Object.entries(context.entry.evidence ?? {}).map(([dataset, { sql, proves = {} }]) => {
    const path: Path = ['evidence', dataset];
    context.faultsInText([...path, 'sql'], [...selectFaults(sql, 'evidence'), ...placeholderFaults(context, sql)]);
    return {
      dataset,
      sql,
      proves: Object.entries(proves).flatMap(([name, expression]) => {
        const place = [...path, 'proves', name];
        context.faultsInText(place, expressionFaults(expression, 'a proof'));
        return columnAtKey(context, place, name) ? [{ column: name, sql: expression }] : [];
      }),
    };
  });
}

/** Evidence is asked for a row, and a row is known by its grain. */
function placeholderFaults({ entry }: ReportContext, sql: string): readonly SqlFault[] {
  const parameters = scanSql(sql).tokens.filter(({ kind }) => kind === 'parameter');
  const unknown = parameters.filter(({ text }) => !entry.grain.includes(text));
  const faults = unknown.map(({ text, start }) => ({
    offset: start,
    rule: 'sql-parameter',
    message: `:${text} is no column of the grain${suggestion(text, entry.grain)}`,
  }));
  const unused = entry.grain.filter((column) => !parameters.some(({ text }) => text === column));
  if (unused.length === 0 || faults.length > 0) return faults;
  const message = `the evidence of a row must be told by its whole grain; :${unused.join(', :')} is not used`;
  return [...faults, { offset: 0, rule: 'sql-parameter', message }];
}

export function buildTargets(context: ReportContext): readonly Target[] {
  return Object.entries(context.entry.targets ?? {}).flatMap(([name, { at_least: atLeast, near }]) => {
    const path = ['targets', name];
    const column = columnAtKey(context, path, name);
    if (!column) return [];
    if (!isNumeric(column.type)) {
      context.faultAtKey(path, 'value-type', `a target is a number, ${name} is ${column.type.name}`);
      return [];
    }
    const value = canonicalText({ name: 'numeric' }, String(atLeast));
    if (value === undefined || !(Number(value) > 0)) {
      const message = `expected ${valueWords(column.type)} above 0`;
      context.fault([...path, 'at_least'], 'value-type', message);
      return [];
    }
    return [{ column: name, value, near: parseShare(near ?? '') ?? DEFAULT_NEAR }];
  });
}
