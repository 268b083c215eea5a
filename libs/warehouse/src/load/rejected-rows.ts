import type { Value } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import type { RowGroup } from './loading.js';
import type { RefusedRow } from './stage-batches.js';

/** The rows of the lane `rejected`, as quarantine takes them. Throws lake/corrupt when the group is not one. */
export function rejectedRows(dataset: string, group: RowGroup): readonly RefusedRow[] {
  const given = new Map(group.columns.map((column) => [column.name, column.values]));
  const text = (name: string, row: number): string | null => textOrNull(given.get(name)?.[row]);
  return Array.from({ length: group.rowCount }, (_, row) => {
    const position = text('_position', row);
    if (position === null) throw new RollcallError('lake/corrupt', `${dataset}: a rejected row has no _position`);
    const length = given.get('length')?.[row];
    const sealed = given.get('sealed')?.[row];
    return {
      position,
      reason: text('reason', row) ?? 'unknown',
      place: text('place', row) ?? '',
      column: null,
      contract: text('contract', row) ?? '',
      length: typeof length === 'number' ? length : null,
      sealed: sealed instanceof Uint8Array ? sealed : null,
      format: text('format', row),
      header: text('header', row),
      rowKey: null,
    };
  });
}

/** NUL cannot stand in the warehouse's text; a place or header that holds one is told without it. */
function textOrNull(value: Value | undefined): string | null {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : null;
}
