import { z } from 'zod';
import { contract, type Contract } from './contract.js';
import { datasetName, instant, type sourceKind } from './fields.js';

export type SourceKind = z.output<typeof sourceKind>;

/** Values of a key as text, in its order, as the source writes them. */
const keyValues = z.array(z.string()).min(1).max(32);

/** Keys from (with) to (without). Absent: no end on that side. */
const keySpan = z.object({ from: keyValues.optional(), before: keyValues.optional() });
export type KeySpan = z.input<typeof keySpan>;

/** Somebody or something asks for an extract. Claimed through `_state/runs/<run id>`, acked once claimed. */
export const runRequest = z.object({
  runId: z.string().regex(/^[A-Za-z0-9:._-]{1,128}$/),
  source: z.string().min(1),
  /** Absent: every dataset of the source. */
  dataset: datasetName.optional(),
  mode: z.enum(['incremental', 'full', 'resnapshot', 'reconcile']).default('incremental'),
  from: instant.optional(),
  to: instant.optional(),
  /** Of mode `reconcile` with a dataset: only these keys are read again. */
  keys: z.array(keySpan).max(500).optional(),
  /** Of the same: keys that the source may not have any more; those it has not are deleted. */
  gone: z.array(keyValues).max(1000).optional(),
  dryRun: z.boolean().default(false),
  requestedBy: z.string().min(1),
  requestedAt: instant,
});
export type RunRequest = z.output<typeof runRequest>;

/** One subject and one durable per kind of source. */
export function runRequested(kind: SourceKind): Contract<typeof runRequest> {
  return contract({ subject: `run.v1.requested.${kind}`, stream: 'RUNS', schema: runRequest, dedupe: (m) => m.runId });
}
