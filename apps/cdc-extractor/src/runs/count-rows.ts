import type { Dataset } from '@rollcall/catalog';
import { askSource } from '@rollcall/source-postgres';
import { openTable } from '../full/open-table.js';
import type { SourceContext } from '../source-context.js';
import { CursorDoc } from '../state/cursor-doc.js';
import { cursorColumn, keysetColumns } from '../watermark/cursor-column.js';
import { countableSql } from '../watermark/keyset.js';

/** How many rows a run would read now. Nothing is written, neither here nor there. */
export async function countRows(
  context: SourceContext,
  dataset: Dataset,
  { whole, signal }: { readonly whole: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const client = await context.connect({ signal });
  try {
    await askSource(client.query('BEGIN READ ONLY'));
    const open = await openTable(context, client, dataset);
    const from =
      whole || dataset.capture.mode !== 'watermark' ? `FROM ${open.sql}` : await behindCursor(context, dataset, open);
    const { rows } = await askSource(client.query<{ count: string }>(`SELECT count(*)::text AS count ${from}`));
    return Number(rows[0]?.count ?? 0);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function behindCursor(
  context: SourceContext,
  dataset: Dataset,
  { sql, plan }: Awaited<ReturnType<typeof openTable>>,
): Promise<string> {
  const { standing } = await CursorDoc.open(context, dataset);
  const column = cursorColumn(plan, dataset);
  const known = standing.state.watermark;
  return countableSql(sql, column, keysetColumns(plan), known?.column === column.id ? known.cursor : undefined);
}
