import { EntitySchema } from 'typeorm';

/** What an operator did: who, what, to what. */
export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  /** `quarantine.discard`, `held.approve`, … */
  readonly action: string;
  /** The dataset, entry, batch it was done to. */
  readonly subject: string;
  /** Counts and ids; never values of rows. */
  readonly details: Readonly<Record<string, unknown>>;
}

export const AuditEntity = new EntitySchema<AuditEntry>({
  name: 'AuditEntry',
  schema: 'ops',
  tableName: 'audit',
  columns: {
    id: { type: 'bigint', primary: true, generated: 'increment' },
    at: { type: 'timestamptz', default: () => 'clock_timestamp()' },
    actor: { type: 'text' },
    action: { type: 'text' },
    subject: { type: 'text' },
    details: { type: 'jsonb' },
  },
  indices: [{ name: 'audit_by_time', columns: ['at'] }],
});
