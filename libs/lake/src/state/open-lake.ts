import type { ObjectStore } from '../store/object-store.js';
import { openStore } from '../store/open-store.js';
import { checkLakeReadable, proveStore } from './prove-store.js';

/** The settings of a service that say where its lake is, by the names they have in its environment. */
export interface LakeSettings {
  readonly LAKE_URL: string;
  /** An S3 that is not AWS. */
  readonly AWS_ENDPOINT_URL_S3?: string | undefined;
  /** There inside Kubernetes. */
  readonly KUBERNETES_SERVICE_HOST?: string | undefined;
}

/**
 * Opens the lake of a service, and proves first that it will do: for `write` its conditional puts, for `read` that it answers.
 * Codes `config/invalid`, and those of `proveStore` and `checkLakeReadable`.
 */
export async function openLake(settings: LakeSettings, use: 'write' | 'read' = 'write'): Promise<ObjectStore> {
  const endpoint = settings.AWS_ENDPOINT_URL_S3;
  const store = await openStore({
    url: settings.LAKE_URL,
    kubernetes: settings.KUBERNETES_SERVICE_HOST !== undefined,
    ...(endpoint !== undefined && { s3: { endpoint } }),
  });
  await (use === 'write' ? proveStore(store) : checkLakeReadable(store));
  return store;
}
