import { sha256Hex } from '@rollcall/kernel';
import { canonicalJson } from './canonical-json.js';
import type { Dataset } from './dataset.js';

const DIGITS = 12;

/**
 * The first 12 hex digits of sha256 over the canonical entry: every default filled, keys sorted, columns by name.
 * So the order of keys and columns in the file does not count, the order of a key's columns does.
 */
export function contractVersion(dataset: Omit<Dataset, 'version'>): string {
  return sha256Hex(canonicalDataset(dataset)).slice(0, DIGITS);
}

/** The canonical JSON of an entry: what `_state/contracts/<version>.json` holds. */
export function canonicalDataset(dataset: Omit<Dataset, 'version'>): string {
  const { columns, ...rest } = dataset;
  const { version: _, ...entry }: Record<string, unknown> = { ...rest };
  return canonicalJson({ ...entry, columns: [...columns].sort((a, b) => (a.name < b.name ? -1 : 1)) });
}
