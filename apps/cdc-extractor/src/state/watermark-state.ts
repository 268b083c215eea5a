import { z } from 'zod';

const xid8 = z.string().regex(/^\d{1,20}$/);

/** What was open on the source at a moment, and up to which value of the cursor it can still matter. */
export const watermarkSample = z.object({
  /** The limit that this sample gives once it is safe: a value of the cursor column, as the source writes it. */
  t: z.string(),
  /** Source clock, microseconds since 1970: when it was taken. */
  at: z.string().regex(/^\d{1,20}$/),
  /** Transactions from this id on had not begun to write. */
  xmax: xid8,
  /** Virtual transactions that were open, as pg_locks names them. */
  open: z.array(z.string()),
});
export type WatermarkSample = z.output<typeof watermarkSample>;

/** Where the reading goes on: rows behind (value, key) in the order of both. */
export const watermarkCursor = z.object({
  value: z.string(),
  /** Texts of the key. Absent: all rows of that value were read, unless `inclusive`. */
  key: z.array(z.string()).optional(),
  /** Without a key to go on from inside equal values, they are all read again. */
  inclusive: z.boolean().optional(),
});
export type WatermarkCursor = z.output<typeof watermarkCursor>;

export const watermarkState = z.object({
  /** Which column it is about, and as what: under another one everything here means nothing. */
  column: z.string(),
  cursor: watermarkCursor.optional(),
  /** Oldest first. */
  samples: z.array(watermarkSample),
  /** The greatest limit so far: rows up to it can be passed over once they are read. */
  limit: z.string().optional(),
  /** When the sample of the limit was taken: source clock, microseconds since 1970. */
  limitAt: z.string().optional(),
  /** When the whole table was read last: clock of the extractor, microseconds since 1970. */
  sweptAt: z.string().optional(),
  /** Digest of the rows without a cursor that were landed last: as long as they are the same they are not landed again. */
  nulls: z.string().optional(),
});
export type WatermarkState = z.output<typeof watermarkState>;
