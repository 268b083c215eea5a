import { rm } from 'node:fs/promises';
import { removePostgres } from '@rollcall/embedded';
import type { HomeLayout } from './home-layout.js';

/** Removes what earlier runs made in the state folder. The lock must be held and nothing of it may run. */
export async function removeWhatUpMade(layout: HomeLayout): Promise<void> {
  // The state goes last: until then a removal that was cut short can be seen and repeated.
  await removePostgres(layout.source);
  await removePostgres(layout.warehouse);
  const { nats, lake, drops, logs, warehouseUrl, biReaderUrl, state } = layout;
  for (const path of [nats, lake, drops, logs, warehouseUrl, biReaderUrl, state]) {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}
