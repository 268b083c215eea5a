import type { TextRow } from '@rollcall/lake';
import type { Statement } from '@rollcall/reports';
import { transaction, type Session } from '@rollcall/warehouse';

const PIECE_ROWS = 5_000;

/** Of one step of an export, and of a reader who does not take what he asked for. */
const STEP_LIMIT = '60s';

/**
 * Reads all rows of a statement in one snapshot, 5,000 in memory at a time. Every field as text, as the API writes it.
 * @param take gets each piece; its promise is the back-pressure
 */
export async function readByCursor(
  session: Session,
  statement: Statement,
  columnCount: number,
  take: (rows: readonly TextRow[]) => Promise<void>,
): Promise<void> {
  await transaction(session, async () => {
    await session.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await session.run(`SET LOCAL statement_timeout = '${STEP_LIMIT}'`);
    await session.run(`SET LOCAL idle_in_transaction_session_timeout = '${STEP_LIMIT}'`);
    await session.run(`DECLARE rollcall_export NO SCROLL CURSOR FOR ${statement.text}`, statement.values);
    for (;;) {
      const { rows } = await session.client.query<unknown[]>({
        text: `FETCH ${PIECE_ROWS} FROM rollcall_export`,
        rowMode: 'array',
      });
      if (rows.length === 0) return;
      await take(rows.map((row) => row.slice(0, columnCount).map(asText)));
    }
  });
}

function asText(cell: unknown): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}
