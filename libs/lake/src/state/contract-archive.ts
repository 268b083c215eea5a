import { z } from 'zod';
import type { Dataset } from '@rollcall/catalog';
import type { ObjectStore } from '../store/object-store.js';
import { createDocument, readDocument } from './document.js';

const anyJson = z.record(z.string(), z.json());

function contractKey(version: string): string {
  return `_state/contracts/${version}.json`;
}

/** Stores a version of a dataset's contract, once: batches name the version they were written under. */
export async function putContract(store: ObjectStore, dataset: Dataset): Promise<void> {
  await createDocument(store, contractKey(dataset.version), dataset);
}

/** The dataset entry of a contract version as it was stored; undefined when the lake does not have it. */
export async function getContract(
  store: ObjectStore,
  version: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  return (await readDocument(store, contractKey(version), anyJson))?.value;
}
