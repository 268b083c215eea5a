import type { Dataset } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { z } from 'zod';

/** What a comparison of contracts looks at first; the rest of the entry is as this release or an earlier one wrote it. */
const shape = z.looseObject({
  name: z.string(),
  source: z.string(),
  kind: z.enum(['postgres', 'zoom', 'http', 'logs']),
  capture: z.looseObject({ mode: z.string() }),
  key: z.array(z.string()),
  keyForm: z.enum(['columns', 'hash']),
  columns: z.array(z.looseObject({ name: z.string(), type: z.looseObject({ name: z.string() }) })),
  derive: z.array(z.looseObject({ kind: z.string() })),
  contract: z.looseObject({ types: z.string() }),
  version: z.string(),
});

/**
 * Reads a contract back from the lake.
 * @throws RollcallError lake/corrupt when it is not a dataset's entry
 */
export function storedDataset(value: unknown, name: string): Dataset {
  const parsed = shape.safeParse(value);
  if (!parsed.success || parsed.data.name !== name) {
    throw new RollcallError('lake/corrupt', `the contract stored for ${name} is not a dataset's entry`, {
      cause: parsed.error,
    });
  }
  return value as Dataset;
}
