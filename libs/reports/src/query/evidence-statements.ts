import { postgresType } from '@rollcall/catalog';
import { quoteIdentifier } from '@rollcall/warehouse';
import { withParameters } from '../format/sql-tokens.js';
import type { EvidenceRule, Report } from '../report.js';
import type { Row } from '../shown/api.js';
import type { Statement } from './rows-query.js';
import { Binds, cellSql, columnOf } from './sql-builder.js';

/** The record behind which a page of evidence begins. */
export interface EvidencePlace {
  readonly batch: string;
  readonly position: string;
}

export interface EvidenceStatements {
  /** One row: `_total`, and a cell for each proof by the name of its column. */
  readonly totals: Statement;
  /**
   * `batch`, `position` (texts) and `values`: the other columns of the select in its order, each as text or null. One row more than the
   * page. In the order of batch and position; a record counts once per row that the select gives of it, and pages assume one.
   */
  page(limit: number, after?: EvidencePlace): Statement;
}

/** What a row stands on in one dataset. `grain`: cells of the row, by the columns of the grain. */
export function evidenceStatements(report: Report, rule: EvidenceRule, grain: Row): EvidenceStatements {
  const evidence = (binds: Binds): string => {
    const sql = withParameters(rule.sql, (name) => `(${binds.put(grain[name] ?? null, columnOf(report, name).type)})`);
    // On lines of its own: it may end with a comment.
    return `(\n${sql}\n) AS evidence`;
  };
  const totals = (): Statement => {
    const binds = new Binds();
    const proofs = rule.proves.map(({ column: name, sql }) => {
      const { type } = columnOf(report, name);
      return `, ${cellSql(type, `(\n${sql}\n)::${postgresType(type)}`)} AS ${quoteIdentifier(name)}`;
    });
    return binds.statement(`SELECT count(*)::text AS "_total"${proofs.join('')} FROM ${evidence(binds)}`);
  };
  return {
    totals: totals(),
    page(limit, after) {
      const binds = new Binds();
      const from = evidence(binds);
      const batch = `evidence."_batch_id"::text COLLATE "C"`;
      const position = `evidence."_position"::text COLLATE "C"`;
      const text = { name: 'text' } as const;
      const behind = after
        ? ` WHERE (${batch}, ${position}) > (${binds.put(after.batch, text)}, ${binds.put(after.position, text)})`
        : '';
      // json keeps the order of the columns, and its texts every digit.
      const values = `(SELECT json_object_agg(field.key, field.value ORDER BY field.ordinality) FROM json_each_text(row_to_json(evidence)) WITH ORDINALITY AS field WHERE field.key NOT IN ('_batch_id', '_position'))`;
      return binds.statement(
        `SELECT evidence."_batch_id"::text AS batch, evidence."_position"::text AS position, ${values} AS values FROM ${from}${behind} ORDER BY ${batch}, ${position} LIMIT ${binds.put(limit + 1, { name: 'int4' })}`,
      );
    },
  };
}
