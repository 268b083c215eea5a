import type { z } from 'zod';
import type { Fault } from './fault.js';
import { mendedData } from './mended-data.js';
import type { KnownKeys } from './schema-keys.js';
import { plainPath, shapeFaults } from './shape-faults.js';
import type { YamlPlaces } from './yaml-places.js';

/** The form of a file. */
export interface FileShape<T> {
  readonly schema: z.ZodType<T>;
  readonly knownKeys: KnownKeys;
  /** What stands in for a key of the file that is missing or wrong, so that the rest is still checked. */
  readonly standIns: Readonly<Record<string, unknown>>;
}

/** Rounds of mending before the other rules are left unchecked. */
const MENDING_ROUNDS = 4;

/**
 * The entry of a file and the faults of its shape. What can be saved of a faulty one is saved, so that the rest is checked as well;
 * what a misspelt key holds is only seen once that key is read as the one it resembles.
 */
export function checkShape<T>(
  places: YamlPlaces,
  shape: FileShape<T>,
): { readonly entry?: T; readonly faults: Fault[] } {
  const faults: Fault[] = [];
  let mended = places.data;
  for (let round = 0; round < MENDING_ROUNDS; round++) {
    const checked = shape.schema.safeParse(mended);
    if (checked.success) return { entry: checked.data, faults };
    const { issues } = checked.error;
    const told = round === 0 ? issues : issues.filter((issue) => places.isRenamed(plainPath(issue)));
    faults.push(...shapeFaults(told, mended, places, shape.knownKeys));
    mended = mendedData(mended, issues, shape, (path, key, meant) => places.readAs(path, key, meant));
  }
  return { faults };
}
