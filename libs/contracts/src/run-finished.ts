import { z } from 'zod';
import { contract } from './contract.js';
import { count, datasetName, instant, sourceKind, traceparent } from './fields.js';

export const runFinished = contract({
  subject: 'run.v1.finished',
  stream: 'RUNLOG',
  schema: z.object({
    runId: z.string().min(1),
    kind: sourceKind,
    source: z.string().min(1),
    dataset: datasetName.optional(),
    read: count,
    batches: count,
    rejected: count,
    verdict: z.enum(['succeeded', 'failed', 'dry-run']),
    /** The error code, when it failed. */
    code: z.string().optional(),
    requestedBy: z.string(),
    startedAt: instant,
    finishedAt: instant,
    trace: traceparent.optional(),
  }),
  dedupe: (m) => m.runId,
});
export type RunFinished = z.output<typeof runFinished.schema>;
