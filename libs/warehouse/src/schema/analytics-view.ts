import type { SessionsRule } from '@rollcall/catalog';
import { quoteIdentifier } from '../dialect/quote-identifier.js';
import { sessionSql } from '../derive/session-rule.js';
import { cleanExpression } from './clean-expression.js';
import { NOT_IN_CONTRACT } from './source-columns.js';
import type { ViewColumn, ViewPlan } from './ensure-view.js';
import { analyticsView, historyTable, historyView, rawTable, type Relation } from './relation.js';

/** `analytics.<dataset>`: clean columns, sessions, without tombstones; `_batch_id` and `_position` lead back to the record. */
export function analyticsPlan(relation: Relation): ViewPlan {
  const { dataset } = relation;
  const sessions = dataset.derive.map((rule, index) => sessionColumn(relation, rule, index));
  return {
    name: analyticsView(dataset.name),
    columns: [
      ...businessColumns(relation),
      ...sessions.map(({ column }) => column),
      {
        name: '_batch_id',
        expression: 'r._batch_id',
        comment: 'ops.batch: the object in the lake that brought this version',
      },
      { name: '_position', expression: 'r._position', comment: 'The place of the record in its source' },
    ],
    from: `FROM ${rawTable(dataset.name)} r${sessions.map(({ join }) => join).join('')} WHERE NOT r._deleted`,
    comment: dataset.description,
  };
}

/** `history.<dataset>`: one row per version that was valid, in the order of the source. */
export function historyPlan(relation: Relation): ViewPlan {
  const name = relation.dataset.name;
  return {
    name: historyView(name),
    columns: [
      ...businessColumns(relation),
      { name: 'valid_from', expression: 'r._valid_from' },
      { name: 'valid_to', expression: 'r._valid_to', comment: 'Exclusive; NULL: still valid' },
      { name: 'is_current', expression: 'r._valid_to IS NULL' },
      {
        name: 'is_point',
        expression: 'coalesce(r._valid_to = r._valid_from, false)',
        comment: 'Replaced at the instant it began',
      },
      {
        name: 'valid_from_kind',
        expression: `CASE WHEN r._observed THEN 'observed' ELSE 'committed' END`,
        comment: 'committed: the time the source committed it; observed: the time it was seen',
      },
      { name: '_batch_id', expression: 'r._batch_id' },
      { name: '_position', expression: 'r._position' },
    ],
    from: `FROM ${historyTable(name)} r WHERE NOT r._repeats AND NOT r._deleted`,
    comment: relation.dataset.description,
  };
}

function businessColumns({ dataset, columns }: Relation): readonly ViewColumn[] {
  return columns.map(({ name, physical, type }) => {
    const column = dataset.columns.find((candidate) => candidate.name === name);
    const comment = column === undefined ? NOT_IN_CONTRACT : column.description;
    return { name, expression: cleanExpression(column, type, `r.${quoteIdentifier(physical)}`), comment };
  });
}

/** Sessions of one value do not overlap, so at most one holds a row. A half day's id needs no join. */
function sessionColumn(relation: Relation, rule: SessionsRule, index: number): { column: ViewColumn; join: string } {
  const sql = sessionSql(relation, rule);
  const comment = `The session of this row, by ${rule.mode.name === 'gap' ? `a gap of more than ${rule.mode.seconds} s` : 'half days'}`;
  if (rule.mode.name === 'half_day') {
    const expression = `CASE WHEN ${sql.eligible('r')} THEN ${sql.id(sql.by('r'), sql.at('r'))} END`;
    return { column: { name: rule.column, expression, comment }, join: '' };
  }
  const alias = `s${index}`;
  const join = ` LEFT JOIN ${sql.into} ${alias} ON ${alias}.mode = ${sql.mode} AND ${alias}.${sql.byColumn} = ${sql.by('r')} AND ${sql.at('r')} BETWEEN ${alias}.first_at AND ${alias}.last_at`;
  return { column: { name: rule.column, expression: `${alias}.session_id`, comment }, join };
}
