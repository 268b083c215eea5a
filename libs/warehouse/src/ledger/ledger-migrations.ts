import { LEDGER_0001 } from './0001-ledger.js';
import { LEDGER_0002 } from './0002-reports.js';
import { LEDGER_0003 } from './0003-source-columns.js';

export interface LedgerMigration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** The oldest schema version whose code still works on this schema. */
  readonly minSafeVersion: number;
}

/** Plain SQL of the dialect, beside the data, in order. Additive first: expand, backfill, and contract in a later release. */
export const LEDGER_MIGRATIONS: readonly LedgerMigration[] = [
  { version: 1, name: '0001-ledger', sql: LEDGER_0001, minSafeVersion: 1 },
  { version: 2, name: '0002-reports', sql: LEDGER_0002, minSafeVersion: 1 },
  { version: 3, name: '0003-source-columns', sql: LEDGER_0003, minSafeVersion: 1 },
];

/** The schema version this release needs. */
export const SCHEMA_VERSION = LEDGER_MIGRATIONS.length;
