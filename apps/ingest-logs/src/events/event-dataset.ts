import { buildRowReader, type Catalog, type Dataset, type PiiKey, type ReadRow } from '@rollcall/catalog';
import type { Outcome } from '@rollcall/kernel';

/** A dataset that takes events, with what reads them. */
export interface EventDataset {
  readonly dataset: Dataset;
  readonly readRow: (record: unknown) => Outcome<ReadRow>;
}

/** The datasets of kind `logs`, by name. Throws config/invalid when one needs a PII key and there is none. */
export function eventDatasets(catalog: Catalog, piiKey: PiiKey | undefined): ReadonlyMap<string, EventDataset> {
  const datasets = [...catalog.datasets.values()].filter(({ kind }) => kind === 'logs');
  return new Map(datasets.map((dataset) => [dataset.name, { dataset, readRow: buildRowReader(dataset, { piiKey }) }]));
}
