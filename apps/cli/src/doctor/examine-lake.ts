import { proveStore } from '@rollcall/lake';
import { openLake } from '../edges/open-lake.js';
import type { CliSettings } from '../settings/cli-settings.js';
import { examine, type Finding } from './finding.js';

/** Whether the lake can be read, written and listed, does conditional puts, and has a format this release knows. */
export async function examineLake(settings: CliSettings): Promise<readonly Finding[]> {
  const { LAKE_URL, DROPS_URL } = settings;
  if (LAKE_URL === undefined) return [];
  const lake = await examine('lake', 'conditional puts', async () => {
    const store = await openLake(LAKE_URL, settings);
    await proveStore(store);
    return `${store.url} reads, writes, compares and swaps`;
  });
  const drops =
    DROPS_URL === undefined ? [] : [await examine('drops', 'listing', () => listDrops(DROPS_URL, settings))];
  return [lake, ...drops];
}

async function listDrops(url: string, settings: CliSettings): Promise<string> {
  const store = await openLake(url, settings);
  let seen = 0;
  for await (const _ of store.list('')) {
    seen += 1;
    if (seen >= 1000) break;
  }
  return `${store.url} can be listed (${seen >= 1000 ? 'a thousand objects or more' : `${seen} objects`})`;
}
