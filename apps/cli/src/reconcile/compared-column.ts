import { isWidening, type LogicalType } from '@rollcall/catalog';
import { quoteSourceIdentifier, type SourceColumn } from '@rollcall/source-postgres';
import { quoteIdentifier, type RawColumn } from '@rollcall/warehouse';

/** A column on both sides: expressions whose output texts are equal where the values are, and only there. */
export interface ComparedColumn {
  /** In lake and warehouse. */
  readonly name: string;
  readonly source: string;
  readonly warehouse: string;
}

/**
 * How values of a column are compared, or why they cannot be. `logical`: what the source's codec makes of them. Both sessions write values alike
 * (days as ISO, instants in UTC, exact floats), so most columns stand as they are. Pure.
 */
export function comparedColumn(
  column: SourceColumn,
  logical: LogicalType,
  raw: RawColumn,
): ComparedColumn | { readonly why: string } {
  const [from, to] = [logical.name, raw.type.name];
  const there = quoteSourceIdentifier(column.name);
  const here = quoteIdentifier(raw.physical);
  const same = (source: string, warehouse = here): ComparedColumn => ({ name: raw.name, source, warehouse });
  if (from === 'array')
    return { why: 'arrays, ranges and composites are JSON in the warehouse, as only Rollcall makes it' };
  const isText = (name: string): boolean => name === 'text' || name === 'other';
  if (isText(from) && isText(to)) return same(there);
  if (from !== to && !isWidening(logical, raw.type)) return { why: `${from} in the source, ${to} in the warehouse` };
  switch (to) {
    // 1.10 and 1.1 are one value.
    case 'decimal':
    case 'numeric':
      return same(`trim_scale(${there}::numeric)`, `trim_scale(${here})`);
    case 'float8':
      return same(from === 'float4' ? `${there}::float8` : there);
    case 'json':
      return same(`${there}::jsonb`);
    default:
      return same(there);
  }
}
