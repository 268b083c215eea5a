import { z } from 'zod';
import { contract, type Contract } from './contract.js';
import { datasetName, instant, type sourceKind } from './fields.js';

export type SourceKind = z.output<typeof sourceKind>;

/** Somebody or something asks for an extract. Claimed through `_state/runs/<run id>`, acked once claimed. */
export const runRequest = z.object({
  runId: z.string().regex(/^[A-Za-z0-9:._-]{1,128}$/),
  source: z.string().min(1),
  /** Absent: every dataset of the source. */
  dataset: datasetName.optional(),
  mode: z.enum(['incremental', 'full', 'resnapshot', 'reconcile']).default('incremental'),
  from: instant.optional(),
  to: instant.optional(),
  dryRun: z.boolean().default(false),
  requestedBy: z.string().min(1),
  requestedAt: instant,
});
export type RunRequest = z.output<typeof runRequest>;

/** One subject and one durable per kind of source. */
export function runRequested(kind: SourceKind): Contract<typeof runRequest> {
  return contract({ subject: `run.v1.requested.${kind}`, stream: 'RUNS', schema: runRequest, dedupe: (m) => m.runId });
}
