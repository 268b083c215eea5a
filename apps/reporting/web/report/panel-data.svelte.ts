import { Resource } from '../api/resource.svelte.js';

/**
 * A panel's own part of the page: fetched when `key` says something else and with each round, on its own, so that one that fails leaves the
 * others alone. Call while a component is set up.
 */
export function panelData<T>(
  path: () => string | undefined,
  round: () => number,
  get: (path: string, signal: AbortSignal) => Promise<T>,
) {
  const resource = new Resource<T>((signal) => get(path() ?? '', signal));
  $effect(() => {
    round();
    const key = path();
    if (key !== undefined) void resource.fetch(key);
  });
  $effect(() => () => resource.stop());
  return resource;
}
