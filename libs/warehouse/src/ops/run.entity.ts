import { EntitySchema } from 'typeorm';

/** A run as its end announced it (`run.v1.finished`). */
export interface Run {
  readonly runId: string;
  readonly kind: string;
  readonly source: string;
  readonly dataset: string | null;
  /** Counts are bigint in the table, so they are text here. */
  readonly read: string;
  readonly batches: string;
  readonly rejected: string;
  readonly verdict: string;
  readonly code: string | null;
  readonly requestedBy: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly trace: string | null;
}

export const RunEntity = new EntitySchema<Run>({
  name: 'Run',
  schema: 'ops',
  tableName: 'run',
  columns: {
    runId: { name: 'run_id', type: 'text', primary: true },
    kind: { type: 'text' },
    source: { type: 'text' },
    dataset: { type: 'text', nullable: true },
    read: { type: 'bigint' },
    batches: { type: 'bigint' },
    rejected: { type: 'bigint' },
    verdict: { type: 'text' },
    code: { type: 'text', nullable: true },
    requestedBy: { name: 'requested_by', type: 'text' },
    startedAt: { name: 'started_at', type: 'timestamptz' },
    finishedAt: { name: 'finished_at', type: 'timestamptz' },
    trace: { type: 'text', nullable: true },
  },
  indices: [{ name: 'run_by_source', columns: ['source', 'finishedAt'] }],
});
