import { z } from 'zod';
import { contract } from './contract.js';
import { count, instant, traceparent } from './fields.js';

/** What is served of a report is new: other rows, or the same with other facts around them (held back, tests). At least once per refresh. */
export const viewRefreshed = contract({
  subject: 'reporting.v1.view-refreshed',
  stream: 'REPORTING',
  schema: z.object({
    refreshId: z.string().min(1),
    report: z.string().regex(/^[a-z][a-z0-9_]*$/),
    /** The source data is complete up to here; absent: no input has arrived. */
    asOf: instant.optional(),
    rowsChanged: count,
    tests: z.array(z.object({ name: z.string(), passed: z.boolean(), failures: count })),
    /** A newer state is not served. */
    heldBack: z.boolean(),
    trace: traceparent.optional(),
  }),
  dedupe: (m) => m.refreshId,
});
export type ViewRefreshed = z.output<typeof viewRefreshed.schema>;
