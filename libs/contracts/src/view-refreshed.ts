import { z } from 'zod';
import { contract } from './contract.js';
import { count, instant, traceparent } from './fields.js';

export const viewRefreshed = contract({
  subject: 'reporting.v1.view-refreshed',
  stream: 'REPORTING',
  schema: z.object({
    refreshId: z.string().min(1),
    report: z.string().regex(/^[a-z][a-z0-9_]*$/),
    asOf: instant,
    rowsChanged: count,
    tests: z.array(z.object({ name: z.string(), passed: z.boolean(), failures: count })),
    heldBack: z.boolean(),
    trace: traceparent.optional(),
  }),
  dedupe: (m) => m.refreshId,
});
export type ViewRefreshed = z.output<typeof viewRefreshed.schema>;
