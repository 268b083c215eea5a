import type { Dataset } from '@rollcall/catalog';
import type { BatchWritten } from '@rollcall/contracts';
import { parseValue } from '@rollcall/catalog';
import { parsePosition } from '@rollcall/kernel';

/**
 * When a version was seen, where its row does not carry the time of its commit. For all sources but databases the position says it: the same
 * for whoever reads it again. A database's position is an LSN; there it is the time of the extract.
 */
export function observedAt(dataset: Dataset, announced: BatchWritten): (position: string) => bigint | null {
  if (dataset.kind !== 'postgres') return (position) => parsePosition(position)?.point ?? null;
  const parsed = parseValue({ name: 'timestamptz' }, announced.extractedAt);
  const at = parsed.ok && typeof parsed.value === 'bigint' ? parsed.value : null;
  return () => at;
}
