import type { z } from 'zod';
import type { FileShape } from './check-shape.js';
import { nearest } from './nearest.js';
import type { KnownKeys } from './schema-keys.js';
import { leafIssues, valueAt } from './shape-faults.js';
import type { Path } from './yaml-places.js';

/**
 * The data with what broke the shape taken out, and a misspelt word read as the one it resembles: so that the other rules can still be
 * checked and all faults are told at once. Never used as what the file says.
 */
export function mendedData(
  data: unknown,
  issues: readonly z.core.$ZodIssue[],
  { knownKeys, standIns }: Pick<FileShape<unknown>, 'knownKeys' | 'standIns'>,
  onRename: (path: Path, key: string, meant: string) => void,
): unknown {
  const copy: unknown = structuredClone(data);
  // From the end, so that what is taken out of a list does not move what is still to be taken out.
  for (const { issue, path } of issues.flatMap((top) => leafIssues(top)).reverse()) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) renameOrRemove(copy, path, key, knownKeys, onRename);
    } else if (path.length === 1 && String(path[0]) in standIns) {
      // A misspelt key that was read as this one is better than what stands in for it.
      if (valueAt(data, path) !== undefined || valueAt(copy, path) === undefined) {
        put(copy, path, standIns[String(path[0])]);
      }
    } else if (valueAt(data, path) === undefined) {
      // Something is missing in here, and no misspelt key was it: its surroundings go.
      if (valueAt(copy, path) === undefined) put(copy, path.slice(0, -1), undefined);
    } else if (issue.code === 'invalid_value') {
      put(copy, path, nearest(String(valueAt(copy, path)), issue.values.map(String)));
    } else {
      put(copy, path, undefined);
    }
  }
  return copy;
}

function renameOrRemove(
  data: unknown,
  path: Path,
  key: string,
  knownKeys: KnownKeys,
  onRename: (path: Path, key: string, meant: string) => void,
): void {
  const map = mapAt(data, path);
  if (!map) return;
  const meant = nearest(key, knownKeys(path));
  if (meant !== undefined && !(meant in map)) {
    map[meant] = map[key];
    onRename(path, key, meant);
  }
  delete map[key];
}

/** Sets a value, or takes it out. */
function put(data: unknown, path: Path, value: unknown): void {
  const map = mapAt(data, path.slice(0, -1));
  const last = path.at(-1);
  if (!map || last === undefined) return;
  if (value !== undefined) map[last] = value;
  else if (Array.isArray(map)) map.splice(Number(last), 1);
  else {
    delete map[last];
    // An item that held nothing else was that thing.
    const isItem = typeof path.at(-2) === 'number';
    if (isItem && Object.keys(map).length === 0) put(data, path.slice(0, -1), undefined);
  }
}

function mapAt(data: unknown, path: Path): Record<string | number, unknown> | undefined {
  let value = data as Record<string | number, unknown> | null | undefined;
  for (const part of path) value = value?.[part] as typeof value;
  return typeof value === 'object' && value !== null ? value : undefined;
}
