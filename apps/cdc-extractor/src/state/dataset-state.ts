import { z } from 'zod';
import { watermarkState } from './watermark-state.js';
import { wholeRead } from './whole-read.js';

/** What an extractor of a database keeps in a dataset's cursor, beside epoch and point. Of constant size. */
export const datasetState = z.object({
  /** A whole read that was begun and has not ended. */
  read: wholeRead.optional(),
  watermark: watermarkState.optional(),
});
export type DatasetState = z.output<typeof datasetState>;
