import type { Catalog, SourceKind } from '@rollcall/catalog';
import { CONSUMERS, runRequested, type ConsumerSpec } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';

export interface SyncTarget {
  readonly source: string;
  readonly kind: SourceKind;
  /** Absent: every dataset of the source. */
  readonly dataset?: string;
  /** Who takes requests of this kind. */
  readonly consumer: ConsumerSpec;
}

/**
 * What `rollcall sync <name>` is about: a source, else a dataset.
 * @throws RollcallError config/invalid when the catalog has neither, or when no service of this release takes runs of that kind
 */
export function planSync(catalog: Catalog, name: string): SyncTarget {
  const source = catalog.sources.find((s) => s.source === name);
  const dataset = source ? undefined : catalog.datasets.get(name);
  if (!source && !dataset) {
    const known = [...catalog.sources.map((s) => s.source), ...catalog.datasets.keys()].sort().join(', ');
    throw new RollcallError('config/invalid', `the catalog has no source or dataset ${name}; it has ${known}`);
  }
  const kind = source?.kind ?? dataset?.kind ?? 'logs';
  const subject = runRequested(kind).subject;
  const consumer = CONSUMERS.find((spec) => spec.filter === subject);
  if (!consumer) throw new RollcallError('config/invalid', `no service of this release takes runs of kind ${kind}`);
  return {
    source: source?.source ?? dataset?.source ?? name,
    kind,
    consumer,
    ...(dataset && { dataset: dataset.name }),
  };
}
