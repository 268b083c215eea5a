import { z } from 'zod';
import { MAX_EVIDENCE_PAGE } from '../../evidence/evidence-query.js';
import { STATUSES } from '../../waiting/quarantine-query.js';
import { MAX_PAGE_ROWS } from '../answers/read-rows.js';

/** Parameters that are read elsewhere, as the document describes them. */

const after = z.string().optional().meta({ description: '`next` of the page before.' });

export const pagingParameters = z.object({
  sort: z
    .string()
    .optional()
    .meta({ description: 'Columns by comma; a minus in front turns the order round. What is empty comes last.' }),
  limit: z
    .int()
    .min(1)
    .max(MAX_PAGE_ROWS)
    .optional()
    .meta({ description: 'Rows of a page.', examples: [50] }),
  after,
});

export const evidencePaging = z.object({
  limit: z
    .int()
    .min(1)
    .max(MAX_EVIDENCE_PAGE)
    .optional()
    .meta({ description: 'Records of a page, per dataset.', examples: [50] }),
  after,
});

export const runsParameters = z.object({
  limit: z
    .int()
    .min(1)
    .max(500)
    .optional()
    .meta({ description: 'Runs.', examples: [20] }),
});

export const quarantineParameters = z.object({
  dataset: z
    .string()
    .optional()
    .meta({ examples: ['answers'] }),
  reason: z.string().optional(),
  status: z
    .enum(STATUSES)
    .optional()
    .meta({ examples: ['open'] }),
  limit: z
    .int()
    .min(1)
    .max(500)
    .optional()
    .meta({ examples: [50] }),
  after,
});
