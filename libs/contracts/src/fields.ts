import { z } from 'zod';

/** Shapes that several messages share. */
export const datasetName = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);
export const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/, 'an instant in UTC, ISO 8601');
export const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
export const batchId = z.string().regex(/^[a-z2-7]{26}$/);
export const contractVersion = z.string().regex(/^[0-9a-f]{12}$/);
export const position = z.string().regex(/^[0-9a-f]{4}-[0-9a-f]{16}-[0-9a-f]{8}$/);
export const traceparent = z.string().regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/);
export const count = z.number().int().nonnegative();
export const sourceKind = z.enum(['postgres', 'zoom', 'http', 'logs']);
