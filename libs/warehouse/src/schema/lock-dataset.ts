import { createHash } from 'node:crypto';
import type { Session } from '../open-warehouse.js';

/** First key of the advisory lock: `load`. The second names the dataset; two names on one key only wait for each other. */
const LOAD = 0x6c6f6164;

/** One load (or change of schema) of a dataset at a time, until the transaction ends. */
export async function lockDataset(session: Session, dataset: string): Promise<void> {
  await session.run('SELECT pg_advisory_xact_lock($1, $2)', [
    LOAD,
    createHash('sha256').update(dataset).digest().readInt32BE(0),
  ]);
}
