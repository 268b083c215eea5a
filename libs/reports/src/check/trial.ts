import type { Path } from '@rollcall/catalog';
import type { Session } from '@rollcall/warehouse';
import type { PlacedSql } from './placed-sql.js';
import { isTooSlow, serverMessage, type ServerMessage } from './server-message.js';

/** How a statement went: `slow` when the server gave no answer in time. */
export type Tried =
  { readonly kind: 'fine' } | { readonly kind: 'slow' } | ({ readonly kind: 'refused' } & ServerMessage);

/** Runs a statement such that its failure leaves the transaction as it was. Throws what is not about the SQL. */
export async function attempt(session: Session, text: string, values: readonly unknown[] = []): Promise<Tried> {
  await session.run('SAVEPOINT trial');
  try {
    await session.run(text, values);
    await session.run('RELEASE SAVEPOINT trial');
    return { kind: 'fine' };
  } catch (error) {
    const message = serverMessage(error);
    if (!message && !isTooSlow(error)) throw error;
    await session.run('ROLLBACK TO SAVEPOINT trial');
    return message ? { kind: 'refused', ...message } : { kind: 'slow' };
  }
}

/** A part of a report to be planned by the server. */
export interface Trial {
  readonly what: string;
  /** It holds other parts: what is wrong with those is not said again. */
  readonly holdsOthers: boolean;
  readonly sql: PlacedSql;
  readonly values: readonly unknown[];
  /** Where its text stands: a part of report.yaml, or a file of the folder. */
  readonly at: { readonly path: Path } | { readonly file: string; readonly text: string };
}
