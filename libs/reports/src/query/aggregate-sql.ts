import { quoteIdentifier } from '@rollcall/warehouse';
import { aggregateType } from '../format/build-aggregate.js';
import type { LogicalType } from '@rollcall/catalog';
import type { Aggregate, Report } from '../report.js';
import { columnOf } from './sql-builder.js';

export interface AggregateSql {
  readonly sql: string;
  readonly type: LogicalType;
}

/** An aggregate over rows of the report, and the type it has. */
export function aggregateSql(report: Report, { of, column: name }: Aggregate): AggregateSql {
  if (of === 'count' || name === undefined) return { sql: 'count(*)', type: { name: 'int8' } };
  const column = columnOf(report, name);
  const type = aggregateType(of, column.type);
  const quoted = quoteIdentifier(name);
  switch (of) {
    case 'distinct':
      return { sql: `count(DISTINCT ${quoted})`, type };
    case 'median':
      return { sql: `percentile_cont(0.5) WITHIN GROUP (ORDER BY ${quoted}::float8)`, type };
    case 'min':
    case 'max':
      // By bytes, as everywhere that texts are ordered.
      return { sql: `${of}(${quoted}${column.type.name === 'text' ? ' COLLATE "C"' : ''})`, type };
    default:
      return { sql: `${of}(${quoted})`, type };
  }
}
