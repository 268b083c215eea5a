import type { Catalog, Dataset, Source } from '@rollcall/catalog';
import { getContract, listBatches, readManifest, type ListedBatch, type ObjectStore } from '@rollcall/lake';
import { openLake } from '../edges/open-lake.js';
import type { CliSettings } from '../settings/cli-settings.js';
import { storedDataset } from './stored-dataset.js';

/**
 * The catalog the lake was last written under: per dataset, the contract of its newest batch. Datasets that the lake has never seen are
 * left out. Their sources are taken from the catalog at hand, for contracts do not hold them.
 * @throws RollcallError lake/*
 */
export async function readLakeContracts(url: string, settings: CliSettings, current: Catalog): Promise<Catalog> {
  const store = await openLake(url, settings);
  const datasets = new Map<string, Dataset>();
  for (const newest of await newestBatches(store)) {
    const manifest = await readManifest(store, newest.key);
    const contract = manifest && (await getContract(store, manifest.contract));
    if (contract) datasets.set(newest.dataset, storedDataset(contract, newest.dataset));
  }
  return { sources: sourcesOf(current, datasets), datasets };
}

/** The batch written last of every dataset, from a listing alone. */
async function newestBatches(store: ObjectStore): Promise<readonly ListedBatch[]> {
  const newest = new Map<string, ListedBatch>();
  for await (const batch of listBatches(store)) {
    if (batch.lane !== 'rows') continue;
    const best = newest.get(batch.dataset);
    if (!best || batch.modifiedMs >= best.modifiedMs) newest.set(batch.dataset, batch);
  }
  return [...newest.values()];
}

function sourcesOf(current: Catalog, datasets: ReadonlyMap<string, Dataset>): readonly Source[] {
  return current.sources.map((source) => ({
    ...source,
    datasets: source.datasets.flatMap(({ name }) => datasets.get(name) ?? []),
  }));
}
